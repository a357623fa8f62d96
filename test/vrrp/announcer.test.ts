// Announcements of addresses, paced, out of any interface.
import test from 'ava';
import { type Announcement, Announcer } from '../../src/director/vrrp/announcer.ts';
import { createFake, systemError } from '../../src/platform/fake.ts';
import { AF_PACKET, ETH_P_ARP, ETH_P_IPV6, SOCK_DGRAM } from '../../src/platform/linux.ts';
import { hex, ip } from './bytes.ts';

const MAC = hex('0200 0009 0001');
const NO_PACING = { arpInterval: 0, naInterval: 0 };

function open() {
  const platform = createFake();
  const announcer = new Announcer(platform);
  const socket = platform.sockets[0]!;
  const troubles: string[] = [];
  const owner = { trouble: (text: string) => troubles.push(text) };
  /** Last byte of each address announced so far, and its interface. */
  const sent = () =>
    socket.sent.map(({ data, to }) => {
      const last = data.length === 28 ? data.at(-1) : data[63];
      return to?.family === 'packet' ? `${last} on ${to.interface}` : '?';
    });
  return { platform, announcer, socket, owner, troubles, sent };
}

function addresses(count: number, index = 2): Announcement[] {
  return Array.from({ length: count }, (_, position) => ({
    interface: index,
    hardware: MAC,
    address: ip(`10.99.0.${position}`),
  }));
}

test('every address is announced once before any is repeated, as often as told', t => {
  const { announcer, owner, socket, sent } = open();
  announcer.announce(owner, addresses(2), 3, NO_PACING);
  t.like(socket, { family: AF_PACKET, type: SOCK_DGRAM, protocol: 0 });
  t.deepEqual(sent(), ['0 on 2', '1 on 2', '0 on 2', '1 on 2', '0 on 2', '1 on 2']);
  t.deepEqual(socket.sent[0]!.to, {
    family: 'packet',
    protocol: ETH_P_ARP,
    interface: 2,
    hardware: new Uint8Array(6).fill(0xff),
  });
});

test('IPv6 addresses are announced to all nodes', t => {
  const { announcer, owner, socket } = open();
  const address = hex('20010db8000000000000000000000080');
  announcer.announce(owner, [{ interface: 3, hardware: MAC, address }], 1, NO_PACING);
  t.deepEqual(socket.sent[0]!.to, {
    family: 'packet',
    protocol: ETH_P_IPV6,
    interface: 3,
    hardware: hex('333300000001'),
  });
});

test('an interface without an Ethernet address announces nothing', t => {
  const { announcer, owner, sent } = open();
  announcer.announce(
    owner,
    [{ interface: 2, hardware: new Uint8Array(0), address: ip('10.99.0.100') }],
    5,
    NO_PACING,
  );
  t.deepEqual(sent(), []);
});

test('hundreds of addresses leave in bursts, with time for other work in between', t => {
  const { announcer, owner, platform, sent } = open();
  announcer.announce(owner, addresses(200), 2, NO_PACING);
  t.is(sent().length, 32);
  platform.clock.advance(2);
  t.is(sent().length, 64);
  platform.clock.advance(1000);
  t.is(sent().length, 400);
  t.is(new Set(sent().slice(0, 200)).size, 200);
});

test('with an interval packets of an interface are at least that far apart, also of several instances', t => {
  const { announcer, owner, platform, sent } = open();
  const pacing = { arpInterval: 10, naInterval: 0 };
  announcer.announce(owner, addresses(1), 2, pacing);
  announcer.announce({ trouble() {} }, addresses(2).slice(1), 1, pacing);
  announcer.announce(owner, addresses(1, 3), 1, pacing);
  t.deepEqual(sent(), ['0 on 2', '0 on 3']);
  platform.clock.advance(9);
  t.is(sent().length, 2);
  platform.clock.advance(1);
  t.deepEqual(sent().slice(2), ['0 on 2']);
  platform.clock.advance(10);
  t.deepEqual(sent().slice(3), ['1 on 2']);
  // What is asked for right behind the last packet waits as well.
  announcer.announce(owner, addresses(1), 1, pacing);
  t.is(sent().length, 4);
  platform.clock.advance(10);
  t.is(sent().length, 5);
});

test('who has more to say than the pacing lets through says the last, as often as told, and no more', t => {
  const { announcer, owner, platform, sent } = open();
  const pacing = { arpInterval: 1000, naInterval: 0 };
  announcer.announce(owner, addresses(20), 1, pacing);
  for (let time = 0; time < 100; time++) {
    platform.clock.advance(100);
    announcer.announce(owner, addresses(20), 2, pacing);
  }
  t.is(sent().length, 11);
  platform.clock.advance(3_600_000);
  // Since the last time it was asked for, every address was announced twice; the round that was under way went on.
  t.is(sent().length, 60);
  announcer.announce(owner, addresses(3), 1, pacing);
  platform.clock.advance(1000);
  announcer.announce(owner, addresses(1), 1, pacing);
  platform.clock.advance(3_600_000);
  t.deepEqual(sent().slice(60), ['0 on 2', '1 on 2', '0 on 2']);
});

test('who has lost its addresses announces no more', t => {
  const { announcer, owner, platform, sent } = open();
  const other = { trouble() {} };
  announcer.announce(owner, addresses(40), 5, NO_PACING);
  announcer.announce(other, addresses(1, 3), 1, NO_PACING);
  announcer.cancel(owner);
  platform.clock.advance(1000);
  t.is(sent().length, 33);
});

test('a full queue is waited for, an interface that is down is reported', t => {
  const { announcer, owner, platform, socket, sent, troubles } = open();
  socket.blocked = true;
  announcer.announce(owner, addresses(1), 1, NO_PACING);
  t.deepEqual(sent(), []);
  socket.blocked = false;
  platform.clock.advance(10);
  t.deepEqual(sent(), ['0 on 2']);
  socket.onSend = () => {
    throw systemError('ENETDOWN', 'sendto', '3');
  };
  announcer.announce(owner, addresses(2), 5, NO_PACING);
  platform.clock.advance(1000);
  t.is(troubles.length, 1);
  t.regex(troubles[0]!, /cannot announce the addresses: .*ENETDOWN/);
});
