// Runs on the board's binary, in a network namespace of its own: drives the kernel by the director's netlink and tells in JSON lines.
import '../../../src/platform/globals.ts';
import { compareFilter } from '../../../src/director/filter/compare.ts';
import { describe } from '../../../src/director/ipvs/describe.ts';
import { KernelTable } from '../../../src/director/ipvs/kernel.ts';
import { plan } from '../../../src/director/ipvs/plan.ts';
import type { IpvsTable } from '../../../src/director/ipvs/table.ts';
import { compareNetwork } from '../../../src/director/network/compare.ts';
import { purgeVirtual } from '../../../src/director/network/purge.ts';
import {
  decodeAddress,
  decodeAddressRemoval,
  deleteAddress,
  getAddresses,
  IFA_F_NODAD,
  IPV4_ADDRESS_GROUP,
  IPV6_ADDRESS_GROUP,
  newAddress,
  ownAddressFilter,
} from '../../../src/netlink/address.ts';
import { NetlinkConnection } from '../../../src/netlink/connection.ts';
import { newMacvlan } from '../../../src/netlink/link.ts';
import { LinkMonitor } from '../../../src/netlink/link-monitor.ts';
import { newRoute, RT_TABLE_MAIN } from '../../../src/netlink/route.ts';
import { newRule } from '../../../src/netlink/rule.ts';
import { NETLINK_ROUTE } from '../../../src/platform/linux.ts';
import { createPlatform } from '../../../src/platform/quickjs.ts';
import { randomTable } from '../../ipvs/tables.ts';
import { hex } from '../../netlink/hex.ts';
import { generator } from '../../netlink/random.ts';

const platform = createPlatform();
const [command = '', argument = 'null'] = platform.processes.args;

function tell(value: unknown): void {
  platform.print(`${JSON.stringify(value)}\n`);
}

/** What would change, then, after it was changed, what would still. */
async function bring(compare: () => ReturnType<typeof compareFilter>): Promise<void> {
  const before = await compare();
  tell(before.changes);
  const failure = await before.apply().then(
    () => null,
    (error: Error) => error.message,
  );
  tell((await compare()).changes);
  tell(failure);
}

async function addresses(): Promise<void> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
  for (const each of await connection.query(getAddresses(), decodeAddress)) {
    tell({ ...each, address: hex(each.address), broadcast: each.broadcast && hex(each.broadcast) });
  }
  connection.close();
}

/** Sets virtual addresses that do not expire. */
async function hold(index: number): Promise<void> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
  const vip = { interface: index, protocol: 18 };
  const six = Uint8Array.of(0x20, 1, 0x0d, 0xb8, ...new Array(11).fill(0), 0x80);
  await connection.request(newAddress({ ...vip, address: Uint8Array.of(10, 0, 0, 80), prefix: 24 }, false));
  await connection.request(newAddress({ ...vip, address: six, prefix: 64, flags: IFA_F_NODAD }, false));
  connection.close();
}

/** Sets a virtual address, renews it, and waits until the kernel takes it off. */
async function lease(index: number): Promise<void> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE, {
    groups: IPV4_ADDRESS_GROUP,
    onNotification(message) {
      const set = decodeAddress(message);
      if (set)
        tell({ set: hex(set.address), protocol: set.protocol, valid: set.validLifetime, label: set.label });
      const gone = decodeAddressRemoval(message);
      if (gone === null) return;
      tell({ gone: hex(gone.address) });
      connection.close();
    },
  });
  const address = Uint8Array.of(10, 0, 0, 80);
  const vip = { interface: index, address, prefix: 32, protocol: 18, validLifetime: 1, label: 'va:vip' };
  await connection.request(newAddress(vip, true));
  await connection.request(newAddress(vip, true));
  const again = await connection.request(newAddress(vip, false)).catch((error: Error) => error.message);
  tell({ again });
}

