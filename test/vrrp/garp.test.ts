// Gratuitous ARP as it goes out.
import test from 'ava';
import { Announcer } from '../../src/director/vrrp/announcer.ts';
import { gratuitousArp } from '../../src/director/vrrp/garp.ts';
import { createFake } from '../../src/platform/fake.ts';
import { AF_PACKET, ETH_P_ARP, SOCK_DGRAM } from '../../src/platform/linux.ts';
import { hex, ip, toHex } from './bytes.ts';

const MAC = hex('0200 0009 0001');

test('8.1.2: an ARP request for the address from itself, to everybody', t => {
  t.is(
    toHex(gratuitousArp(ip('10.99.0.100'), MAC)),
    '0001080006040001' + '020000090001' + '0a630064' + 'ffffffffffff' + '0a630064',
  );
});

test('every address is announced once before any is repeated, five times in all', t => {
  const platform = createFake();
  const announcer = new Announcer(platform);
  const first = { interface: 2, hardware: MAC, address: ip('10.99.0.100') };
  const second = { interface: 3, hardware: MAC, address: ip('10.99.0.101') };
  announcer.announce([first, second]);
  const [socket] = platform.sockets;
  t.like(socket, { family: AF_PACKET, type: SOCK_DGRAM, protocol: 0 });
  const last = socket!.sent.map(({ data, to }) => [data.at(-1), to?.family === 'packet' && to.interface]);
  t.deepEqual(
    last,
    Array.from({ length: 5 }, () => [
      [100, 2],
      [101, 3],
    ]).flat(),
  );
  t.deepEqual(socket!.sent[0]!.to, {
    family: 'packet',
    protocol: ETH_P_ARP,
    interface: 2,
    hardware: new Uint8Array(6).fill(0xff),
  });
});

test('an interface without an Ethernet address gets none', t => {
  const platform = createFake();
  new Announcer(platform).announce([
    { interface: 2, hardware: new Uint8Array(0), address: ip('10.99.0.100') },
  ]);
  t.is(platform.sockets[0]!.sent.length, 0);
});
