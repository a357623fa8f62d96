// The odometer that rides in commits: what it counts, whose it is, and its bytes.
import test from 'ava';
import {
  advance,
  decodeOdometer,
  encodeOdometer,
  newOdometer,
  ODOMETER_LENGTH,
  type Odometer,
  odometerOf,
  WHOLE_LENGTH,
  withCommit,
  withErasures,
} from '../../src/director/flash/odometer.ts';
import { Random } from '../simulation/random.ts';

const DAY = 86_400_000;
const NOON = 20_000 * DAY + DAY / 2;

const SOME: Odometer = {
  card: 'TSS23016070929140127',
  sectors: 2 ** 40 + 7,
  writes: 123_456,
  powered: 987_654_321_000,
  commits: 42,
  day: 20_000,
  spent: 12_288,
};

test('what happens is added, and belongs to its day', t => {
  const first = advance(newOdometer('A1'), { sectors: 8, writes: 1, powered: 5000 }, NOON);
  t.deepEqual(first, {
    card: 'A1',
    sectors: 8,
    writes: 1,
    powered: 5000,
    commits: 0,
    day: 20_000,
    spent: 4096,
  });
  const second = advance(first, { sectors: 2, writes: 1, powered: 5000 }, NOON + 1000);
  t.like(second, { sectors: 10, writes: 2, powered: 10_000, spent: 5120, day: 20_000 });
  t.like(advance(second, { sectors: 1, writes: 1, powered: 0 }, NOON + DAY), {
    sectors: 11,
    spent: 512,
    day: 20_001,
  });
});

test('a quiet day changes only the time', t => {
  const before = advance(newOdometer(''), { sectors: 8, writes: 1, powered: 0 }, NOON);
  t.deepEqual(advance(before, { sectors: 0, writes: 0, powered: DAY }, NOON + DAY), {
    ...before,
    powered: DAY,
  });
});

test('a clock that is set back begins no new day', t => {
  const before = advance(newOdometer(''), { sectors: 8, writes: 1, powered: 0 }, NOON);
  t.like(advance(before, { sectors: 8, writes: 1, powered: 0 }, 0), { day: 20_000, spent: 8192 });
});

test('a commit counts itself before it is written', t => {
  t.like(withCommit(newOdometer('A1'), 3, NOON), { sectors: 3, writes: 1, commits: 1, spent: 1536 });
});

test('what is decoded is what was encoded', t => {
  const bytes = encodeOdometer(SOME);
  t.is(bytes.length, ODOMETER_LENGTH);
  t.deepEqual(decodeOdometer(bytes), SOME);
  const longer = new Uint8Array(200);
  longer.set(bytes, 9);
  t.deepEqual(decodeOdometer(longer.subarray(9)), SOME, 'within something longer');
  t.deepEqual(decodeOdometer(encodeOdometer(newOdometer(''))), newOdometer(''));
});

test('the bytes are these, for whoever reads them elsewhere', t => {
  const bytes = encodeOdometer({ ...SOME, card: 'AB' });
  t.is(
    bytes.reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), ''),
    '01000000' + // version 1
      '2a000000' + // 42 commits
      '0700000000010000' + // 2^40 + 7 sectors
      '40e2010000000000' + // 123,456 writes
      '68f3c8f4e5000000' + // 987,654,321,000 ms
      '0030000000000000' + // 12,288 bytes on
      '204e0000' + // day 20,000
      '00000000' +
      '4142000000000000000000000000000000000000',
  );
});

test('the first count of erasures stays, until it is another one', t => {
  const first = withErasures(SOME, { id: 161, raw: 500 });
  t.deepEqual(first, { ...SOME, erased: { id: 161, raw: 500, sectors: SOME.sectors } });
  const later = withCommit(first, 8, NOON);
  t.is(withErasures(later, { id: 161, raw: 501 }), later);
  t.is(withErasures(later, null), later);
  t.deepEqual(withErasures(later, { id: 161, raw: 3 }).erased, { id: 161, raw: 3, sectors: later.sectors });
  t.deepEqual(withErasures(later, { id: 7, raw: 900 }).erased, { id: 7, raw: 900, sectors: later.sectors });
  t.is(odometerOf('OTHER', later).erased, undefined);
});

