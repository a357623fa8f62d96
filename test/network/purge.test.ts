import test from 'ava';
import { purgeVirtual } from '../../src/director/network/purge.ts';
import { decodeAddressRemoval, newAddress } from '../../src/netlink/address.ts';
import { newMacvlan } from '../../src/netlink/link.ts';
import type { Message } from '../../src/netlink/reader.ts';
import { newRoute, RT_TABLE_MAIN } from '../../src/netlink/route.ts';
import { newRule } from '../../src/netlink/rule.ts';
import { createFake } from '../../src/platform/fake.ts';
import { AF_INET } from '../../src/platform/linux.ts';
import { bytes, hex } from '../netlink/hex.ts';
import { serve } from '../netlink/kernel.ts';
import { settled } from '../netlink/settled.ts';

const RTM_GETADDR = 22;
const GETS: Record<number, string> = { 18: 'links', 22: 'addresses', 26: 'routes', 34: 'rules' };

/** What a kernel has of each kind; `refusals`: errno by what is asked of it. */
function setUp(
  tables: Partial<Record<string, Uint8Array[]>>,
  refusals: { removal?: number; rules?: number } = {},
) {
  const removed: string[] = [];
  const platform = createFake({
    onSocket: socket =>
      serve(socket, (request: Message) => {
        const kind = GETS[request.type];
        if (kind === undefined) {
          const gone = decodeAddressRemoval(request);
          removed.push(gone ? hex(gone.address) : String(request.type));
          return { errno: refusals.removal ?? 0 };
        }
        if (kind === 'rules' && refusals.rules) return { errno: refusals.rules };
        // The tables are IPv4's.
        const isIpv4 = request.type === RTM_GETADDR || kind === 'links' || request.payload[0] === AF_INET;
        return { data: isIpv4 ? (tables[kind] ?? []) : [] };
      }),
  });
  return { platform, removed };
}

const address = (last: string, protocol: number) =>
  newAddress({ interface: 2, address: bytes(`0a0000${last}`), prefix: 24, protocol }, false);
const addresses = [address('01', 0), address('50', 18), address('02', 19), address('51', 18)];

test('exactly what carries the mark is taken off', async t => {
  const { platform, removed } = setUp({ addresses });
  t.is(await settled(platform, purgeVirtual(platform)), 2);
  t.deepEqual(removed, ['0a000050', '0a000051']);
  t.true(platform.sockets[0]!.closed);
});

test('rules, routes and virtual MACs go behind the addresses, those of others stay', async t => {
  const route = (protocol: number) =>
    newRoute(
      {
        destination: bytes('0a090000'),
        prefix: 16,
        gateway: bytes('0a000001'),
        interface: 2,
        protocol,
        metric: 0,
        table: RT_TABLE_MAIN,
      },
      false,
    );
  const rule = (protocol: number) =>
    newRule({
      family: 4,
      from: null,
      to: null,
      inInterface: null,
      outInterface: null,
      mark: null,
      priority: 1,
      action: 'table',
      table: 7,
      protocol,
    });
  const link = (group: number) =>
    newMacvlan({ name: 'vrrp.51', lower: 2, hardware: bytes('00005e000133'), group });
  const { platform, removed } = setUp({
    addresses,
    routes: [route(4), route(219)],
    rules: [rule(0), rule(219)],
    links: [link(0), link(18)],
  });
  t.is(await settled(platform, purgeVirtual(platform)), 2);
  // RTM_DELRULE, RTM_DELROUTE, RTM_DELLINK
  t.deepEqual(removed.slice(2), ['33', '25', '17']);
});

test('what is gone already is no error, nor is a kernel without rules', async t => {
  const { platform } = setUp({ addresses }, { removal: 99, rules: 97 });
  t.is(await settled(platform, purgeVirtual(platform)), 2);
});

test('an address that cannot be taken off is one', async t => {
  const { platform } = setUp({ addresses }, { removal: 1 });
  await t.throwsAsync(settled(platform, purgeVirtual(platform)), { message: 'EPERM' });
  t.true(platform.sockets[0]!.closed);
});
