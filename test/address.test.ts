// Addresses: what is accepted, canonical text, prefixes.
import test from 'ava';
import {
  canonicalAddress,
  contains,
  familyOf,
  formatAddress,
  networkOf,
  parseAddress,
  parsePrefixed,
} from '../src/director/address.ts';

test('IPv4 text is four decimal numbers without leading zeros', t => {
  t.deepEqual(parseAddress('10.0.255.1'), Uint8Array.of(10, 0, 255, 1));
  for (const wrong of [
    '',
    '10.1',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.1.',
    '.10.0.0.1',
    '10.0.0.1 ',
    '1.2.3.4.5',
    'a.b.c.d',
    '10..0.1',
  ]) {
    t.is(parseAddress(wrong), null, wrong);
  }
});

test('IPv6 text may be abbreviated and may end in a dotted quad', t => {
  t.deepEqual(parseAddress('::'), new Uint8Array(16));
  t.deepEqual(parseAddress('::1')?.[15], 1);
  t.is(formatAddress(parseAddress('2001:DB8:0:0:0:0:10.0.0.1')!), '2001:db8::a00:1');
  for (const wrong of [
    ':',
    ':::',
    '1::2::3',
    '2001:db8',
    '12345::',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::10.0.0.256',
    '1.2.3.4::',
    '[::1]',
    ':1:2:3:4:5:6:7',
  ]) {
    t.is(parseAddress(wrong), null, wrong);
  }
});

test('canonical IPv6 text follows RFC 5952', t => {
  t.is(canonicalAddress('2001:0DB8:0000:0000:0001:0000:0000:0001'), '2001:db8::1:0:0:1');
  t.is(canonicalAddress('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1');
  t.is(canonicalAddress('0:0:1:0:0:0:0:0'), '0:0:1::');
  t.is(canonicalAddress('::ffff:10.0.0.1'), '::ffff:10.0.0.1');
  t.is(canonicalAddress('1:0:0:0:0:0:0:0'), '1::');
  t.is(canonicalAddress('::'), '::');
});

test('every address survives the way to text and back', t => {
  let seed = 12345;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed >>> 16;
  };
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: i % 2 ? 4 : 16 }, () => (random() % 3 ? random() & 255 : 0));
    t.deepEqual(parseAddress(formatAddress(bytes)), bytes);
  }
});

test('a prefix is optional, bounded by the family and decimal', t => {
  t.deepEqual(parsePrefixed('10.0.0.1/24'), { address: '10.0.0.1', prefix: 24 });
  t.deepEqual(parsePrefixed('10.0.0.1'), { address: '10.0.0.1', prefix: 32 });
  t.deepEqual(parsePrefixed('FE80::1/64'), { address: 'fe80::1', prefix: 64 });
  for (const wrong of [
    '10.0.0.1/',
    '10.0.0.1/33',
    '10.0.0.1/2x',
    '10.0.0.1/24/3',
    '::1/129',
    '10.0.0.1/255.0.0.0',
    '/24',
  ]) {
    t.is(parsePrefixed(wrong), null, wrong);
  }
});

test('networks are found for every length of prefix', t => {
  t.is(networkOf({ address: '10.255.255.255', prefix: 12 }).address, '10.240.0.0');
  t.is(networkOf({ address: '10.255.255.255', prefix: 0 }).address, '0.0.0.0');
  t.is(networkOf({ address: '10.255.255.255', prefix: 32 }).address, '10.255.255.255');
  t.is(networkOf({ address: '2001:db8:ffff::1', prefix: 36 }).address, '2001:db8:f000::');
  t.true(contains({ address: '10.1.2.3', prefix: 8 }, '10.200.0.1'));
  t.false(contains({ address: '10.1.2.3', prefix: 16 }, '10.2.0.1'));
  t.false(contains({ address: '0.0.0.0', prefix: 0 }, '::1'));
  t.is(familyOf('::1'), 6);
  t.is(familyOf('1.2.3.4'), 4);
});
