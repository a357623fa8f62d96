// The parts of a configuration that each role needs.
import type { Config, ServiceKey, VrrpInstanceConfig } from '../config/config.ts';
import { keysOf } from '../ipvs/table.ts';
import type { CheckerSlice, FilterSlice, Order, VrrpSlice } from '../protocol.ts';

export function vrrpSlice({ vrrp, vrrpInstances }: Config, yielding: boolean): VrrpSlice {
  const { syncGroups, interfaceDelays, linkbeatInterfaces, startupDelay } = vrrp;
  return {
    instances: vrrpInstances,
    syncGroups,
    interfaceDelays,
    linkbeatInterfaces,
    startupDelay,
    yielding,
  };
}

export function checkerSlice(
  { virtualServers, globals }: Config,
  orders: readonly Order[] = [],
): CheckerSlice {
  return { virtualServers, orders, maintenanceDirectory: globals.maintenanceDirectory ?? null };
}

export function filterSlice(config: Config): FilterSlice {
  const closed = config.vrrpInstances.filter(instance => !instance.accept);
  const addresses = closed.flatMap(addressesOf);
  return {
    marks: config.marks,
    masquerades: config.masquerades,
    untracked: untrackedServices(config),
    noAccept: [...new Set(addresses)].map(address => ({ address, services: servicesOn(config, address) })),
  };
}

/** More rules than these would cost a packet more than being tracked. */
const MOST_UNTRACKED = 32;

/**
 * Masquerading turns connection tracking on for all packets, also for those that IPVS balances without it. Nothing is left out when the
 * configuration has IPVS use it.
 */
function untrackedServices({ masquerades, virtualServers, tuning }: Config): ServiceKey[] {
  const isUsed = tuning?.sysctls.some(({ path, value }) => path === 'net/ipv4/vs/conntrack' && value !== '0');
  if (masquerades.length === 0 || isUsed) return [];
  const keys = virtualServers.flatMap(keysOf).filter(({ kind }) => kind === 'address');
  return keys.length > MOST_UNTRACKED ? [] : keys;
}

function addressesOf({ virtualAddresses, excludedAddresses }: VrrpInstanceConfig): string[] {
  return [...virtualAddresses, ...excludedAddresses].map(({ address }) => address);
}

/** Services that IPVS forwards from this address; one by firewall mark may be reached by any address of its family. */
function servicesOn({ virtualServers }: Config, address: string): ServiceKey[] {
  const family = address.includes(':') ? 6 : 4;
  return virtualServers
    .flatMap(keysOf)
    .filter(key => (key.kind === 'address' ? key.address === address : key.family === family));
}
