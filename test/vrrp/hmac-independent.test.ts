// The trailer against another implementation of HMAC-SHA-256: OpenSSL's.
import { createHmac, randomBytes } from 'node:crypto';
import test from 'ava';
import { sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import { clockSequence } from '../../src/director/vrrp/sequence.ts';
import { SETTINGS, VIP } from './bench.ts';
import { hex, toHex } from './bytes.ts';

test('keys of all lengths, both versions, both families', t => {
  for (let length = 32; length <= 64; length++) {
    const key = { id: length, bytes: Uint8Array.from(randomBytes(length)) };
    for (const [version, family] of [
      [2, 4],
      [3, 4],
      [3, 6],
    ] as const) {
      const source = Uint8Array.from(randomBytes(family === 4 ? 4 : 16));
      const settings = {
        ...SETTINGS,
        version,
        family,
        addresses: [family === 4 ? VIP : hex('fe80 0000 0000 0000 0000 0000 0000 0100')],
        authentication: { kind: 'HMAC', keys: [key], active: key, window: null, enforces: true },
      } as const;
      const sealable = { settings, checksumForm: 'pseudo-header' } as const;
      const message = sealAdvertisement(sealable, 150, source, source, clockSequence(1.7e12 + length));
      const unsigned = Buffer.from(message.subarray(0, -16));
      unsigned.fill(0, 6, 8);
      const who = Buffer.concat([
        Buffer.of(family, version, 51, 0),
        source,
        Buffer.alloc(16 - source.length),
      ]);
      const tag = createHmac('sha256', key.bytes)
        .update(who)
        .update(unsigned)
        .update(Buffer.alloc(16))
        .digest();
      t.is(toHex(message.subarray(-16)), toHex(tag.subarray(0, 16)));
    }
  }
});
