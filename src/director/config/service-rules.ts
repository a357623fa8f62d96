// Rules between virtual servers, and between them and marks.
import { familyOf } from '../address.ts';
import type { MarkConfig, ServiceKey, VirtualServerConfig } from './config.ts';
import { placeOf, type Reading } from './reading.ts';
import type { ServiceGroup } from './service-group.ts';
import type { Located } from './vocabulary.ts';

/** keepalived lets the same virtual server pass twice, also by groups; the second one would then never answer. */
export function checkServices(services: readonly Located<VirtualServerConfig>[], reading: Reading): void {
  const seen = new Map<string, VirtualServerConfig>();
  for (const { value, statement } of services) {
    for (const key of keysOf(value)) {
      const name = nameOf(key);
      const first = seen.get(name);
      if (first !== undefined) {
        const where = describe(first, value);
        const advice =
          where === null ? 'move its real servers to the first one' : 'delete it in one of the two';
        reading.error(statement, 0, `virtual server ${name} is ${where ?? 'here a second time'}`, advice);
        break;
      }
      seen.set(name, value);
    }
  }
}

/** Where a service is already, when a group is part of it. */
function describe(first: VirtualServerConfig, second: VirtualServerConfig): string | null {
  if (first.group === undefined && second.group === undefined) return null;
  if (first === second) return `in group ${first.group?.name} a second time`;
  if (first.group !== undefined) return `in group ${first.group.name} as well`;
  return `in group ${second.group?.name}, and has a block of its own`;
}

export function keysOf({ key, group }: VirtualServerConfig): readonly ServiceKey[] {
  return group?.keys ?? [key];
}

function nameOf(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark ${key.mark} for IPv${key.family}`;
  return `${key.address} ${key.port} ${key.protocol}`;
}

/** Names are unique, and each group has a virtual server; `used` are the names that virtual servers take, also wrong ones. */
export function checkGroups(
  groups: readonly Located<ServiceGroup>[],
  services: readonly Located<VirtualServerConfig>[],
  used: ReadonlySet<string | undefined>,
  reading: Reading,
): void {
  if (reading.shared.globals.nftables_ipvs) checkPersistentGroups(services, reading);
  const names = new Set<string>();
  for (const { value, statement } of groups) {
    if (names.has(value.name)) {
      const message = `virtual_server_group ${value.name} is here a second time`;
      reading.error(statement, 1, message, 'give it a name of its own, or make one block of both');
    } else if (!used.has(value.name)) {
      const advice = `add virtual_server group ${value.name} { ... }, or delete it`;
      reading.warning(statement, 1, `no virtual server uses the group ${value.name}`, advice);
    }
    names.add(value.name);
  }
}

/** With one mark for the whole group a client would have the same real server at each of its addresses. */
function checkPersistentGroups(services: readonly Located<VirtualServerConfig>[], reading: Reading): void {
  for (const { value, statement } of services) {
    if (value.group === undefined || value.group.keys.length < 2 || value.persistenceTimeout === null)
      continue;
    const message = 'persistence is for each address of a group, not for all as with nftables_ipvs';
    const advice = 'write mark blocks and virtual_server fwmark MARK, or delete nftables_ipvs';
    reading.error(placeOf(statement, 'persistence_timeout'), 0, message, advice);
  }
}

/** Services of a tunnel to the other family, and the synchronisation of connections: the kernel has one or the other. */
export function checkSynchronised(
  services: readonly Located<VirtualServerConfig>[],
  isSynchronised: boolean,
  reading: Reading,
): void {
  if (!isSynchronised) return;
  for (const { value, statement } of services) {
    const { key, realServers } = value;
    const family = key.kind === 'address' ? familyOf(key.address) : key.family;
    const other = realServers.find(server => familyOf(server.address) !== family);
    if (other === undefined) continue;
    const message = `${other.address} is not IPv${family} as its virtual server: the kernel does not synchronise such connections`;
    reading.error(
      statement,
      0,
      message,
      'delete lvs_sync_daemon, or give the server an address of that family',
    );
  }
}

/** A name is one machine: what is ordered of it would reach another one too. */
export function checkNames(services: readonly Located<VirtualServerConfig>[], reading: Reading): void {
  const owners = new Map<string, string>();
  for (const { value, statement } of services) {
    for (const { name, address } of value.realServers) {
      if (name === undefined) continue;
      const owner = owners.get(name) ?? address;
      owners.set(name, owner);
      if (owner === address) continue;
      const message = `${address} is called ${name}, and so is ${owner}`;
      const place = statement.block?.find(each => each.words[1] === address) ?? statement;
      reading.warning(placeOf(place, 'name', 'snmp_name'), 0, message, 'give each machine a name of its own');
    }
  }
}

/** Each marked service has marked packets, and no packet would get two marks. */
export function checkMarks(
  marks: readonly Located<MarkConfig>[],
  services: readonly Located<VirtualServerConfig>[],
  reading: Reading,
): void {
  const made = new Set(marks.map(({ value }) => `${value.mark} ${familyOf(value.destination)}`));
  for (const { value, statement } of services) {
    for (const key of keysOf(value)) {
      if (key.kind !== 'fwmark' || made.has(`${key.mark} ${key.family}`)) continue;
      const message = `no mark block makes packets of mark ${key.mark} for IPv${key.family}`;
      reading.warning(
        statement,
        0,
        message,
        `add mark ${key.mark} { ... }, unless something else marks them`,
      );
    }
  }
  const byTarget = new Map<string, Located<MarkConfig>[]>();
  for (const located of marks) {
    const target = `${located.value.protocol} ${located.value.destination}`;
    const group = byTarget.get(target);
    if (group === undefined) byTarget.set(target, [located]);
    else group.push(located);
  }
  for (const group of byTarget.values()) checkOverlap(group, reading);
}

/** Marks of one destination, in the order of the text: sorted by port, neighbours show every overlap. */
function checkOverlap(group: readonly Located<MarkConfig>[], reading: Reading): void {
  const ranges = group
    .flatMap((located, order) => located.value.ports.map(({ from, to }) => ({ from, to, located, order })))
    .sort((a, b) => a.from - b.from);
  let widest = ranges[0]!;
  for (const each of ranges) {
    if (each.from <= widest.to && each.located.value.mark !== widest.located.value.mark) {
      const [first, second] = each.order < widest.order ? [each, widest] : [widest, each];
      const { destination } = second.located.value;
      const message = `port ${each.from} of ${destination} also gets mark ${first.located.value.mark}`;
      const advice = 'a packet has one mark: take the port out of one block';
      reading.error(second.located.statement, 0, message, advice);
    }
    if (each.to > widest.to) widest = each;
  }
}
