// Rules between instances and interfaces.
import { contains, familyOf } from '../address.ts';
import type { InterfaceConfig, VrrpInstanceConfig } from './config.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
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
    for (const { address } of value.virtualAddresses) {
      const holder = holders.get(address);
      if (holder !== undefined) {
        const message = `${address} is also a virtual address of ${holder}`;
        reading.warning(statement, 0, message, 'delete one: each may be elsewhere');
      }
      holders.set(address, value.name);
      if (interfaces.length > 0) checkReach(address, statement, interfaces, reading);
    }
  }
}

/** Advertisements of two groups with one number on one network cannot be told apart. */
function checkRouterId(
  value: VrrpInstanceConfig,
  statement: Statement,
  routers: Map<string, string>,
  reading: Reading,
): void {
  const first = value.virtualAddresses[0];
  const family = first === undefined ? 4 : familyOf(first.address);
  const router = `${value.interface} ${family} ${value.virtualRouterId}`;
  const other = routers.get(router);
  if (other !== undefined && other !== value.name) {
    const message = `${value.name} and ${other} both use virtual_router_id ${value.virtualRouterId} on ${value.interface}`;
    reading.error(statement, 0, message, 'give each its own');
  }
  routers.set(router, value.name);
}

function checkReach(
  address: string,
  statement: Statement,
  interfaces: readonly Located<InterfaceConfig>[],
  reading: Reading,
): void {
  const networks = interfaces.flatMap(each => each.value.addresses);
  if (networks.some(network => contains(network, address))) return;
  const advice = 'hosts there cannot reach it: is it or the address of the interface mistyped?';
  reading.warning(statement, 0, `virtual address ${address} is on no interface's network`, advice);
}
