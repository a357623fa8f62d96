// When a better router leaves a master in office.
import test from 'ava';
import { backup, DOWN, HIGHER, LOWER, master } from './bench.ts';

/** Hears a master of `priority` every interval for so long; the milliseconds until it took over, or null. */
function takeoverAfter(bench: ReturnType<typeof backup>, priority: number, milliseconds: number) {
  const begin = bench.now;
  while (bench.now < begin + milliseconds) {
    bench.hear(priority, LOWER);
    for (const what of bench.pass(100)) if (what.endsWith('hold')) return bench.now - begin;
  }
  return null;
}

test('without a delay a lower priority is not waited for', t => {
  t.is(takeoverAfter(backup(), 50, 1000), 400);
});

test('preempt_delay: a master of lower priority stays that long after it was first heard', t => {
  const after = takeoverAfter(backup({ preemptDelay: 2000 }), 50, 5000)!;
  t.true(after >= 2000 && after <= 2000 + DOWN + 100, `${after}`);
});

test('preempt_delay: a master that falls silent is replaced all the same', t => {
  const bench = backup({ preemptDelay: 60_000 });
  bench.hear(50, LOWER);
  bench.pass(DOWN);
  t.is(bench.state.phase, 'MASTER');
});

test('preempt_delay: it gives up its interval like any other master', t => {
  const bench = backup({ preemptDelay: 60_000 });
  bench.hear(50, LOWER, { interval: 500 });
  t.is(bench.state.masterInterval, 500);
  bench.hear(0, LOWER);
  t.is(bench.state.timer, bench.now + 5 * (DOWN - 300));
});

test('preempt_delay: a better master in between starts it anew', t => {
  const bench = backup({ preemptDelay: 2000 });
  t.is(takeoverAfter(bench, 50, 1500), null);
  bench.hear(200, HIGHER);
  t.is(bench.state.preemptAt, null);
  t.is(takeoverAfter(bench, 50, 1900), null);
  t.not(takeoverAfter(bench, 50, 1000), null);
});

test('preempt_delay: the loss of a duel starts it anew', t => {
  const bench = backup({ preemptDelay: 2000 });
  takeoverAfter(bench, 50, 5000);
  bench.hear(200, HIGHER);
  t.is(bench.state.phase, 'BACKUP');
  t.is(bench.state.preemptAt, null);
});

test('6.1: an owner does not wait, whatever the delay', t => {
  const bench = master({ priority: 255, preemptDelay: 60_000 });
  bench.hear(255, HIGHER);
  t.is(bench.state.phase, 'BACKUP');
  t.not(takeoverAfter(bench, 50, 1000), null);
});

test('nopreempt: no delay makes it preempt', t => {
  t.is(takeoverAfter(backup({ preempt: false, preemptDelay: 1000 }), 50, 5000), null);
});

test('a master in office gives way at once, whatever the delay', t => {
  const bench = master({ preemptDelay: 60_000 });
  bench.hear(101, LOWER);
  t.is(bench.state.phase, 'BACKUP');
});
