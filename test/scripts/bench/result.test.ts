import test from 'ava';
import { describe, median, row } from '../../../scripts/bench/result.ts';

test('the median is the middle value, or the mean of the two in the middle', t => {
  t.is(median([9, 1, 5]), 5);
  t.is(median([4, 1, 2, 9]), 3);
  t.throws(() => median([]));
});

test('a target is a ceiling, or a floor where more is better', t => {
  t.true(row('size', [3, 5, 4], { target: 4 }).holds);
  t.false(row('size', [5], { target: 4 }).holds);
  t.true(row('rate', [5], { target: 4, atLeast: true }).holds);
  t.is(row('size', [5]).holds, null);
});

test('a row has our median beside that of the peer', t => {
  t.like(row('time', [2, 4, 3], { peer: [6] }), {
    ours: 3,
    peer: 6,
    ratio: 0.5,
    runs: 3,
    minimum: 2,
    maximum: 4,
  });
});

test('the table says what was missed', t => {
  const rows = [row('size', [5], { target: 4 }), row('time', [1], { unit: 'ms' })];
  const text = describe({ name: 'boot', unit: 'KiB', machine: 'one', rows });
  t.regex(text, /^size +5 +KiB +- +- +4 +MISSED$/m);
  t.regex(text, /^time +1 +ms +- +- +-$/m);
});

test('the table shows an interval and what is beyond a standard where a row has them', t => {
  const compared = {
    ...row('dies', [331], { peer: [332] }),
    ...({ target: 1, targetOf: 'ratio', interval: [0.99, 1.0004], holds: true } as const),
    beyond: { ours: 1.2, peer: 2.2, difference: [-1.5, -0.25] } as const,
  };
  const text = describe({ name: 'failover', unit: 'ms', machine: 'one', rows: [compared] });
  t.regex(text, /0\.997 \(0\.99 to 1\) +x 1 +holds +1\.2, 2\.2 +-1 \(-1\.5 to -0\.25\)$/m);
});
