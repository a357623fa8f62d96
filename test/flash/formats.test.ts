// The same counters in the columns of every kernel since 2.4 give the same forecast.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { shippedCard } from '../../src/director/flash/profiles.ts';
import { type FlashReport, reportTrace } from '../../src/director/flash/report.ts';
import { parseTrace } from '../../src/director/flash/trace.ts';

/** Linux 6.1: 20 columns. */
const RECORDED = readFileSync(new URL('traces/lab-log.txt', import.meta.url), 'utf8');

function report(text: string): FlashReport {
  return reportTrace(parseTrace(text), {
    card: shippedCard('slc-dynamic')!,
    readOnly: null,
    held: null,
    smart: null,
    calibration: null,
    written: null,
  });
}

/** The recorded trace with each line of counters made anew. */
function withCounters(form: (columns: readonly string[]) => readonly string[]): string {
  return RECORDED.replace(/^ +8 .* sda1? .*$/gm, line => {
    const columns = line.trim().split(/ +/);
    return columns.length === 20 ? form(columns).join(' ') : line;
  });
}

for (const width of [18, 14]) {
  test(`${width} columns`, t => {
    t.deepEqual(report(withCounters(columns => columns.slice(0, width))), report(RECORDED));
  });
}

test('7 columns: partitions of Linux 2.6.0 to 2.6.24', t => {
  const text = withCounters(columns => {
    const [major, minor, name, reads, , sectorsRead, , writes, , sectorsWritten] = columns as string[];
    return name === 'sda'
      ? columns.slice(0, 14)
      : [major!, minor!, name!, reads!, sectorsRead!, writes!, sectorsWritten!];
  });
  t.deepEqual(report(text), report(RECORDED));
});

test('Linux 2.4: in /proc/partitions, behind the name', t => {
  const head =
    'major minor  #blocks  name     rio rmerge rsect ruse wio wmerge wsect wuse running use aveq\n\n';
  const blocks: Readonly<Record<string, string>> = { sda: '62720', sda1: '62688' };
  const old = withCounters(([major, minor, name, ...rest]) => [
    major!,
    minor!,
    blocks[name!]!,
    name!,
    ...rest.slice(0, 11),
  ]).replace(/^# .* boot .*\n/gm, line => `${line}${head}`);
  t.deepEqual(report(old), report(RECORDED));
});
