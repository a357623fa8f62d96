// Rules between instances and interfaces.
import { contains, familyOf } from '../address.ts';
import type { InterfaceConfig, VrrpInstanceConfig } from './config.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { isLinkLocal } from './virtual-address.ts';
import { vlanOf } from './vlan.ts';
import type { Located } from './vocabulary.ts';
import type { InstanceDraft } from './vrrp-instance.ts';

/** No interface is described twice, no address stands on two. */
export function checkInterfaces(interfaces: readonly Located<InterfaceConfig>[], reading: Reading): void {
  const names = new Set<string>();
  const owners = new Map<string, string>();
  for (const { value, statement } of interfaces) {
    if (names.has(value.name)) {
      reading.error(statement, 1, `interface ${value.name} is here a second time`, 'make one block of both');
    }
    names.add(value.name);
    for (const { address } of value.addresses) {
      const owner = owners.get(address);
      if (owner !== undefined) {
        reading.error(statement, 0, `${address} is also an address of ${owner}`, 'delete one of them');
      }
      owners.set(address, value.name);
    }
  }
}

/** Names and router ids are unique, virtual addresses can be reached. */
export function checkInstances(
  instances: readonly Located<VrrpInstanceConfig>[],
  drafts: readonly InstanceDraft[],
  interfaces: readonly Located<InterfaceConfig>[],
  reading: Reading,
): void {
  const names = new Set<string>();
  for (const { name, statement } of drafts) {
    if (names.has(name)) {
      reading.error(statement, 1, `vrrp_instance ${name} is here a second time`, 'give it a name of its own');
    }
    names.add(name);
  }
  const routers = new Map<string, string>();
  const holders = new Map<string, string>();
  for (const { value, statement } of instances) {
    checkRouterId(value, statement, routers, reading);
    if (interfaces.length > 0) checkOwnAddresses(value, statement, interfaces, reading);
    for (const { address } of [...value.virtualAddresses, ...value.excludedAddresses]) {
      const holder = holders.get(address);
      if (holder !== undefined) {
        const message = `${address} is also a virtual address of ${holder}`;
        reading.warning(statement, 0, message, 'delete one: each may be elsewhere');
      }
      holders.set(address, value.name);
    }
    if (interfaces.length === 0) continue;
    for (const { address } of value.virtualAddresses) checkReach(address, statement, interfaces, reading);
  }
}

/** Advertisements of two groups with one number on one network cannot be told apart. */
function checkRouterId(
  value: VrrpInstanceConfig,
  statement: Statement,
  routers: Map<string, string>,
  reading: Reading,
): void {
  const router = `${value.interface} ${value.family} ${value.virtualRouterId}`;
  const other = routers.get(router);
  if (other !== undefined && other !== value.name) {
    const message = `${value.name} and ${other} both use virtual_router_id ${value.virtualRouterId} on ${value.interface}`;
    reading.error(statement, 0, message, 'give each its own');
  }
  routers.set(router, value.name);
}

/** What an instance and the addresses of the `interface` blocks make of each other. */
function checkOwnAddresses(
  instance: VrrpInstanceConfig,
  statement: Statement,
  interfaces: readonly Located<InterfaceConfig>[],
  reading: Reading,
): void {
  const own = interfaces.find(({ value }) => value.name === instance.interface)?.value.addresses ?? [];
  const unmade = unmadeVlan(instance, interfaces);
  if (unmade !== undefined) {
    const advice = `add interface ${unmade} { ... }, unless something else makes it`;
    reading.warning(
      placeOf(statement, 'interface'),
      0,
      `no interface block makes the VLAN ${unmade}`,
      advice,
    );
  }
  // IPv6 has its link-local address in any case.
  else if (instance.family === 4 && !own.some(({ address }) => familyOf(address) === 4)) {
    const message = `${instance.interface} has no IPv4 address that ${instance.name} could advertise from`;
    const advice = `add an address to interface ${instance.interface} { ... }, unless something else sets it`;
    reading.warning(placeOf(statement, 'interface'), 1, message, advice);
  }
  for (const { value } of interfaces) {
    for (const { address } of value.addresses) {
      if (instance.unicast?.peers.some(peer => peer.address === address)) {
        const place = placeOf(statement, 'unicast_peer');
        reading.error(place, 0, `${address} is this director itself`, 'list the others only');
      }
      if (
        ![...instance.virtualAddresses, ...instance.excludedAddresses].some(each => each.address === address)
      )
        continue;
      const advice = `delete it there: it would come and go with ${instance.name}`;
      reading.warning(statement, 0, `${address} is also an address of interface ${value.name}`, advice);
    }
  }
}

/** The first VLAN that the instance uses and no block makes. */
function unmadeVlan(
  { interface: device, virtualAddresses, excludedAddresses, virtualMac }: VrrpInstanceConfig,
  interfaces: readonly Located<InterfaceConfig>[],
): string | undefined {
  // With a virtual MAC they may be on its interface, which has a name of the same form.
  const addresses = virtualMac === null ? [...virtualAddresses, ...excludedAddresses] : [];
  const used = [device, ...addresses.map(each => each.interface)];
  const made = interfaces.map(({ value }) => value.name);
  return used.find(name => vlanOf(name) !== null && !made.includes(name));
}

function checkReach(
  address: string,
  statement: Statement,
  interfaces: readonly Located<InterfaceConfig>[],
  reading: Reading,
): void {
  if (isLinkLocal(address)) return;
  const networks = interfaces.flatMap(each => each.value.addresses);
  if (networks.some(network => contains(network, address))) return;
  const advice = 'hosts there cannot reach it: is it or the address of the interface mistyped?';
  reading.warning(statement, 0, `virtual address ${address} is on no interface's network`, advice);
}
