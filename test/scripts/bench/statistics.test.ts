import test from 'ava';
import { interval, random } from '../../../scripts/bench/statistics.ts';

const ratio = (our: number, peer: number) => our / peer;

test('random numbers repeat with their seed and are spread over 0 to 1', t => {
  const numbers = (seed: number) => Array.from({ length: 1000 }, random(seed));
  t.deepEqual(numbers(7), numbers(7));
  t.notDeepEqual(numbers(7), numbers(8));
  const mean = numbers(7).reduce((sum, each) => sum + each, 0) / 1000;
  t.true(Math.abs(mean - 0.5) < 0.05, String(mean));
  t.true(numbers(7).every(each => each >= 0 && each < 1));
});

test('values that do not vary give a point', t => {
  t.deepEqual(interval([2, 2, 2], [4, 4], ratio), [0.5, 0.5]);
});

test('values from one population have 1 in their interval, others have not', t => {
  const next = random(3);
  const values = (center: number) => Array.from({ length: 15 }, () => center + next());
  const [low, high] = interval(values(10), values(10), ratio);
  t.true(low <= 1 && high >= 1 && high - low < 0.2, `${low} to ${high}`);
  const [, below] = interval(values(10), values(20), ratio);
  t.true(below < 0.6, String(below));
});
