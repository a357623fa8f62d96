// Sequences that grow with time.
import test from 'ava';
import { clockSequence, isAfter, nextSequence, timeOf } from '../../src/director/vrrp/sequence.ts';

const NOW = 0x6800_0000 * 1000 + 500;

test('a sequence holds seconds, and fractions of them, as the draft lays them out', t => {
  t.is(clockSequence(NOW), 0x6800_0000_8000_0000n);
  t.is(timeOf(0x6800_0000_8000_0000n), NOW);
});

test('it follows the clock, and counts while that stands still or goes back', t => {
  const first = nextSequence(0n, NOW, null);
  t.is(first, clockSequence(NOW));
  t.is(nextSequence(first, NOW, null), first + 1n);
  t.is(nextSequence(first, NOW - 3_600_000, null), first + 1n);
  t.is(nextSequence(first, NOW + 1000, null), clockSequence(NOW + 1000));
});

test('with a time window it follows a clock that was set back', t => {
  const first = clockSequence(NOW);
  t.is(nextSequence(first, NOW - 5000, 5000), first + 1n);
  t.is(nextSequence(first, NOW - 5001, 5000), clockSequence(NOW - 5001));
});

test('the order goes on beyond the wrap', t => {
  const last = 0xffff_ffff_ffff_ffffn;
  t.true(isAfter(1n, 0n));
  t.false(isAfter(1n, 1n));
  t.true(isAfter(0n, last));
  t.is(nextSequence(last, 0, null), 0n);
});
