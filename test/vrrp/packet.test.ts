// Advertisements on the wire, against packets that keepalived 2.2.7 sent and that tshark found good.
import test from 'ava';
import type { ChecksumForm } from '../../src/director/vrrp/checksum.ts';
import {
  type Advertisement,
  decode,
  type Envelope,
  layOut,
  type ReceivedAdvertisement,
  writeChecksum,
} from '../../src/director/vrrp/packet.ts';
import { concat, hex, ip, toHex, VRRP_GROUP } from './bytes.ts';

const A = ip('10.99.0.1');
const B = ip('10.99.0.2');
const VIP = ip('10.99.0.100');

const V2 = hex('21 33 96 01 00 01 3e03 0a630064 0000000000000000');
const V2_RELEASE_FROM_B = hex('21 33 00 01 00 01 d403 0a630064 0000000000000000');
const V3_PSEUDO_HEADER = hex('31 33 96 01 000a 4307 0a630064');
const V3_PLAIN = hex('31 33 96 01 000a 2dfa 0a630064');
const V3_RELEASE_FROM_B = hex('31 33 00 01 000a d906 0a630064');

function from(source: Uint8Array): Envelope {
  return { source, destination: VRRP_GROUP, hops: 255 };
}

function group(version: 2 | 3, priority: number, interval: number): Advertisement {
  return { version, virtualRouterId: 51, priority, interval, addresses: [VIP] };
}

/** A whole message without authentication. */
function encode(
  advertisement: Advertisement,
  source: Uint8Array,
  destination: Uint8Array,
  form: ChecksumForm,
): Uint8Array {
  const message = layOut(advertisement, source.length, 0);
  writeChecksum(message, message.length, source, destination, form);
  return message;
}

/** The message with bytes replaced and, unless told, a checksum that is right again (plain form). */
function changed(message: Uint8Array, bytes: Record<number, number>, length = message.length): Uint8Array {
  const copy = new Uint8Array(length);
  copy.set(message.subarray(0, length));
  for (const [at, byte] of Object.entries(bytes)) copy[Number(at)] = byte;
  copy[6] = 0;
  copy[7] = 0;
  let sum = 0;
  copy.forEach((byte, at) => {
    sum += at % 2 === 0 ? byte * 256 : byte;
  });
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  copy[6] = (0xffff - sum) >> 8;
  copy[7] = (0xffff - sum) & 0xff;
  return copy;
}

test('keepalived, version 2: encodes to the same bytes', t => {
  t.is(toHex(encode(group(2, 150, 1000), A, VRRP_GROUP, 'pseudo-header')), toHex(V2));
  t.is(toHex(encode(group(2, 0, 1000), B, VRRP_GROUP, 'plain')), toHex(V2_RELEASE_FROM_B));
});

test('keepalived, version 3: encodes to the same bytes', t => {
  t.is(toHex(encode(group(3, 150, 100), A, VRRP_GROUP, 'pseudo-header')), toHex(V3_PSEUDO_HEADER));
  t.is(toHex(encode(group(3, 0, 100), B, VRRP_GROUP, 'pseudo-header')), toHex(V3_RELEASE_FROM_B));
});

test('RFC 9568 5.2.8: the other checksum of version 3 on IPv4 covers the message alone', t => {
  t.is(toHex(encode(group(3, 150, 100), A, VRRP_GROUP, 'plain')), toHex(V3_PLAIN));
});

test('5.2.8: both checksum forms are read and told apart', t => {
  const expected = group(3, 150, 100);
  t.deepEqual(decode(V3_PSEUDO_HEADER, from(A)), {
    ...expected,
    addresses: VIP,
    checksumForm: 'pseudo-header',
  });
  t.deepEqual(decode(V3_PLAIN, from(A)), { ...expected, addresses: VIP, checksumForm: 'plain' });
});

test('version 2 is read, its interval in seconds', t => {
  const common = { addresses: VIP, checksumForm: 'plain' } as const;
  t.deepEqual(decode(V2, from(A)), { ...group(2, 150, 1000), ...common });
  t.deepEqual(decode(V2_RELEASE_FROM_B, from(B)), { ...group(2, 0, 1000), ...common });
});

