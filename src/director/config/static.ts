// `static_ipaddress { }`, `static_routes { }` and their kin: what keepalived sets on the machine itself, as `interface` blocks do here.
import { refused, withoutEffect } from './answers.ts';
import type { InterfaceConfig, RouteConfig } from './config.ts';
import type { Globals } from './global.ts';
import type { Reading } from './reading.ts';
import { type RouteLine, routeLines } from './route-lines.ts';
import { staticAddresses } from './virtual-address.ts';
import type { Located, Values } from './vocabulary.ts';

export const staticBlocks = {
  static_ipaddress: staticAddresses,
  static_routes: routeLines({
    help: 'Routes that this director always has, as those of interface blocks; those with a destination, a gateway and an interface.',
    example: 'static_routes { 198.51.100.0/24 via 192.0.2.254 dev eth0 }',
  }),
  static_rules: refused(
    'static_rules { from 198.51.100.0/24 table 100 }',
    'write the rules into virtual_rules of an instance: they hold while it is master',
  ),
  track_group: withoutEffect(
    'track_group GROUP { group { VI_1 } }',
    'a static address or route that goes missing is set again',
  ),
};

/** keepalived's DFLT_INT. */
const DEFAULT_INTERFACE = 'eth0';

/** The interfaces that the blocks describe, one entry for each. */
export function finishStatic(
  values: Values<typeof staticBlocks>,
  globals: Globals,
  reading: Reading,
): InterfaceConfig[] {
  const fallback = globals.default_interface ?? DEFAULT_INTERFACE;
  const addresses = (values.static_ipaddress ?? []).flat().map(({ value: { address, prefix, ...line } }) => ({
    name: line.interface ?? fallback,
    address: { address, prefix },
  }));
  const routes = (values.static_routes ?? []).flat().flatMap(line => simpleRoute(line, fallback, reading));
  const names = new Set([...addresses, ...routes].map(({ name }) => name));
  return [...names].map(name => ({
    name,
    addresses: addresses.filter(each => each.name === name).map(each => each.address),
    routes: routes.filter(each => each.name === name).map(each => each.route),
  }));
}

function simpleRoute(
  { value, statement }: Located<RouteLine>,
  fallback: string,
  reading: Reading,
): { readonly name: string; readonly route: RouteConfig }[] {
  const { kind, destination, hops, source, table, metric, scope, mtu } = value;
  const [hop] = hops;
  const isPlain = kind === 'unicast' && hops.length === 1 && source === null && table === 254;
  if (hop !== undefined && isPlain && metric === 0 && scope === null && mtu === null) {
    return [{ name: hop.interface ?? fallback, route: { destination, gateway: hop.gateway } }];
  }
  const advice = 'write it into virtual_routes of an instance: it holds while that is master';
  const message = 'a static route has a destination, a gateway (via) and an interface (dev) only';
  reading.error(statement, 0, message, advice);
  return [];
}
