// The IP header in front of a message.
import test from 'ava';
import { parseIpv4 } from '../../src/director/vrrp/datagram.ts';
import { hex, ip, toHex } from './bytes.ts';

// As keepalived 2.2.7 sends it: TOS 0xc0, TTL 255, protocol 112.
const HEADER = '45c00020 00010000 ff70 0000 0a630001 e0000012';
const MESSAGE = '31339601000a43070a630064';

test('a datagram gives its addresses, TTL and message', t => {
  const datagram = parseIpv4(hex(HEADER + MESSAGE))!;
  t.is(datagram.hops, 255);
  t.deepEqual(datagram.source, ip('10.99.0.1'));
  t.deepEqual(datagram.destination, ip('224.0.0.18'));
  t.is(toHex(datagram.payload), MESSAGE);
});

test('header options are skipped', t => {
  const datagram = parseIpv4(hex(`46c00024 00010000 ff70 0000 0a630001 e0000012 94040000 ${MESSAGE}`))!;
  t.is(toHex(datagram.payload), MESSAGE);
});

test('Ethernet padding behind the total length is cut off', t => {
  t.is(toHex(parseIpv4(hex(`${HEADER}${MESSAGE}000000000000`))!.payload), MESSAGE);
});

test('what is no whole IPv4 datagram is none', t => {
  const whole = hex(HEADER + MESSAGE);
  for (let length = 0; length < whole.length; length++) t.is(parseIpv4(whole.subarray(0, length)), null);
  for (const first of [0x65, 0x44, 0x4f, 0x05]) {
    const wrong = whole.slice();
    wrong[0] = first;
    t.is(parseIpv4(wrong), null, `first byte ${first}`);
  }
});
