import test from 'ava';
import type { AuthenticationConfig } from '../../src/director/config/vrrp-config.ts';
import { abridge, type Bequest, farewells } from '../../src/director/vrrp/will.ts';

/** A message between processes may have so many bytes. */
const LIMIT = 32 << 10;

const keyOf = (id: number) => ({ id, key: id.toString(16).padStart(128, '0') });

const AUTHENTICATION: AuthenticationConfig = {
  kind: 'HMAC',
  keys: Array.from({ length: 255 }, (_, index) => keyOf(index + 1)),
  activeKey: 200,
  checksTime: true,
  timeWindow: 5000,
  enforces: true,
};

const address = (number: number) => `2001:db8:1234:5678:9abc:def0:1234:${number.toString(16)}`;

const GREAT: Bequest = {
  held: Array.from({ length: 2000 }, (_, index) => ({
    interface: 1000,
    address: address(0x1000 + index),
    prefix: 128,
  })),
  advertisement: {
    version: 3,
    virtualRouterId: 51,
    interval: 40950,
    addresses: Array.from({ length: 255 }, (_, index) => address(0x1000 + index)),
    authentication: AUTHENTICATION,
  },
  checksumForm: 'pseudo-header',
  interface: 1000,
  source: 'fe80::1',
  destinations: Array.from({ length: 200 }, (_, index) => address(0x1000 + index)),
  hops: 255,
};

test('the greatest will there can be fits into a message, and says the same', t => {
  const bequest = abridge(GREAT);
  const text = JSON.stringify({ will: { key: 255, instance: 'x'.repeat(100), bequest } });
  t.true(new TextEncoder().encode(text).length < LIMIT, `${text.length} bytes`);
  t.deepEqual(farewells(bequest, 1_700_000_000_000), farewells(GREAT, 1_700_000_000_000));
});
