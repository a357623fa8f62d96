// However much is wrong, the log stays readable.
import test from 'ava';
import { type Bench, backup, HIGHER, LOWER } from './bench.ts';

function reportsOf(bench: Bench, action: () => unknown): string[] {
  action();
  return bench.reports();
}

test('two troubles in turn are reported once each', t => {
  const bench = backup();
  const reports = Array.from({ length: 50 }, () => [
    ...reportsOf(bench, () => bench.malformed('checksum', HIGHER)),
    ...reportsOf(bench, () => bench.malformed('password', LOWER)),
  ]).flat();
  t.is(reports.length, 2);
});

test('7.1: troubles without end are reported eight times in ten minutes', t => {
  const bench = backup({ advertInterval: 1000 });
  const flood = () => {
    const reports: string[] = [];
    for (let last = 1; last < 200; last++) {
      reports.push(...reportsOf(bench, () => bench.malformed('checksum', Uint8Array.of(10, 99, 1, last))));
    }
    return reports.length;
  };
  t.is(flood(), 8);
  bench.now += 599_999;
  t.is(flood(), 0);
  bench.now += 1;
  t.is(flood(), 8);
  t.is(bench.state.counters.discarded, 3 * 199);
});

test('what is not reported is told as trouble all the same', t => {
  const bench = backup();
  for (let last = 1; last < 20; last++) bench.malformed('checksum', Uint8Array.of(10, 99, 1, last));
  t.regex(bench.state.trouble!, /10\.99\.1\.19/);
});
