// The same on IPv6: version 3 only, hop limits, addresses of 16 bytes, a checksum that always has the pseudo-header.
import test from 'ava';
import { parseAddress } from '../../src/director/address.ts';
import { readAdvertisement, sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import { newInstance, step } from '../../src/director/vrrp/instance.ts';
import { firstChecksumForm, type InstanceSettings } from '../../src/director/vrrp/settings.ts';
import { Bench, SETTINGS } from './bench.ts';

const ip = (text: string) => parseAddress(text)!;
const GROUP = ip('ff02::12');
const OWN = ip('fe80::2');
const LOWER = ip('fe80::1');
const HIGHER = ip('fe80::3');
const VIP = ip('fe80::100');

const IPV6: InstanceSettings = {
  ...SETTINGS,
  family: 6,
  addresses: [VIP, ip('2001:db8::100')],
  destinations: [GROUP],
};

/** A master on IPv6. */
function master(): Bench {
  const bench = new Bench(IPV6, OWN);
  bench.start();
  bench.pass(500);
  return bench;
}

/** Lets `bench` hear a sealed advertisement. */
function hear(bench: Bench, priority: number, source: Uint8Array, hops = 255): string[] {
  const sealable = { settings: IPV6, checksumForm: firstChecksumForm(IPV6) };
  const message = sealAdvertisement(sealable, priority, source, GROUP, 0n);
  return bench.send(readAdvertisement(bench.state, message, { source, destination: GROUP, hops }, 0, 0));
}

test('6.4: a backup becomes master on IPv6 as on IPv4', t => {
  const bench = new Bench(IPV6, OWN);
  bench.start();
  t.deepEqual(bench.pass(361), ['360.9375: advertise 100', '360.9375: hold', '360.9375: announce']);
});

test('5.1.2.3: the hop limit must be 255', t => {
  const bench = master();
  t.deepEqual(hear(bench, 200, HIGHER, 254), []);
  t.is(bench.state.phase, 'MASTER');
  t.deepEqual(hear(bench, 200, HIGHER, 255), ['leave']);
});

test('5.2.9: the addresses are of the family of the IP header', t => {
  const { state } = master();
  const sealable = { settings: { ...IPV6, addresses: [VIP] }, checksumForm: 'plain' } as const;
  const message = sealAdvertisement(sealable, 200, HIGHER, GROUP, 0n);
  const event = readAdvertisement(state, message, { source: HIGHER, destination: GROUP, hops: 255 }, 0, 0);
  t.like(event, { kind: 'advertisement', advertisement: { addresses: VIP } });
  const settings = { settings: SETTINGS, checksumForm: 'plain' } as const;
  const ofIpv4 = sealAdvertisement(settings, 200, ip('10.99.0.1'), ip('224.0.0.18'), 0n);
  const other = readAdvertisement(state, ofIpv4, { source: HIGHER, destination: GROUP, hops: 255 }, 0, 0);
  t.like(other, { malformation: 'length' });
});

test('6.4.3: among equals the greater link-local address wins', t => {
  t.deepEqual(hear(master(), 100, LOWER), ['advertise 100']);
  t.deepEqual(hear(master(), 100, HIGHER), ['leave']);
});

test('7.1: the message must be complete, with 16 bytes for each address', t => {
  const sealable = { settings: IPV6, checksumForm: 'plain' } as const;
  const message = sealAdvertisement(sealable, 200, HIGHER, GROUP, 0n);
  t.is(message.length, 8 + 2 * 16);
  const { state } = master();
  const envelope = { source: HIGHER, destination: GROUP, hops: 255 };
  for (let length = 0; length < message.length; length++) {
    const event = readAdvertisement(state, message.subarray(0, length), envelope, 0, 0);
    t.like(event, { kind: 'malformed', malformation: 'length' });
  }
});

test('5.2.8: a checksum without pseudo-header is wrong on IPv6', t => {
  const plain = sealAdvertisement({ settings: IPV6, checksumForm: 'plain' }, 200, HIGHER, GROUP, 0n);
  const pseudo = sealAdvertisement({ settings: IPV6, checksumForm: 'pseudo-header' }, 200, HIGHER, GROUP, 0n);
  t.deepEqual(plain, pseudo);
  const elsewhere = { source: HIGHER, destination: OWN, hops: 255 };
  t.like(readAdvertisement(master().state, plain, elsewhere, 0, 0), { malformation: 'checksum' });
});

test('5.2.8: the sum that a kernel makes covers what stands behind the message', t => {
  const key = { id: 1, bytes: new Uint8Array(32) };
  const authentication = { kind: 'HMAC', keys: [key], active: key, window: null, enforces: true } as const;
  const signing = { settings: { ...IPV6, authentication }, checksumForm: 'plain' } as const;
  const message = sealAdvertisement(signing, 200, HIGHER, GROUP, 0n);
  const envelope = { source: HIGHER, destination: GROUP, hops: 255 };
  t.like(readAdvertisement(master().state, message, envelope, 0, 0), { kind: 'advertisement' });
  message[message.length - 1]! ^= 1;
  t.like(readAdvertisement(master().state, message, envelope, 0, 0), { malformation: 'checksum' });
});

test('7.2: the source is a link-local address; an interface without one is a fault', t => {
  const { state, effects } = step(newInstance(IPV6, { up: true, address: null }, 0), { kind: 'start' }, 0);
  t.is(state.phase, 'FAULT');
  t.like(effects[0], {
    kind: 'report',
    text: 'entering FAULT: the interface has no IPv6 address that advertisements may come from',
  });
});

test('virtual addresses are compared in any order', t => {
  const bench = new Bench(IPV6, OWN);
  bench.start();
  hear(bench, 200, HIGHER);
  t.is(bench.state.trouble, null);
  bench.send({ kind: 'settings', settings: { ...IPV6, addresses: IPV6.addresses.toReversed() } });
  hear(bench, 200, HIGHER);
  t.is(bench.state.trouble, null);
  bench.send({ kind: 'settings', settings: { ...IPV6, addresses: [VIP, ip('2001:db8::101')] } });
  hear(bench, 200, HIGHER);
  t.regex(bench.state.trouble!, /fe80::3 has other virtual addresses: fe80::100 2001:db8::100/);
});
