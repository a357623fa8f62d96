// The routes and rules of an instance, and the interfaces that must be up for them.
import { placeOf, type Reading } from './reading.ts';
import type { RouteLine } from './route-lines.ts';
import type { RuleLine } from './rule-lines.ts';
import type { Statement } from './tree.ts';
import type { AddressLine } from './virtual-address.ts';
import type { Located } from './vocabulary.ts';
import type { TrackConfig, VirtualRouteConfig, VirtualRuleConfig } from './vrrp-config.ts';

export interface InstanceRoutes {
  readonly virtualRoutes: readonly VirtualRouteConfig[];
  readonly virtualRules: readonly VirtualRuleConfig[];
}

interface Said {
  readonly virtual_routes?: readonly (readonly Located<RouteLine>[])[];
  readonly virtual_rules?: readonly (readonly Located<RuleLine>[])[];
  readonly virtual_ipaddress?: readonly (readonly Located<AddressLine>[])[];
  readonly virtual_ipaddress_excluded?: readonly (readonly Located<AddressLine>[])[];
}

/** What the blocks say, without what is listed twice. `statement` is the instance's. */
export function finishRoutes(values: Said, statement: Statement, reading: Reading): InstanceRoutes {
  const routes = (values.virtual_routes ?? []).flat().map(each => each.value);
  const rules = (values.virtual_rules ?? []).flat().map(each => each.value);
  return {
    virtualRoutes: withoutTwins(routes, routeKey, placeOf(statement, 'virtual_routes'), reading),
    virtualRules: withoutTwins(rules, ruleKey, placeOf(statement, 'virtual_rules'), reading),
  };
}

/** The kernel has one route to a destination in each table and metric. */
function routeKey({ destination: { address, prefix }, table, metric }: RouteLine): string {
  return `${address}/${prefix} table ${table} metric ${metric}`;
}

function ruleKey({ action, ...selectors }: RuleLine): string {
  return JSON.stringify(selectors);
}

function withoutTwins<T extends { readonly tracked: boolean }>(
  listed: readonly T[],
  keyOf: (each: T) => string,
  place: Statement,
  reading: Reading,
): Omit<T, 'tracked'>[] {
  const seen = new Set<string>();
  return listed.flatMap(({ tracked, ...each }, i) => {
    const key = keyOf(listed[i]!);
    const isTwin = seen.has(key);
    seen.add(key);
    if (!isTwin) return [each];
    const what = place.words[0] === 'virtual_rules' ? 'a rule' : 'a route';
    reading.warning(
      place.block?.[i] ?? place,
      0,
      `${what} for the same is listed above`,
      'delete one of them',
    );
    return [];
  });
}

/**
 * As keepalived has it, an instance is in FAULT while an interface of its addresses, routes and rules is down, unless `no_track`. A route with
 * several hops goes on with the others.
 */
export function interfacesNeeded(
  values: Said,
  device: string | undefined,
  tracked: readonly TrackConfig[],
): TrackConfig[] {
  const routes = (values.virtual_routes ?? []).flat().map(each => each.value);
  const rules = (values.virtual_rules ?? []).flat().map(each => each.value);
  const listed = [values.virtual_ipaddress, values.virtual_ipaddress_excluded].flatMap(each => each ?? []);
  const addresses = listed.flat().map(each => each.value);
  const names = [
    ...addresses.filter(each => each.tracked).map(each => each.interface),
    ...routes
      .filter(each => each.tracked && each.hops.length === 1)
      .flatMap(({ hops }) => hops.map(hop => hop.interface)),
    ...rules.filter(each => each.tracked).flatMap(each => [each.inInterface, each.outInterface]),
  ];
  return [...new Set(names)].flatMap(name =>
    name === null || name === device || name === 'lo' || tracked.some(each => each.name === name)
      ? []
      : [{ name, weight: null, reverse: false }],
  );
}
