// What must be changed for the network to be as the configuration asks. Touched is only what carries the director's numbers or
// what the configuration names; an entry that is there already, whoever set it, is right.
import { familyOf } from '../address.ts';
import { CONFIGURED_ADDRESS, CONFIGURED_ROUTE } from './marks.ts';
import {
  type ActualLink,
  type ActualNetwork,
  type DesiredNetwork,
  type NetworkAddress,
  type NetworkRoute,
  type NetworkVlan,
  sameAddress,
  sameDestination,
  sameRoute,
} from './state.ts';
import { isOurs, planVlans, type VlanPlan, without } from './vlans.ts';

export type NetworkChange =
  /** Nothing can be done about an interface that is not there. */
  | { readonly kind: 'await link'; readonly name: string }
  /** Nor about one that somebody else has made otherwise. */
  | { readonly kind: 'leave link'; readonly reason: string }
  | { readonly kind: 'set link up'; readonly name: string }
  | { readonly kind: 'add VLAN'; readonly vlan: NetworkVlan }
  | { readonly kind: 'delete VLAN'; readonly name: string }
  | { readonly kind: 'set MTU'; readonly name: string; readonly mtu: number }
  | { readonly kind: 'add address'; readonly address: NetworkAddress }
  | { readonly kind: 'delete address'; readonly address: NetworkAddress }
  | { readonly kind: 'add route'; readonly route: NetworkRoute }
  | { readonly kind: 'replace route'; readonly route: NetworkRoute; readonly before: NetworkRoute }
  | { readonly kind: 'delete route'; readonly route: NetworkRoute };

/** The changes in an order that the kernel takes: interfaces, then addresses, then routes over them; what goes, goes last. */
export function planNetwork(desired: DesiredNetwork, actual: ActualNetwork): NetworkChange[] {
  const vlans = planVlans(desired.vlans, actual.links);
  const rest = without(actual, vlans.inTheWay);
  const used = rest.links.filter(link => !vlans.unwanted.includes(link) && !vlans.refusals.has(link.name));
  const present = new Set([...used, ...vlans.missing].map(({ name }) => name));
  return [
    ...vlans.inTheWay.map(deleteVlan),
    ...planLinks(desired, used, vlans),
    ...planAddresses(desired, rest, present),
    ...planRoutes(desired, rest, present),
    // What is on an interface goes with it.
    ...deletions(desired, without(rest, vlans.unwanted)),
    ...vlans.unwanted.map(deleteVlan),
  ];
}

/** One line for plans and logs. */
export function describeNetworkChange(change: NetworkChange): string {
  switch (change.kind) {
    case 'await link':
      return `wait for interface ${change.name}, which does not exist`;
    case 'leave link':
      return change.reason;
    case 'set link up':
      return `set ${change.name} up`;
    case 'add VLAN':
      return `add ${change.vlan.name}, VLAN ${change.vlan.id} of ${change.vlan.base}`;
    case 'delete VLAN':
      return `delete ${change.name}`;
    case 'set MTU':
      return `set the MTU of ${change.name} to ${change.mtu}`;
    case 'add address':
      return `add ${addressWords(change.address)}`;
    case 'delete address':
      return `delete ${addressWords(change.address)}`;
    case 'add route':
      return `add ${routeWords(change.route)}`;
    case 'replace route':
      return `change ${routeWords(change.before)} to ${wayWords(change.route)}`;
    case 'delete route':
      return `delete ${routeWords(change.route)}`;
  }
}

function planLinks(
  desired: DesiredNetwork,
  links: readonly ActualLink[],
  { missing, refusals }: VlanPlan,
): NetworkChange[] {
  return desired.links.flatMap((name): NetworkChange[] => {
    const reason = refusals.get(name);
    if (reason !== undefined) return [{ kind: 'leave link', reason }];
    const vlan = missing.find(candidate => candidate.name === name);
    if (vlan)
      return [
        { kind: 'add VLAN', vlan },
        { kind: 'set link up', name },
      ];
    const link = links.find(candidate => candidate.name === name);
    if (link !== undefined) return adjustments(link, links);
    // A VLAN waits for its base, of which more is told.
    return desired.vlans.some(each => each.name === name) ? [] : [{ kind: 'await link', name }];
  });
}

/** A VLAN is made with the MTU of its base and follows when that shrinks, but not when it grows. */
function adjustments(link: ActualLink, links: readonly ActualLink[]): NetworkChange[] {
  const { name } = link;
  const base = isOurs(link) ? links.find(({ index }) => index === link.lower) : undefined;
  const changes: NetworkChange[] = [];
  if (base && base.mtu !== link.mtu) changes.push({ kind: 'set MTU', name, mtu: base.mtu });
  if (!link.up) changes.push({ kind: 'set link up', name });
  return changes;
}

function deleteVlan({ name }: ActualLink): NetworkChange {
  return { kind: 'delete VLAN', name };
}

function planAddresses(
  desired: DesiredNetwork,
  actual: ActualNetwork,
  present: ReadonlySet<string>,
): NetworkChange[] {
  const changes: NetworkChange[] = [];
  for (const address of desired.addresses) {
    if (!present.has(address.interface)) continue;
    if (actual.addresses.some(known => sameAddress(known, address))) continue;
    const inTheWay = actual.addresses.find(known => blocks(known, address));
    if (inTheWay) changes.push({ kind: 'delete address', address: inTheWay });
    changes.push({ kind: 'add address', address });
  }
  return changes;
}

function planRoutes(
  desired: DesiredNetwork,
  actual: ActualNetwork,
  present: ReadonlySet<string>,
): NetworkChange[] {
  const changes: NetworkChange[] = [];
  for (const route of desired.routes) {
    if (!present.has(route.interface)) continue;
    const rivals = actual.routes.filter(known => sameDestination(known, route));
    if (rivals.some(known => sameRoute(known, route))) continue;
    const [before] = rivals;
    changes.push(before ? { kind: 'replace route', route, before } : { kind: 'add route', route });
  }
  return changes;
}

function deletions(desired: DesiredNetwork, actual: ActualNetwork): NetworkChange[] {
  // A route of ours to a wanted destination is right or has been replaced.
  const routes = actual.routes.filter(
    known =>
      known.protocol === CONFIGURED_ROUTE && !desired.routes.some(route => sameDestination(route, known)),
  );
  const addresses = actual.addresses.filter(
    known =>
      known.protocol === CONFIGURED_ADDRESS &&
      !desired.addresses.some(address => sameAddress(known, address) || blocks(known, address)),
  );
  return [
    ...routes.map(route => ({ kind: 'delete route', route }) as const),
    ...addresses.map(address => ({ kind: 'delete address', address }) as const),
  ];
}

/** The kernel has an IPv6 address once on an interface, whatever its prefix: the old one goes before the new one comes. */
function blocks(known: NetworkAddress, wanted: NetworkAddress): boolean {
  return (
    known.interface === wanted.interface &&
    known.address === wanted.address &&
    known.prefix !== wanted.prefix &&
    familyOf(wanted.address) === 6
  );
}

function addressWords({ interface: name, address, prefix }: NetworkAddress): string {
  return `${address}/${prefix} on ${name}`;
}

function routeWords(route: NetworkRoute): string {
  return `route ${route.destination}/${route.prefix} ${wayWords(route)}`;
}

function wayWords({ gateway, interface: name }: NetworkRoute): string {
  return gateway === null ? `on ${name}` : `via ${gateway} on ${name}`;
}
