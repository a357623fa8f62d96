// The virtual routes and rules this node has while its instances are master.
import type { NetlinkError } from '../../netlink/errors.ts';
import { deleteRoute, newRoute, type Route } from '../../netlink/route.ts';
import { deleteRule, newRule, type Rule } from '../../netlink/rule.ts';
import { parseAddress } from '../address.ts';
import type { AddressConfig } from '../config/config.ts';
import type { VirtualRouteConfig, VirtualRuleConfig } from '../config/vrrp-config.ts';
import { VIRTUAL_ROUTE } from '../network/marks.ts';
import type { Interfaces } from './interfaces.ts';
import type { Requests } from './requests.ts';

/** Whoever has routes: an instance. */
export interface RouteOwner {
  trouble(text: string): void;
}

interface Entry {
  /** In words. */
  readonly what: string;
  readonly addition: Uint8Array;
  readonly removal: Uint8Array;
  /** The kernel has it, or had it before us. */
  isThere: boolean;
}

/** What the kernel says of something that is gone already, with its interface or its address. */
const GONE = ['ESRCH', 'ENOENT', 'ENODEV', 'EADDRNOTAVAIL'];

export class VirtualRoutes {
  readonly #interfaces: Interfaces;
  readonly #requests: Requests;
  readonly #held = new Map<RouteOwner, Map<string, Entry>>();

  /** `requests`: those of the addresses, which routes may have as their source. */
  constructor(interfaces: Interfaces, requests: Requests) {
    this.#interfaces = interfaces;
    this.#requests = requests;
  }

  /**
   * Makes these all that `owner` has. To be called again when interfaces have changed: the kernel takes routes away with theirs,
   * and then they are set again.
   */
  hold(owner: RouteOwner, routes: readonly VirtualRouteConfig[], rules: readonly VirtualRuleConfig[]): void {
    const before = this.#held.get(owner) ?? new Map<string, Entry>();
    const wanted = [...routes.flatMap(each => this.#routeEntry(owner, each)), ...rules.map(ruleEntry)];
    const after = new Map<string, Entry>();
    for (const entry of wanted) {
      const key = entry.addition.join();
      after.set(key, before.get(key) ?? entry);
    }
    this.#held.set(owner, after);
    this.#remove(
      owner,
      [...before].filter(([key]) => !after.has(key)).map(([, entry]) => entry),
    );
    const entries = [...after.values()];
    if (entries.length === 0) return;
    this.#requests.send(
      entries.map(({ addition }) => addition),
      results =>
        entries.forEach((entry, position) => {
          take(owner, entry, results[position] ?? null);
        }),
    );
  }

  leave(owner: RouteOwner): void {
    const entries = [...(this.#held.get(owner)?.values() ?? [])];
    this.#held.delete(owner);
    this.#remove(owner, entries.reverse());
  }

  #remove(owner: RouteOwner, entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    // With the mark: what others have set stays.
    this.#requests.send(
      entries.map(({ removal }) => removal),
      results =>
        entries.forEach(({ what }, position) => {
          const error = results[position];
          if (!error || GONE.includes(error.code)) return;
          owner.trouble(`cannot remove ${what}: ${error.message}`);
        }),
    );
  }

  #routeEntry(owner: RouteOwner, config: VirtualRouteConfig): Entry[] {
    const hops = config.hops.map(({ gateway, interface: name, weight }) => ({
      gateway: gateway === null ? null : parseAddress(gateway),
      interface: name === null ? 0 : (this.#interfaces.link(name)?.index ?? null),
      weight,
    }));
    const what = `the route to ${config.destination.address}/${config.destination.prefix}`;
    const known = hops.flatMap(hop => (hop.interface === null ? [] : [{ ...hop, interface: hop.interface }]));
    if (known.length < hops.length) owner.trouble(`${what} lacks an interface`);
    if (known.length === 0 && hops.length > 0) return [];
    const route = routeOf(config, known);
    return [
      { what, addition: newRoute(route, false).slice(), removal: deleteRoute(route).slice(), isThere: false },
    ];
  }
}

type Hop = NonNullable<Route['hops']>[number];

function routeOf(config: VirtualRouteConfig, hops: readonly Hop[]): Route {
  const [first] = hops;
  const { source, scope, mtu } = config;
  return {
    ...selectorOf(config.destination),
    kind: config.kind,
    gateway: hops.length === 1 ? first!.gateway : null,
    interface: hops.length === 1 ? first!.interface : 0,
    ...(hops.length > 1 && { hops }),
    protocol: VIRTUAL_ROUTE,
    metric: config.metric,
    table: config.table,
    ...(source !== null && { source: parseAddress(source)! }),
    ...(scope !== null && { scope }),
    ...(mtu !== null && { mtu }),
  };
}

function ruleEntry(config: VirtualRuleConfig): Entry {
  const { family, from, to, inInterface, outInterface, mark, priority, action } = config;
  const rule: Rule = {
    family,
    from: from && selectorOfRule(from),
    to: to && selectorOfRule(to),
    inInterface,
    outInterface,
    mark,
    priority,
    action: action.kind,
    table: action.kind === 'table' ? action.table : 0,
    protocol: VIRTUAL_ROUTE,
  };
  const what = `the rule ${priority === null ? '' : `${priority} `}from ${textOf(from)} to ${textOf(to)}`;
  return { what, addition: newRule(rule).slice(), removal: deleteRule(rule).slice(), isThere: false };
}

function take(owner: RouteOwner, entry: Entry, error: NetlinkError | null): void {
  if (error !== null && error.code !== 'EEXIST') {
    owner.trouble(`cannot set ${entry.what}: ${error.message}`);
    return;
  }
  if (error !== null && !entry.isThere) owner.trouble(`${entry.what} was there before: left as it is`);
  entry.isThere = true;
}

function selectorOf({ address, prefix }: AddressConfig) {
  return { destination: parseAddress(address)!, prefix };
}

function selectorOfRule({ address, prefix }: AddressConfig) {
  return { address: parseAddress(address)!, prefix };
}

function textOf(selector: AddressConfig | null): string {
  return selector === null ? 'all' : `${selector.address}/${selector.prefix}`;
}
