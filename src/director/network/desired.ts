// What the `interface` blocks of the configuration ask of the network.
import { familyOf, networkOf } from '../address.ts';
import type { InterfaceConfig, RouteConfig } from '../config/config.ts';
import {
  type DesiredNetwork,
  type NetworkAddress,
  type NetworkRoute,
  sameAddress,
  sameDestination,
} from './state.ts';

/** What the kernel takes for a route without a metric: ip6_route.c (IP6_RT_PRIO_USER) has one of its own. */
const METRIC = { 4: 0, 6: 1024 };

/** Of two routes to one destination, or an address given twice, the first counts. */
export function desiredNetwork(interfaces: readonly InterfaceConfig[]): DesiredNetwork {
  const addresses: NetworkAddress[] = [];
  const routes: NetworkRoute[] = [];
  for (const { name, ...block } of interfaces) {
    for (const { address, prefix } of block.addresses) {
      const wanted = { interface: name, address, prefix };
      if (!addresses.some(known => sameAddress(known, wanted))) addresses.push(wanted);
    }
    for (const route of block.routes) {
      const wanted = desiredRoute(name, route);
      if (!routes.some(known => sameDestination(known, wanted))) routes.push(wanted);
    }
  }
  const links = interfaces.flatMap(({ name, vlan }) => (vlan ? [vlan.base, name] : [name]));
  const vlans = interfaces.flatMap(({ name, vlan }) => (vlan ? [{ name, ...vlan }] : []));
  return { links: [...new Set(links)], vlans, addresses, routes };
}

function desiredRoute(name: string, { destination, gateway }: RouteConfig): NetworkRoute {
  const { address, prefix } = networkOf(destination);
  return { destination: address, prefix, gateway, interface: name, metric: METRIC[familyOf(address)] };
}
