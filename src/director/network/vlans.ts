// Which VLAN interfaces are to be made, which of ours are to go, and which names cannot be had. One that is there already, whoever
// made it, is used if it is the VLAN that is asked for; what somebody else made is never removed.
import { CONFIGURED_LINK } from './marks.ts';
import type { ActualLink, ActualNetwork, NetworkVlan } from './state.ts';

export interface VlanPlan {
  /** Ours that hold a name or an id that is wanted otherwise: they go before anything else, and all that is on them with them. */
  readonly inTheWay: readonly ActualLink[];
  /** Ours that nobody asks for any more. */
  readonly unwanted: readonly ActualLink[];
  readonly missing: readonly NetworkVlan[];
  /** Why a VLAN cannot be had, by the name of its interface. */
  readonly refusals: ReadonlyMap<string, string>;
}

export function planVlans(wanted: readonly NetworkVlan[], links: readonly ActualLink[]): VlanPlan {
  const missing: NetworkVlan[] = [];
  const refusals = new Map<string, string>();
  const kept = new Set<ActualLink>();
  const inTheWay = new Set<ActualLink>();
  for (const vlan of wanted) {
    const base = links.find(({ name }) => name === vlan.base);
    const rivals = links.filter(link => link.name === vlan.name || (base && carries(link, base, vlan)));
    const [fit] = rivals.filter(link => link.name === vlan.name && base && carries(link, base, vlan));
    const foreign = rivals.find(link => !isOurs(link));
    if (fit) kept.add(fit);
    else if (foreign) refusals.set(vlan.name, refusal(vlan, foreign));
    else {
      for (const link of rivals) inTheWay.add(link);
      if (base) missing.push(vlan);
    }
  }
  return {
    inTheWay: [...inTheWay],
    unwanted: links.filter(link => isOurs(link) && !kept.has(link) && !inTheWay.has(link)),
    missing,
    refusals,
  };
}

/** The network once these interfaces are gone. */
export function without(network: ActualNetwork, links: readonly ActualLink[]): ActualNetwork {
  const gone = new Set(links.map(({ name }) => name));
  return {
    links: network.links.filter(({ name }) => !gone.has(name)),
    addresses: network.addresses.filter(address => !gone.has(address.interface)),
    routes: network.routes.filter(route => !gone.has(route.interface)),
  };
}

/** True of a VLAN interface that the director has made. */
export function isOurs({ vlan, group }: ActualLink): boolean {
  return vlan !== null && group === CONFIGURED_LINK;
}

function carries(link: ActualLink, base: ActualLink, { id }: NetworkVlan): boolean {
  return link.vlan === id && link.lower === base.index;
}

function refusal({ name, base, id }: NetworkVlan, foreign: ActualLink): string {
  return foreign.name === name
    ? `${name} is there already and is not VLAN ${id} of ${base}: rename or remove it`
    : `VLAN ${id} of ${base} is there already as ${foreign.name}: rename or remove it`;
}
