// Virtual addresses as the kernel is asked for them: set, renewed, taken off, and set again when somebody else took them off.
import test from 'ava';
import { Interfaces } from '../../src/director/vrrp/interfaces.ts';
import {
  type Holder,
  type VirtualAddress,
  VirtualAddresses,
} from '../../src/director/vrrp/virtual-addresses.ts';
import {
  decodeAddress,
  decodeAddressRemoval,
  type InterfaceAddress,
  newAddress,
} from '../../src/netlink/address.ts';
import type { Message } from '../../src/netlink/reader.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { createFake, type FakeSocket } from '../../src/platform/fake.ts';
import { notify, serve } from '../netlink/kernel.ts';
import { hex, ip } from './bytes.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTM_GETADDR = 22;
const RTM_DELADDR = 21;
const INDEX = 2;

function link(flags: number): Uint8Array {
  return new MessageWriter(RTM_NEWLINK, 0)
    .put32(0)
    .put32(INDEX)
    .put32(flags)
    .put32(0)
    .text(3, 'eth0')
    .finish();
}

/** A machine with one interface, 10.99.0.1/24 and 10.99.0.200/24 set by others. `refuse`: errno by last byte of an address. */
async function setUp(refuse: (address: Uint8Array) => number = () => 0) {
  const asked: string[] = [];
  const told: string[] = [];
  const sockets: FakeSocket[] = [];
  let messages = 0;
  const foreign = ['10.99.0.1', '10.99.0.200'].map(text =>
    newAddress({ interface: INDEX, address: ip(text), prefix: 24, protocol: 0 }, false),
  );
  const platform = createFake({
    onSocket(socket) {
      sockets.push(socket);
      serve(socket, (request: Message) => {
        if (request.type === RTM_GETLINK) return { data: [link(0x41)] };
        if (request.type === RTM_GETADDR) return { data: foreign };
        const set = decodeAddress(request);
        const gone = decodeAddressRemoval(request);
        const address = (set ?? gone)!.address;
        asked.push(`${set ? '+' : '-'}${address.at(-1)}`);
        return { errno: refuse(address) };
      });
      const answer = socket.onSend;
      socket.onSend = sent => {
        messages += 1;
        answer?.(sent);
      };
    },
  });
  /** Lets the loop run, and promises with it. */
  const settle = async (milliseconds = 0) => {
    platform.clock.advance(milliseconds);
    for (let round = 0; round < 5; round++) {
      await new Promise(resolve => setImmediate(resolve));
      platform.clock.settle();
    }
  };
  const interfaces = new Interfaces(platform, {
    ready() {},
    changed() {},
    addressRemoved: address => addresses.removed(address),
  });
  const addresses = new VirtualAddresses(platform, interfaces);
  const holder = (name: string): Holder => ({
    trouble: text => void told.push(`${name}: ${text}`),
    foreign: address => void told.push(`${name}: foreign ${address.at(-1)}`),
    settled: () => void told.push(`${name}: settled`),
    restored: () => void told.push(`${name}: restored`),
  });
  /** The kernel says that an address is gone. */
  const gone = (address: VirtualAddress) => {
    const data = newAddress({ ...address, protocol: 18 }, false).slice();
    new DataView(data.buffer).setUint16(4, RTM_DELADDR, true);
    // The second connection is the one of the addresses.
    notify(sockets[1]!, data);
  };
  await settle();
  return {
    platform,
    addresses,
    interfaces,
    asked,
    told,
    holder,
    settle,
    gone,
    sockets,
    messages: () => messages,
  };
}

function vip(last: number, more: Partial<VirtualAddress> = {}): VirtualAddress {
  return { interface: INDEX, address: ip(`10.99.0.${last}`), prefix: 32, ...more };
}

function many(count: number): VirtualAddress[] {
  return Array.from({ length: count }, (_, position) => ({
    interface: INDEX,
    address: ip(`10.99.${1 + Math.floor(position / 250)}.${position % 250}`),
    prefix: 32,
  }));
}

test('an address is set, renewed every second and taken off', async t => {
  const { addresses, asked, told, holder, settle } = await setUp();
  const web = holder('web');
  addresses.hold(web, [vip(100)]);
  t.true(addresses.isSettled(web));
  t.deepEqual(told, ['web: settled']);
  await settle(1000);
  await settle(1000);
  t.deepEqual(asked, ['+100', '+100', '+100']);
  addresses.leave(web);
  await settle(5000);
  t.deepEqual(asked.slice(3), ['-100']);
  t.deepEqual(told, ['web: settled']);
});

test('what the kernel is asked carries mark, lifetime and what is configured', async t => {
  const { platform, addresses, holder, settle } = await setUp();
  const seen: InterfaceAddress[] = [];
  serve(platform.sockets[2]!, request => {
    const set = decodeAddress(request);
    if (set) seen.push(set);
    return {};
  });
  const six = hex('20010db8000000000000000000000080');
  addresses.hold(holder('web'), [
    vip(100, { label: 'eth0:web', broadcast: ip('10.99.0.255'), scope: 253, prefix: 24 }),
    { interface: INDEX, address: six, prefix: 128 },
    { interface: INDEX, address: six.map((byte, at) => (at === 15 ? 0x81 : byte)), prefix: 64 },
  ]);
  await settle();
  t.like(seen[0], {
    protocol: 18,
    validLifetime: 3,
    preferredLifetime: 3,
    label: 'eth0:web',
    broadcast: ip('10.99.0.255'),
    scope: 253,
  });
  // No duplicate address detection, and as /128 no source of this machine's own connections.
  t.like(seen[1], { protocol: 18, validLifetime: 3, preferredLifetime: 0, flags: 2, prefix: 128 });
  t.like(seen[2], { protocol: 18, validLifetime: 3, preferredLifetime: 3, flags: 2, prefix: 64 });
});

