import test from 'ava';
import { tlsReason } from '../../src/director/tls/reason.ts';

const cases: readonly [string, string][] = [
  ['0x7780 alert 70 flaws 0', 'TLS: the server says: protocol version'],
  ['0x7780 alert 112 flaws 0', 'TLS: the server says: unknown server name'],
  ['0x7780 alert 255 flaws 0', 'TLS: the server says: alert 255'],
  ['0x2700 alert 0 flaws 0x8', 'TLS: the certificate comes from no known authority'],
  ['0x2700 alert 0 flaws 0xc', 'TLS: the certificate comes from no known authority'],
  ['0x2700 alert 0 flaws 0x1', 'TLS: the certificate has expired'],
  ['0x2700 alert 0 flaws 0x400000', 'TLS: the certificate is not right (0x400000)'],
  ['0x7200 alert 0 flaws 0', 'TLS: the answer is not TLS'],
  ['0x21b4 alert 0 flaws 0', 'TLS: the certificate makes no sense'],
  ['0x7280 alert 0 flaws 0', 'TLS: closed by the server'],
  ['0x4e00 alert 0 flaws 0', 'TLS: a signature that is wrong'],
  ['0x1080 alert 0 flaws 0', 'TLS: failed (0x1080)'],
  ['16 messages without data', 'TLS: failed (16 messages without data)'],
];

for (const [argument, words] of cases) {
  test(`${argument} is ${words}`, t => t.is(tlsReason(argument), words));
}
