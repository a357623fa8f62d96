import test from 'ava';
import { nextRampStep, rampElapsed, rampedWeight } from '../../src/director/check/ramp.ts';
import { Random } from '../simulation/random.ts';

/** The weights that a ramp from 0 on sets, with the moments. */
function course(weight: number, duration: number): { at: number; weight: number }[] {
  const steps = [{ at: 0, weight: rampedWeight(weight, 0, duration) }];
  for (let at = nextRampStep(0, duration, 0); at !== null; at = nextRampStep(0, duration, at)) {
    steps.push({ at, weight: rampedWeight(weight, at, duration) });
  }
  return steps;
}

test('a weight grows by even steps to its own', t => {
  t.deepEqual(
    course(100, 4000).map(({ at, weight }) => `${at} ${weight}`),
    ['0 20', '1000 40', '2000 60', '3000 80', '4000 100'],
  );
});

test('a small weight is at least 1 all the time, none stays none', t => {
  t.true(course(1, 60_000).every(({ weight }) => weight === 1));
  t.true(course(0, 60_000).every(({ weight }) => weight === 0));
});

test('a ramp is over at its end', t => {
  t.is(nextRampStep(500, 1000, 1500), null);
  t.is(rampedWeight(7, 1000, 1000), 7);
  t.is(rampedWeight(7, 5000, 0), 7);
});

test('whatever its length, a ramp only grows, takes few steps with a second between them, and ends at the weight', t => {
  const seed = Number(process.env.SEED ?? 20261121);
  const random = new Random(seed);
  for (let round = 0; round < 300; round++) {
    const weight = random.integer(0, 65_535);
    const duration = random.integer(1, 3_600_000);
    const steps = course(weight, duration);
    const where = `seed ${seed}: weight ${weight} in ${duration}`;
    t.true(steps.length <= 22, where);
    t.deepEqual(steps.at(-1), { at: duration, weight }, where);
    steps.slice(1, -1).forEach((step, before) => {
      t.true(step.weight >= steps[before]!.weight, where);
      t.true(step.at - steps[before]!.at >= 999.9, where);
    });
  }
});

test('where a ramp is can be told from the weight that it has reached', t => {
  for (const { at, weight } of course(1000, 20_000)) t.is(rampElapsed(1000, weight, 20_000), at);
});
