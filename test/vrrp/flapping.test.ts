// A router that takes over from a master that was there all the time has heard it too late.
import test from 'ava';
import { type Bench, backup, DOWN, HIGHER, LOWER } from './bench.ts';

const LATE = /10\.99\.0\.3 was master all the time/;

/** Takes over from HIGHER after a silence, and what it then says when HIGHER is heard again. */
function relapse(bench: Bench, milliseconds: number, sender = HIGHER): string {
  bench.hear(200, HIGHER);
  bench.pass(DOWN + milliseconds);
  bench.hear(200, sender);
  return bench.reports().join('\n');
}

test('2.5: a master that is heard again within the down interval was never gone: that is logged', t => {
  t.regex(relapse(backup(), 50), LATE);
  t.regex(relapse(backup(), 300), LATE);
});

test('2.5: it is logged once in ten minutes, however often it happens', t => {
  const bench = backup();
  const reports = Array.from({ length: 20 }, () => relapse(bench, 50));
  t.is(reports.filter(text => LATE.test(text)).length, 1);
});

test('a master that comes back later, or another one, is no flapping', t => {
  t.notRegex(relapse(backup(), 310), LATE);
  t.notRegex(relapse(backup(), 50, LOWER), /all the time/);
});

test('a master that had given the group up is no flapping when it comes back', t => {
  const bench = backup();
  bench.hear(200, HIGHER);
  bench.hear(0, HIGHER);
  bench.pass(DOWN - 300);
  bench.hear(200, HIGHER);
  t.notRegex(bench.reports().join('\n'), LATE);
});
