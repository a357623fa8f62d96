// Values that go up and down, by windows and days.
import test from 'ava';
import { DAY, DAYS_KEPT, WINDOW } from '../../src/director/flash/history.ts';
import { addSamples, type GaugeHistory, MOST_GAUGES } from '../../src/director/telemetry/gauges.ts';

type Gauges = ReadonlyMap<string, GaugeHistory>;

function add(gauges: Gauges, value: number, time: number): Gauges {
  return addSamples(gauges, new Map([['heat', value]]), time);
}

test('a window has least, most, sum and count of what was measured in it', t => {
  let gauges: Gauges = new Map();
  for (const [value, time] of [
    [40, 1000],
    [50, 6000],
    [30, 11_000],
  ] as const) {
    gauges = add(gauges, value, time);
  }
  t.deepEqual(gauges.get('heat'), {
    open: { start: 1000, least: 30, most: 50, sum: 120, count: 3 },
    windows: [],
    days: [],
  });
});

test('windows stay in step over a time in which nothing was measured', t => {
  const gauges = add(add(new Map(), 40, 1000), 50, 1000 + 3 * WINDOW + 7);
  const { open, windows } = gauges.get('heat')!;
  t.is(open.start, 1000 + 3 * WINDOW);
  t.is(windows.length, 1);
});

test('two days of windows and a month of days are kept, whatever comes', t => {
  let gauges: Gauges = new Map();
  for (let time = 0; time < 100 * DAY; time += WINDOW) gauges = add(gauges, time, time);
  const { windows, days, open } = gauges.get('heat')!;
  t.is(days.length, DAYS_KEPT);
  t.true(windows.length >= 6 && windows.length < 12);
  const all = [...days, ...windows, open];
  t.true(all.every((period, index) => index === 0 || period.start > all[index - 1]!.start));
  t.is(days[0]!.count, 6);
  t.is(days[0]!.most - days[0]!.least, 5 * WINDOW);
});

test('a clock that began anew begins anew, and names are bounded', t => {
  const gauges = add(add(new Map(), 40, 5000), 50, 1000);
  t.deepEqual(gauges.get('heat')?.open, { start: 1000, least: 50, most: 50, sum: 50, count: 1 });
  const many = new Map(Array.from({ length: 2 * MOST_GAUGES }, (_, index) => [`g${index}`, 1] as const));
  t.is(addSamples(new Map(), many, 0).size, MOST_GAUGES);
});