test('the count of erasures comes back; who does not know it reads the rest', t => {
  const whole = withErasures(SOME, { id: 161, raw: 2 ** 48 - 1 });
  const bytes = encodeOdometer(whole);
  t.is(bytes.length, WHOLE_LENGTH);
  t.deepEqual(decodeOdometer(bytes), whole);
  t.deepEqual(decodeOdometer(bytes.subarray(0, ODOMETER_LENGTH)), SOME);
  t.is(
    bytes.subarray(ODOMETER_LENGTH).reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), ''),
    'a1000000' + // attribute 161
      'ffffffffffff0000' +
      '0700000000010000', // 2^40 + 7 sectors
  );
});

test('other versions, short texts and impossible counts are nothing', t => {
  const bytes = encodeOdometer(SOME);
  t.is(decodeOdometer(bytes.subarray(0, ODOMETER_LENGTH - 1)), null);
  t.is(decodeOdometer(new Uint8Array(ODOMETER_LENGTH)), null);
  t.is(decodeOdometer(Uint8Array.from(bytes, (byte, at) => (at === 0 ? 2 : byte))), null);
  t.is(decodeOdometer(Uint8Array.from(bytes, (byte, at) => (at === 15 ? 255 : byte))), null, 'beyond 2^53');
  t.is(
    decodeOdometer(Uint8Array.from(bytes, (byte, at) => (at === 50 ? 7 : byte))),
    null,
    'no serial number',
  );
});

test('what is no count cannot be encoded', t => {
  t.throws(() => encodeOdometer({ ...SOME, sectors: -1 }), { instanceOf: RangeError });
  t.throws(() => encodeOdometer({ ...SOME, writes: 1.5 }), { instanceOf: RangeError });
  t.throws(() => encodeOdometer({ ...SOME, commits: 2 ** 32 }), { instanceOf: RangeError });
});

test('counts stop at their end', t => {
  const full = { ...SOME, sectors: Number.MAX_SAFE_INTEGER, commits: 2 ** 32 - 1 };
  const further = withCommit(full, 8, NOON);
  t.is(further.sectors, Number.MAX_SAFE_INTEGER);
  t.is(further.commits, 2 ** 32 - 1);
  t.notThrows(() => encodeOdometer(further));
});

test('the odometer of another card says nothing of this one', t => {
  t.deepEqual(odometerOf('TSS23016070929140127 ', SOME), SOME);
  t.deepEqual(odometerOf('OTHER', SOME), newOdometer('OTHER'));
  t.deepEqual(odometerOf('OTHER', null), newOdometer('OTHER'));
  t.deepEqual(odometerOf('', SOME), SOME, 'a card without a number may be the same');
  t.is(odometerOf('NOW-KNOWN', { ...SOME, card: '' }).card, 'NOW-KNOWN');
  t.is(odometerOf('NOW-KNOWN', { ...SOME, card: '' }).sectors, SOME.sectors);
});

test('a serial number that is not printable is made so, and stays the same', t => {
  const odometer = newOdometer('  bad\u0000\u00e9 number that is far too long');
  t.is(odometer.card, 'bad?? number that is');
  t.deepEqual(decodeOdometer(encodeOdometer(odometer)), odometer);
});

test('random bytes never throw, and what is read of them can be written again', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: ODOMETER_LENGTH }, () => random.integer(0, 255));
    bytes.set([1, 0], 0);
    for (const high of [14, 15, 22, 23, 30, 31, 38, 39]) bytes[high] = 0;
    if (round % 2 === 0) for (let at = 48; at < ODOMETER_LENGTH; at++) bytes[at] = 48 + (bytes[at]! % 64);
    const odometer = decodeOdometer(bytes);
    if (odometer !== null) t.deepEqual(decodeOdometer(encodeOdometer(odometer)), odometer);
  }
  t.pass();
});
