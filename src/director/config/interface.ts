// `interface NAME { }`: addresses and routes that the director sets itself, on VLANs that it makes. Ours, not keepalived's.

import { contains, familyOf, type Prefixed } from '../address.ts';
import { shorten } from './characters.ts';
import type { InterfaceConfig, RouteConfig } from './config.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { address, interfaceName, network, prefixed } from './types.ts';
import { readVlan } from './vlan.ts';
import { block, type Keyword, type Located, value } from './vocabulary.ts';

const route: Keyword<Located<RouteConfig>, 'all'> = {
  usage: 'default via GATEWAY | ADDRESS/PREFIX [via GATEWAY]',
  help: 'A route out of this interface.',
  example: 'route default via 192.0.2.254',
  repeat: 'all',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    const value = readRoute(statement, reading);
    return value === undefined ? undefined : { value, statement };
  },
};

function readRoute(statement: Statement, reading: Reading): RouteConfig | undefined {
  const [, destination, via] = statement.words;
  const isDefault = destination === 'default';
  const to = isDefault ? null : reading.argument(statement, 1, network);
  if (to === undefined) return undefined;
  if (via === undefined) {
    reading.endsAfter(statement, 2);
    if (to !== null) return { destination: to, gateway: null };
    reading.error(statement, 2, 'the default route needs a gateway', route.example);
    return undefined;
  }
  if (via !== 'via') {
    reading.error(statement, 2, `"${shorten(via)}" is not via`, `a route is: ${route.usage}`);
    return undefined;
  }
  const gateway = reading.argument(statement, 3, address);
  if (gateway === undefined) return undefined;
  reading.endsAfter(statement, 4);
  if (to === null)
    return { destination: { address: familyOf(gateway) === 4 ? '0.0.0.0' : '::', prefix: 0 }, gateway };
  if (familyOf(to.address) === familyOf(gateway)) return { destination: to, gateway };
  reading.error(
    statement,
    3,
    'the gateway is of another family than the destination',
    'use IPv4 with IPv4, IPv6 with IPv6',
  );
  return undefined;
}

const keywords = {
  address: value(
    prefixed,
    {
      help: 'An address of this interface; may stand several times.',
      example: 'address 192.0.2.1/24',
    },
    'all',
  ),
  route,
};

export const interfaceBlock = block({
  usage: 'NAME { ... }',
  help: 'Addresses and routes of a network interface, set at the start and kept; eth0.5 is made as VLAN 5 of eth0.',
  example: 'interface eth0 { ... }',
  keywords: () => keywords,
  header(statement, reading): Omit<InterfaceConfig, 'addresses' | 'routes'> | undefined {
    if (statement.words.length > 2) reading.extraWords(statement, 2);
    const name = reading.argument(statement, 1, interfaceName);
    if (name === undefined) return undefined;
    const vlan = readVlan(name, statement, reading);
    if (vlan === undefined) return undefined;
    return vlan ? { name, vlan } : { name };
  },
  finish(header, values, statement, reading): Located<InterfaceConfig> {
    const addresses = values.address ?? [];
    const routes = values.route ?? [];
    for (const each of routes) checkGateway(each, addresses, routes, reading);
    return { value: { ...header, addresses, routes: routes.map(each => each.value) }, statement };
  },
});

/** The kernel refuses a gateway that it cannot reach directly (ENETUNREACH). */
function checkGateway(
  { value: { gateway }, statement }: Located<RouteConfig>,
  addresses: readonly Prefixed[],
  routes: readonly Located<RouteConfig>[],
  reading: Reading,
): void {
  if (gateway === null || gateway.startsWith('fe80:')) return;
  const direct = routes.filter(each => each.value.gateway === null).map(each => each.value.destination);
  if ([...addresses, ...direct].some(each => contains(each, gateway))) return;
  const networks = addresses.map(each => `${each.address}/${each.prefix}`).join(', ');
  const advice = networks === '' ? 'give the interface an address first' : `its addresses are ${networks}`;
  reading.error(
    statement,
    statement.words.length - 1,
    `gateway ${gateway} is on no network of this interface`,
    advice,
  );
}