test('7.1: the version must be known', t => {
  for (const version of [0, 1, 4, 15]) {
    t.is(decode(changed(V3_PLAIN, { 0: version * 16 + 1 }), from(A)), 'version');
  }
});

test('5.2.2: any type but 1 is discarded', t => {
  for (const type of [0, 2, 15]) t.is(decode(changed(V3_PLAIN, { 0: 0x30 + type }), from(A)), 'type');
});

test('7.1: the message must be complete', t => {
  for (let length = 0; length < V3_PLAIN.length; length++) {
    t.is(decode(V3_PLAIN.subarray(0, length), from(A)), 'length');
  }
  for (let length = 0; length < V2.length; length++) {
    t.is(decode(V2.subarray(0, length), from(A)), 'length');
  }
  t.is(decode(changed(V3_PLAIN, { 3: 2 }), from(A)), 'length', 'fewer addresses than it says');
});

test('7.1: the checksum must be right', t => {
  for (const [message, source] of [
    [V2, A],
    [V3_PLAIN, A],
    [V3_PSEUDO_HEADER, A],
  ] as const) {
    for (let at = 1; at < message.length; at++) {
      if (at === 3) continue;
      const copy = message.slice();
      copy[at]! ^= 0x10;
      t.is(decode(copy, from(source)), 'checksum', `byte ${at}`);
    }
  }
  t.is(decode(V3_PSEUDO_HEADER, from(B)), 'checksum', 'the pseudo-header holds the source');
});

test('version 2 has no pseudo-header', t => {
  const message = V2.slice();
  // The checksum that a pseudo-header would give: the sum of addresses, protocol and length more.
  message[6] = 0x53;
  message[7] = 0x08;
  t.is(decode(message, from(A)), 'checksum');
});

test('5.2.5, erratum 8299: no addresses, no advertisement', t => {
  t.is(decode(changed(V3_PLAIN, { 3: 0 }, 8), from(A)), 'count');
  t.is(decode(changed(V2, { 3: 0 }, 16), from(A)), 'count');
});

test('5.2.7, erratum 8301: interval 0 is discarded', t => {
  t.is(decode(changed(V3_PLAIN, { 4: 0, 5: 0 }), from(A)), 'interval');
  t.is(decode(changed(V2, { 5: 0 }), from(A)), 'interval');
});

test('5.2.6: the reserved nibble is 0 when sent and not looked at when received', t => {
  t.is(encode(group(3, 150, 100), A, VRRP_GROUP, 'plain')[4]! >> 4, 0);
  const received = decode(changed(V3_PLAIN, { 4: 0xf0 }), from(A)) as ReceivedAdvertisement;
  t.is(received.interval, 100);
});

test('5.2.7: the interval has 12 bits', t => {
  const longest = encode(group(3, 150, 40_950), A, VRRP_GROUP, 'plain');
  t.is((decode(longest, from(A)) as ReceivedAdvertisement).interval, 40_950);
  const shortest = encode(group(3, 150, 10), A, VRRP_GROUP, 'plain');
  t.is((decode(shortest, from(A)) as ReceivedAdvertisement).interval, 10);
});

test('5.2.8: on IPv6 the checksum always has the pseudo-header', t => {
  const source = hex('fe80 0000 0000 0000 0000 0000 0000 0001');
  const destination = hex('ff02 0000 0000 0000 0000 0000 0000 0012');
  const advertisement: Advertisement = {
    ...group(3, 100, 1000),
    addresses: [source, hex('20010db8 00000000 00000000 00000064')],
  };
  const message = encode(advertisement, source, destination, 'plain');
  t.is(message.length, 40);
  t.deepEqual(decode(message, { source, destination, hops: 255 }), {
    ...advertisement,
    addresses: concat(advertisement.addresses),
    checksumForm: 'pseudo-header',
  });
  t.is(decode(changed(message, {}), { source, destination, hops: 255 }), 'checksum');
  t.is(decode(changed(message, { 0: 0x21 }), { source, destination, hops: 255 }), 'version');
});

test('bytes behind the message are not looked at', t => {
  const padded = new Uint8Array(V3_PLAIN.length + 6).fill(0xff);
  padded.set(V3_PLAIN);
  t.deepEqual(decode(padded, from(A)), decode(V3_PLAIN, from(A)));
});
