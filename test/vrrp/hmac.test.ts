// The authenticated trailer, against the wire images in the appendix of draft-cassen-vrrp-auth-hmac.
import test from 'ava';
import { sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import { sign, verify } from '../../src/director/vrrp/hmac.ts';
import type { InstanceSettings } from '../../src/director/vrrp/instance.ts';
import { decode } from '../../src/director/vrrp/packet.ts';
import { SETTINGS } from './bench.ts';
import { hex, ip, toHex } from './bytes.ts';

const KEY = { id: 1, bytes: Uint8Array.from({ length: 32 }, (_, index) => index) };
const SEQUENCE = 0x6800000080000000n;
const SIGNING: InstanceSettings = {
  ...SETTINGS,
  advertInterval: 1000,
  checksum: 'rfc9568',
  authentication: { kind: 'HMAC', keys: [KEY], active: KEY, window: null, enforces: true },
};

const IPV4 = {
  source: ip('198.51.100.10'),
  destination: ip('192.0.2.10'),
  addresses: [ip('192.0.2.100')],
  wire: hex('3133c80100644402 c0000264 010100006800000080000000 1b84bc4e8e43892dc6d98448f8ee2265'),
};
const IPV6 = {
  source: hex('fe80 0000 0000 0000 0000 0000 0000 0010'),
  destination: hex('fe80 0000 0000 0000 0000 0000 0000 0020'),
  addresses: [hex('fe80 0000 0000 0000 0000 0000 0000 0100')],
  wire: hex(
    '3133c8010064a2e9 fe800000000000000000000000000100 010100006800000080000000 c8c56146ebfd66ee10ec4d8186461b78',
  ),
};

for (const [family, { source, destination, addresses, wire }] of [
  [4, IPV4],
  [6, IPV6],
] as const) {
  const end = 8 + source.length;

  test(`the appendix's IPv${family} image is what we seal`, t => {
    const settings = { ...SIGNING, family, addresses };
    const sealable = { settings, checksumForm: 'plain' } as const;
    t.is(toHex(sealAdvertisement(sealable, 200, source, destination, SEQUENCE)), toHex(wire));
  });

  test(`the appendix's IPv${family} image is read and verified`, t => {
    t.like(decode(wire, { source, destination, hops: 255 }), { virtualRouterId: 51, priority: 200 });
    t.is(verify(wire, end, source, [KEY]), null);
  });

  test(`every changed byte of the IPv${family} image is noticed, except in the checksum`, t => {
    for (let at = 0; at < wire.length; at++) {
      const copy = wire.slice();
      copy[at]! ^= 1;
      const isChecksum = at === 6 || at === 7;
      t.is(verify(copy, end, source, [KEY]) === null, isChecksum, `byte ${at}`);
    }
  });

  test(`IPv${family}: another sender cannot say the same`, t => {
    t.is(verify(wire, end, destination, [KEY]), 'signature');
  });
}

test('what is wrong with a trailer is told apart', t => {
  const { source, wire } = IPV4;
  const changed = (at: number, byte: number) => {
    const copy = wire.slice();
    copy[at] = byte;
    return verify(copy, 12, source, [KEY]);
  };
  t.is(changed(12, 2), 'trailer');
  t.is(changed(14, 1), 'trailer');
  t.is(changed(15, 1), 'trailer');
  t.is(changed(13, 2), 'key');
  t.is(changed(39, 0), 'signature');
});

test('the key is chosen by its id, in either direction', t => {
  const other = { id: 2, bytes: new Uint8Array(64).fill(7) };
  const message = IPV4.wire.slice();
  sign(message, 12, IPV4.source, other, SEQUENCE);
  t.is(verify(message, 12, IPV4.source, [KEY, other]), null);
  t.is(verify(message, 12, IPV4.source, [KEY]), 'key');
  t.is(verify(message, 12, IPV4.source, [{ ...KEY, id: 2 }]), 'signature');
});
