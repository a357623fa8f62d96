// Advertisements as they leave, one interval after the other.
import test from 'ava';
import { sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import type { Authentication } from '../../src/director/vrrp/authentication.ts';
import { Sealer } from '../../src/director/vrrp/sealer.ts';
import { clockSequence } from '../../src/director/vrrp/sequence.ts';
import { HIGHER, LOWER, OWN, SETTINGS } from './bench.ts';
import { hex, toHex, VRRP_GROUP } from './bytes.ts';

const NOW = 1_700_000_000_000;
const KEY = { id: 1, bytes: new Uint8Array(32) };
const HMAC: Authentication = { kind: 'HMAC', keys: [KEY], active: KEY, window: null, enforces: true };
const state = { settings: SETTINGS, checksumForm: 'pseudo-header' } as const;

test('what does not change is not made again', t => {
  const sealer = new Sealer();
  const first = sealer.seal(state, 100, OWN, NOW);
  t.is(sealer.seal(state, 100, OWN, NOW + 100), first);
  t.is(toHex(first[0]!), toHex(sealAdvertisement(state, 100, OWN, VRRP_GROUP, 0n)));
});

test('another priority, source, checksum form or setting makes another message', t => {
  const sealer = new Sealer();
  const seal = (...[sealable, priority, source]: [typeof state, number, Uint8Array]) =>
    toHex(sealer.seal(sealable, priority, source, NOW)[0]!);
  const plain = { ...state, checksumForm: 'plain' } as unknown as typeof state;
  const slow = { ...state, settings: { ...SETTINGS, advertInterval: 200 } };
  const all = [
    seal(state, 100, OWN),
    seal(state, 0, OWN),
    seal(state, 0, LOWER),
    seal(plain, 0, LOWER),
    seal(slow, 0, LOWER),
  ];
  t.is(new Set(all).size, all.length);
});

test('every destination gets its own checksum', t => {
  const settings = { ...SETTINGS, destinations: [LOWER, HIGHER] };
  const messages = new Sealer().seal({ ...state, settings }, 100, OWN, NOW);
  for (const [index, destination] of settings.destinations.entries()) {
    t.is(toHex(messages[index]!), toHex(sealAdvertisement(state, 100, OWN, destination, 0n)));
  }
});

const families = {
  4: { source: OWN, destinations: [LOWER, HIGHER], addresses: SETTINGS.addresses },
  6: {
    source: hex('fe80 0000 0000 0000 0000 0000 0000 0001'),
    destinations: [
      hex('fe80 0000 0000 0000 0000 0000 0000 0002'),
      hex('fe80 0000 0000 0000 0000 0000 0000 0003'),
    ],
    addresses: [hex('2001 0db8 0000 0000 0000 0000 0000 0064')],
  },
} as const;

for (const family of [4, 6] as const) {
  test(`IPv${family}: each advertisement is signed anew, and all its copies alike`, t => {
    const { source, ...addresses } = families[family];
    const sealable = { ...state, settings: { ...SETTINGS, ...addresses, family, authentication: HMAC } };
    const sealer = new Sealer();
    for (const sequence of [clockSequence(NOW), clockSequence(NOW) + 1n, clockSequence(NOW) + 2n]) {
      const messages = sealer.seal(sealable, 100, source, NOW);
      for (const [index, destination] of addresses.destinations.entries()) {
        const expected = sealAdvertisement(sealable, 100, source, destination, sequence);
        t.is(toHex(messages[index]!), toHex(expected));
      }
    }
  });
}

test('5.2.9, erratum 8300: on IPv6 the link-local address comes first', t => {
  const { source, destinations, addresses } = families[6];
  const linkLocal = hex('fe80 0000 0000 0000 0000 0000 0000 0100');
  const settings = { ...SETTINGS, family: 6, addresses: [...addresses, linkLocal] } as const;
  const message = sealAdvertisement({ ...state, settings }, 100, source, destinations[0], 0n);
  t.is(toHex(message.subarray(8, 24)), toHex(linkLocal));
  t.is(toHex(message.subarray(24)), toHex(addresses[0]));
});