test('a new list sets what is new and takes off what is gone, in this order', async t => {
  const { addresses, asked, holder, settle } = await setUp();
  const web = holder('web');
  addresses.hold(web, [vip(100), vip(101)]);
  addresses.hold(web, [vip(101), vip(102)]);
  await settle();
  t.deepEqual(asked, ['+100', '+101', '+102', '-100']);
  addresses.hold(web, [vip(101), vip(102)]);
  await settle();
  t.is(asked.length, 4);
});

test('another label takes the address off first: the kernel would keep the old one', async t => {
  const { addresses, asked, holder, settle } = await setUp();
  const web = holder('web');
  addresses.hold(web, [vip(100)]);
  addresses.hold(web, [vip(100, { label: 'eth0:1' })]);
  await settle();
  t.deepEqual(asked, ['+100', '-100', '+100']);
});

test('two hundred addresses are few messages, and renewed a few at a time', async t => {
  const { addresses, asked, told, holder, settle, messages } = await setUp();
  const web = holder('web');
  const before = messages();
  addresses.hold(web, many(200));
  t.is(messages() - before, 4);
  t.is(asked.length, 200);
  await settle();
  t.deepEqual(told, ['web: settled']);
  // The first second is shorter for most: that is how they are spread.
  await settle(1000);
  const first = asked.length;
  for (let tenth = 0; tenth < 10; tenth++) {
    const sofar = asked.length;
    await settle(100);
    t.true(asked.length - sofar <= 48, `${asked.length - sofar}`);
  }
  t.is(asked.length - first, 200);
});

test('an address that was there before is left as it is, until it goes', async t => {
  const { addresses, asked, told, holder, settle, gone } = await setUp();
  const web = holder('web');
  addresses.hold(web, [vip(200, { prefix: 24 })]);
  await settle(5000);
  t.deepEqual(asked, []);
  t.deepEqual(told, ['web: foreign 200']);
  gone(vip(200, { prefix: 24 }));
  await settle();
  t.deepEqual(asked, ['+200']);
  addresses.leave(web);
  await settle();
  t.deepEqual(asked, ['+200', '-200']);
});

test('addresses that somebody takes off are set again, and that is told once', async t => {
  const { addresses, asked, told, holder, settle, gone } = await setUp();
  const web = holder('web');
  addresses.hold(web, many(3));
  await settle();
  for (const address of many(3)) gone(address);
  await settle();
  t.deepEqual(asked.slice(3), ['+0', '+1', '+2']);
  t.deepEqual(told.slice(1), [
    'web: 10.99.1.0 and 2 more had been taken off by someone else: set again',
    'web: restored',
  ]);
});

test('with their interface down nothing is set again', async t => {
  const { addresses, asked, holder, settle, gone, sockets } = await setUp();
  addresses.hold(holder('web'), [vip(100)]);
  await settle();
  notify(sockets[0]!, link(0));
  await settle();
  gone(vip(100));
  await settle();
  t.deepEqual(asked, ['+100']);
});

test('what the kernel refuses is the trouble of who asked, and does not keep the others waiting', async t => {
  const { addresses, told, holder, settle } = await setUp(address => (address.at(-1) === 101 ? 1 : 0));
  addresses.hold(holder('web'), [vip(100), vip(101), vip(102)]);
  addresses.hold(holder('mail'), [vip(103)]);
  await settle();
  t.deepEqual(told.sort(), ['mail: settled', 'web: cannot set 10.99.0.101: EPERM', 'web: settled']);
});

test('an address that two hold goes with the last of them', async t => {
  const { addresses, asked, holder, settle } = await setUp();
  const web = holder('web');
  const mail = holder('mail');
  addresses.hold(web, [vip(100)]);
  addresses.hold(mail, [vip(100)]);
  addresses.leave(web);
  await settle();
  t.deepEqual(asked, ['+100', '+100']);
  addresses.leave(mail);
  await settle();
  t.deepEqual(asked.slice(2), ['-100']);
});

test('it knows when the kernel has answered everything', async t => {
  const { addresses, holder, settle, told, sockets } = await setUp();
  const web = holder('web');
  const [, , requests] = sockets;
  const { onSend: answer } = requests!;
  const unanswered: Parameters<NonNullable<typeof answer>>[0][] = [];
  requests!.onSend = sent => void unanswered.push({ ...sent, data: sent.data.slice() });
  let settled = 0;
  addresses.settled(() => {
    settled += 1;
  });
  t.is(settled, 1);
  addresses.hold(web, many(100));
  addresses.leave(web);
  addresses.settled(() => {
    settled += 1;
  });
  await settle();
  t.is(settled, 1);
  t.false(addresses.isSettled(web));
  for (const sent of unanswered) answer!(sent);
  await settle();
  t.is(settled, 2);
  t.true(addresses.isSettled(web));
  t.deepEqual(told, [], 'it has left');
});
