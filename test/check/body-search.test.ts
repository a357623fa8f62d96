import test from 'ava';
import { BodySearch } from '../../src/director/check/body-search.ts';
import { type RegexOptions, translateRegex } from '../../src/director/config/checks/regex.ts';
import type { RegexConfig } from '../../src/director/config/config.ts';
import { NO_OPTIONS } from '../config/regex-options.ts';
import { randomNumbers, rounds } from '../config/support.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function configOf(
  pattern: string,
  more: Partial<RegexConfig> = {},
  options: Partial<RegexOptions> = {},
): RegexConfig {
  const translated = translateRegex(pattern, { ...NO_OPTIONS, ...options });
  return { ...translated, negated: false, minOffset: 0, maxOffset: null, ...more };
}

function finds(config: RegexConfig, body: Uint8Array, size = 1000): boolean {
  const search = new BodySearch(config);
  for (let at = 0; at < body.length; at += size) search.push(body.subarray(at, at + size));
  return search.end();
}

test('a match is found wherever it lies and however the body is cut', t => {
  const seed = 20260404;
  const random = randomNumbers(seed);
  const config = configOf('needle[0-9]+');
  for (let round = 0; round < rounds(60); round++) {
    const before = 'x'.repeat(random(60_000));
    const after = 'y'.repeat(random(20_000));
    const size = 1 + random(20_000);
    const label = `seed ${seed}, round ${round}`;
    t.true(finds(config, encode(`${before}needle42${after}`), size), label);
    t.false(finds(config, encode(`${before}needle${after}`), size), label);
  }
});

test('the beginning and the end are those of the body, not of a window', t => {
  const long = 'x'.repeat(50_000);
  t.true(finds(configOf('^start'), encode(`start${long}`)));
  t.false(finds(configOf('^x+start'), encode(`y${long}start`)));
  t.false(finds(configOf('^start'), encode(`${long}start`)));
  t.true(finds(configOf('end$'), encode(`${long}end\n`)));
  t.false(finds(configOf('end$'), encode(`end${long}`)));
  t.false(finds(configOf('x$'), encode(`${long}y`), 16_384));
  t.true(finds(configOf('^b$', {}, { multiline: true }), encode(`${long}\nb\n${long}`)));
});

test('what must not follow is seen beyond the end of a window', t => {
  const seed = 20260408;
  const random = randomNumbers(seed);
  const atEnd = configOf('needle$');
  const alone = configOf('needle(?!work)');
  for (let round = 0; round < rounds(100); round++) {
    const before = 'x'.repeat(16_300 + random(100));
    const label = `seed ${seed}, round ${round}`;
    t.true(finds(atEnd, encode(`${before}needle\n`)), label);
    t.false(finds(atEnd, encode(`${before}needle\n${'y'.repeat(1 + random(9000))}`)), label);
    t.false(finds(alone, encode(`${before}needlework${'y'.repeat(random(9000))}`)), label);
    t.true(finds(alone, encode(`${before}needle${'y'.repeat(random(9000))}`)), label);
  }
});

test('a match begins within the offsets', t => {
  const body = encode(`${'x'.repeat(30_000)}needle`);
  t.true(finds(configOf('needle', { minOffset: 30_000, maxOffset: 30_000 }), body));
  t.false(finds(configOf('needle', { minOffset: 30_001 }), body));
  t.false(finds(configOf('needle', { maxOffset: 29_999 }), body));
  t.true(finds(configOf('n', { minOffset: 1 }), encode('nn')));
  t.false(finds(configOf('n', { minOffset: 1 }), encode('n')));
});

test('without utf a character is a byte, with it a character', t => {
  t.true(finds(configOf('^caf..$'), encode('café')));
  t.true(finds(configOf('caf\u00e9'), encode('un café')));
  t.true(finds(configOf('^caf.$', {}, { utf: true }), encode('café'), 1));
  t.true(finds(configOf('^\\x{1f600}$', {}, { utf: true }), encode('😀'), 1));
  t.notThrows(() => finds(configOf('x', {}, { utf: true }), Uint8Array.of(0xf0, 0x80, 0xff), 1));
});

test('nothing of a body without an end is kept', t => {
  const search = new BodySearch(configOf('needle'));
  const piece = encode('x'.repeat(10_000));
  for (let count = 0; count < 100; count++) search.push(piece);
  t.false(search.found);
  search.push(encode('needle'));
  t.true(search.end());
});
