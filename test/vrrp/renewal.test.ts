// When what is held is renewed.
import test from 'ava';
import { nextDue, type Renewable, schedule, takeDue } from '../../src/director/vrrp/renewal.ts';

function things(count: number): Renewable[] {
  return Array.from({ length: count }, () => ({ due: 0 }));
}

/** How many are renewed at which moments, from 0 on. */
function run(all: readonly Renewable[], until: number): [number, number][] {
  const wakes: [number, number][] = [];
  for (let now = nextDue(all); now !== null && now <= until; now = nextDue(all)) {
    wakes.push([now, takeDue(all, 1000, now).length]);
  }
  return wakes;
}

test('a few are renewed together, once in every interval', t => {
  const all = things(5);
  schedule(all, 1000, 0);
  t.deepEqual(run(all, 3000), [
    [1000, 5],
    [2000, 5],
    [3000, 5],
  ]);
});

test('hundreds are spread over the interval, and stay spread', t => {
  const all = things(200);
  schedule(all, 1000, 0);
  const wakes = run(all, 5000);
  t.true(wakes.every(([, count]) => count <= 32));
  t.is(
    wakes.filter(([now]) => now > 1000 && now <= 2000).reduce((sum, [, count]) => sum + count, 0),
    200,
  );
  t.is(wakes.filter(([now]) => now > 1000 && now <= 2000).length, 10);
});

test('those that are due at nearly the same time share a wake-up', t => {
  const all = things(3);
  schedule(all.slice(0, 1), 1000, 0);
  schedule(all.slice(1), 1000, 40);
  t.deepEqual(run(all, 2000), [
    [1000, 3],
    [2000, 3],
  ]);
});

test('after a long sleep everything is renewed once, not once for each interval that was missed', t => {
  const all = things(2);
  schedule(all, 1000, 0);
  t.is(takeDue(all, 1000, 60_000).length, 2);
  t.is(nextDue(all), 60_950);
  t.is(nextDue([]), null);
});
