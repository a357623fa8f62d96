import test from 'ava';
import { DueQueue, firstDelay, nextRegular, phaseOf } from '../../src/director/check/schedule.ts';

test('any number of checks is spread evenly over the interval', t => {
  for (const count of [1, 2, 5, 30, 200, 2000]) {
    const phases = Array.from({ length: count }, (_, number) => phaseOf(number)).sort((a, b) => a - b);
    const gaps = phases.map((phase, at) => (at + 1 < count ? phases[at + 1]! : phases[0]! + 1) - phase);
    t.true(Math.max(...gaps) < 2 / count + 1e-9, `${count} checks, largest gap ${Math.max(...gaps)}`);
  }
});

test('the first attempts come within a second, or within a shorter interval', t => {
  t.is(firstDelay(0.5, 60_000), 500);
  t.is(firstDelay(0.5, 200), 100);
});

test('a check keeps its own beat, whatever the attempt took', t => {
  const phase = 0.25;
  let now = 12_345;
  for (let round = 0; round < 5; round++) {
    const next = nextRegular(now, phase, 1000);
    t.is(next % 1000, 250);
    t.true(next - now >= 500 && next - now <= 1500);
    now = next + 100 * round;
  }
});

test('the queue gives what is due in the order of time', t => {
  const queue = new DueQueue<number>();
  let seed = 42;
  const dues = Array.from({ length: 500 }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % 1000;
  });
  for (const due of dues) queue.put(due, due);
  t.is(queue.next(), Math.min(...dues));
  t.is(queue.take(-1), null);
  const taken: number[] = [];
  for (let due = queue.take(1000); due !== null; due = queue.take(1000)) taken.push(due);
  t.deepEqual(
    taken,
    dues.sort((a, b) => a - b),
  );
  t.is(queue.next(), null);
});