/** Sets and renews a virtual address, then one of somebody else, and tells what is heard with the filter of our own. */
async function filtered(index: number): Promise<void> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE, {
    groups: IPV4_ADDRESS_GROUP | IPV6_ADDRESS_GROUP,
    filter: ownAddressFilter(18),
    onNotification(message) {
      const set = decodeAddress(message);
      if (set) tell({ set: hex(set.address), protocol: set.protocol });
      const gone = decodeAddressRemoval(message);
      if (gone) tell({ gone: hex(gone.address) });
    },
  });
  for (const [last, protocol] of [
    [80, 18],
    [81, 0],
    [82, 19],
  ] as const) {
    const address = { interface: index, address: Uint8Array.of(10, 0, 0, last), prefix: 32, protocol };
    await connection.request(newAddress(address, true));
    await connection.request(newAddress(address, true));
  }
  const addresses = await connection.query(getAddresses(), decodeAddress);
  tell({ read: addresses.filter(each => each.protocol === 18).length });
  for (const last of [80, 81]) {
    const address = Uint8Array.of(10, 0, 0, last);
    await connection.request(deleteAddress({ interface: index, address, prefix: 32 }));
  }
  connection.close();
}

/** Sets a rule, routes of several kinds and an interface, as instances do. */
async function hold219(index: number): Promise<void> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const route = {
    prefix: 16,
    gateway: null,
    interface: 0,
    protocol: 219,
    metric: 0,
    table: RT_TABLE_MAIN,
  };
  const hops = [
    { gateway: bytes(10, 0, 0, 2), interface: 0, weight: 3 },
    { gateway: bytes(10, 0, 0, 3), interface: index, weight: 1 },
  ];
  const six = (last: number) => bytes(0x20, 1, 0x0d, 0xb8, 0, last, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const requests = [
    newRoute({ ...route, destination: bytes(10, 7, 0, 0), kind: 'blackhole' }, true),
    newRoute({ ...route, destination: bytes(10, 8, 0, 0), gateway: bytes(10, 0, 0, 2), mtu: 1400 }, true),
    newRoute({ ...route, destination: bytes(10, 9, 0, 0), hops, metric: 5, table: 1000 }, true),
    newRoute({ ...route, destination: six(7), prefix: 48, interface: index }, true),
    newRoute({ ...route, destination: six(8), prefix: 48, kind: 'unreachable' }, true),
    newRule({
      family: 4,
      from: { address: bytes(10, 0, 0, 80), prefix: 32 },
      to: null,
      inInterface: 'va',
      outInterface: null,
      mark: { value: 7, mask: 255 },
      priority: 1000,
      action: 'table',
      table: 1000,
      protocol: 219,
    }),
    newRule({
      family: 6,
      from: null,
      to: { address: six(9), prefix: 48 },
      inInterface: null,
      outInterface: 'va',
      mark: null,
      priority: 1001,
      action: 'prohibit',
      table: 0,
      protocol: 219,
    }),
    newMacvlan({ name: 'vrrp.51', lower: index, hardware: bytes(0, 0, 0x5e, 0, 1, 51), group: 18 }),
  ];
  for (const error of await connection.series(requests)) if (error) tell(error.message);
  connection.close();
}

function monitor(): void {
  const links = new LinkMonitor(platform, {
    changed(link, before) {
      if (!link.name.startsWith('v')) return;
      tell({ [before ? 'changed' : 'new']: link.name, up: link.up, running: link.running, mtu: link.mtu });
    },
    removed(link) {
      tell({ removed: link.name });
      links.close();
    },
    ready: () => tell({ ready: links.byName('va')?.index }),
  });
}

async function ipvs(seed: number): Promise<void> {
  const kernel = await KernelTable.open(platform);
  const random = generator(seed);
  let wanted: IpvsTable = new Map();
  for (let round = 0; round < 40; round += 1) {
    wanted = randomTable(random);
    const refusals = await kernel.apply(plan(wanted, await kernel.read()));
    for (const { change, error } of refusals) tell({ refused: describe(change), error: error.message });
    for (const change of plan(wanted, await kernel.read())) tell({ left: describe(change), round });
  }
  tell({ services: wanted.size });
  kernel.close();
}

switch (command) {
  case 'network':
    await bring(() => compareNetwork(platform, JSON.parse(argument)));
    break;
  case 'filter':
    await bring(() => compareFilter(platform, JSON.parse(argument)));
    break;
  case 'addresses':
    await addresses();
    break;
  case 'hold':
    await hold(JSON.parse(argument));
    break;
  case 'filtered':
    await filtered(JSON.parse(argument));
    break;
  case 'hold219':
    await hold219(JSON.parse(argument));
    break;
  case 'lease':
    await lease(JSON.parse(argument));
    break;
  case 'monitor':
    monitor();
    break;
  case 'purge':
    tell(await purgeVirtual(platform));
    break;
  case 'ipvs':
    await ipvs(JSON.parse(argument)).catch((error: Error) => tell({ failed: error.message }));
    break;
}
