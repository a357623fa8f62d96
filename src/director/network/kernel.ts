// The kernel's interfaces, addresses and routes over netlink: reading them, and carrying out one change.
import { decodeAddress, deleteAddress, getAddresses, newAddress } from '../../netlink/address.ts';
import type { NetlinkConnection } from '../../netlink/connection.ts';
import { NetlinkError } from '../../netlink/errors.ts';
import { decodeLink, deleteLink, getLinks, newVlan, setLinkMtu, setLinkUp } from '../../netlink/link.ts';
import {
  decodeRoute,
  deleteRoute,
  getRoutes,
  newRoute,
  type Route,
  RT_TABLE_MAIN,
} from '../../netlink/route.ts';
import { formatAddress, parseAddress } from '../address.ts';
import { CONFIGURED_ADDRESS, CONFIGURED_LINK, CONFIGURED_ROUTE } from './marks.ts';
import type { NetworkChange } from './plan.ts';
import type { ActualLink, ActualNetwork, NetworkAddress, NetworkRoute } from './state.ts';

/** Rejects with a NetlinkError. */
export function readLinks(connection: NetlinkConnection): Promise<ActualLink[]> {
  return connection.query(getLinks(), decodeLink);
}

/** Rejects with a NetlinkError. */
export async function readNetwork(connection: NetlinkConnection): Promise<ActualNetwork> {
  const links = await readLinks(connection);
  const names = new Map(links.map(({ index, name }) => [index, name]));
  const addresses = await connection.query(getAddresses(), decodeAddress);
  const main = (route: Route | null) => (route?.table === RT_TABLE_MAIN ? route : null);
  const routes = [
    ...(await connection.query(getRoutes(4), message => main(decodeRoute(message)))),
    ...(await connection.query(getRoutes(6), message => main(decodeRoute(message)))),
  ];
  return {
    links,
    addresses: addresses.map(address => ({
      interface: names.get(address.interface) ?? '',
      address: formatAddress(address.address),
      prefix: address.prefix,
      protocol: address.protocol,
    })),
    routes: routes.map(route => ({
      destination: formatAddress(route.destination),
      prefix: route.prefix,
      gateway: route.gateway && formatAddress(route.gateway),
      interface: names.get(route.interface) ?? '',
      metric: route.metric,
      protocol: route.protocol,
    })),
  };
}

/** The request that carries out a change, `indexes` being those of the interfaces by name; null: nothing can be done. */
export function networkRequest(
  change: NetworkChange,
  indexes: ReadonlyMap<string, number>,
): Uint8Array | null {
  const index = (name: string) => {
    const found = indexes.get(name);
    if (found === undefined) throw new NetlinkError('ENODEV', name);
    return found;
  };
  switch (change.kind) {
    case 'await link':
    case 'leave link':
      return null;
    case 'add VLAN': {
      const { name, base, id } = change.vlan;
      return newVlan({ name, lower: index(base), group: CONFIGURED_LINK, id });
    }
    case 'delete VLAN':
      return deleteLink(index(change.name));
    case 'set MTU':
      return setLinkMtu(index(change.name), change.mtu);
    case 'set link up':
      return setLinkUp(index(change.name), true);
    case 'add address':
      return newAddress({ ...addressKey(change.address, index), protocol: CONFIGURED_ADDRESS }, false);
    case 'delete address':
      return deleteAddress(addressKey(change.address, index));
    case 'add route':
      return newRoute(kernelRoute(change.route, index), false);
    case 'replace route':
      return newRoute(kernelRoute(change.route, index), true);
    case 'delete route':
      return deleteRoute(kernelRoute(change.route, index));
  }
}

function addressKey({ interface: name, address, prefix }: NetworkAddress, index: (name: string) => number) {
  return { interface: index(name), address: bytes(address), prefix };
}

function kernelRoute(route: NetworkRoute, index: (name: string) => number): Route {
  return {
    destination: bytes(route.destination),
    prefix: route.prefix,
    gateway: route.gateway === null ? null : bytes(route.gateway),
    interface: index(route.interface),
    protocol: CONFIGURED_ROUTE,
    metric: route.metric,
    table: RT_TABLE_MAIN,
  };
}

function bytes(address: string): Uint8Array {
  const parsed = parseAddress(address);
  if (parsed === null) throw new TypeError(`${address} is no address`);
  return parsed;
}
