import test from 'ava';
import * as host from 'host';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('UTF-8 of every length goes both ways', t => {
  for (const text of ['', 'plain', 'ä', '€', '😀', 'a\0b', 'ä€😀'.repeat(1000), '\ufeffmark']) {
    t.is(host.decodeUtf8(host.encodeUtf8(text)), text);
  }
  t.deepEqual(host.encodeUtf8('aä€😀'), bytes(97, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80));
});

test('a lone surrogate is encoded as U+FFFD', t => {
  for (const text of ['\ud800', '\udfff', 'a\ud83d', '\ude00\ud83d', '\ud7ff\ud800\ue000']) {
    const back = host.decodeUtf8(host.encodeUtf8(text));
    t.is(back, text.replace(/[\ud800-\udfff]/g, '\ufffd'));
  }
});

// The examples of the Unicode standard, table 3-8 to 3-11, and the ends of each range.
const malformed: [number[], string][] = [
  [[0x80], '\ufffd'],
  [[0xc0, 0xaf], '\ufffd\ufffd'],
  [[0xe0, 0x80, 0xbf], '\ufffd\ufffd\ufffd'],
  [[0xf0, 0x81, 0x82, 0x41], '\ufffd\ufffd\ufffdA'],
  [[0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
  [[0xf4, 0x91, 0x92, 0x93, 0xff, 0x41, 0x80, 0xbf, 0x42], '\ufffd\ufffd\ufffd\ufffd\ufffdA\ufffd\ufffdB'],
  [[0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41], '\ufffd\ufffd\ufffd\ufffdA'],
  [[0xf5, 0x80], '\ufffd\ufffd'],
  [[0xe2, 0x82], '\ufffd'],
  [[0xf4, 0x8f, 0xbf, 0xbf], '\u{10ffff}'],
  [[0xef, 0xbf, 0xbe], '\ufffe'],
];

for (const [input, expected] of malformed) {
  test(`the bytes ${input.map(byte => byte.toString(16)).join(' ')} read as the Encoding Standard says`, t => {
    t.is(host.decodeUtf8(Uint8Array.from(input)), expected);
    t.is(new TextDecoder().decode(Uint8Array.from(input)), expected);
  });
}

test('TextDecoder drops a byte order mark and can be strict', t => {
  t.is(new TextDecoder().decode(bytes(0xef, 0xbb, 0xbf, 97)), 'a');
  t.is(new TextDecoder('UTF-8', { fatal: true }).decode(host.encodeUtf8('\ufffd')), '\ufffd');
  t.throws(() => new TextDecoder('utf8', { fatal: true }).decode(bytes(0xff)), { instanceOf: TypeError });
  t.throws(() => new TextDecoder('latin1'), { instanceOf: RangeError });
  t.is(new TextDecoder().decode(), '');
  t.deepEqual(new TextEncoder().encode(), new Uint8Array(0));
});

test('a view into a buffer is decoded, not the buffer', t => {
  t.is(host.decodeUtf8(host.encodeUtf8('0123456789').subarray(3, 5)), '34');
});

test('errno has its names', t => {
  t.is(host.errorName(2), 'ENOENT');
  t.is(host.errorName(111), 'ECONNREFUSED');
  t.is(host.errorName(4000), 'E4000');
  t.is(host.errorName(0), 'E0');
});

test('a stack names TypeScript files', t => {
  const described = host.describeStack(new Error('here').stack ?? '');
  t.regex(described, /test\/host\/inside\/text\.ts:\d+/);
  t.notRegex(described, /director\.js/);
  t.is(
    host.describeStack('x director.js:999999999:1 director.js: director.js:12'),
    host.describeStack('x director.js:999999999:1 director.js: director.js:12'),
  );
  t.is(host.describeStack('x director.js:99999999999999999999:1'), 'x director.js:99999999999999999999:1');
  t.is(host.describeStack(''), '');
});
