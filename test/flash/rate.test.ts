// The range of what is written in a day, worked by hand.
import test from 'ava';
import { addShare, DAY, type History, newHistory, WINDOW } from '../../src/director/flash/history.ts';
import { burstRange, rateOf } from '../../src/director/flash/rate.ts';

/** One share a window, each with so many sectors in one write. */
function windows(sectors: readonly number[], length = WINDOW): History {
  return sectors.reduce(
    (history, sectorsWritten, at) =>
      addShare(history, {
        from: at * length,
        to: (at + 1) * length,
        sectorsRead: 0,
        writes: 1,
        sectorsWritten,
        sectorsPermitted: 0,
        bursts: sectorsWritten > 0 ? 1 : 0,
        readings: 1,
      }),
    newHistory(0),
  );
}

function near(t: { true(value: boolean, message?: string): void }, actual: number, expected: number): void {
  t.true(Math.abs(actual - expected) <= 5e-4 * Math.abs(expected), `${actual} should be near ${expected}`);
}

test('nothing observed is no rate', t => {
  t.is(rateOf(newHistory(0)), null);
});

test("Byar's limits are close to the exact ones of a Poisson count", t => {
  // Exact limits: Breslow and Day, table 2.10 (count 1: 0.0253 to 5.57; 10: 4.80 to 18.4; 100: 81.4 to 121.6).
  const ten = burstRange(10);
  t.deepEqual([ten.least.toFixed(2), ten.most.toFixed(1)], ['4.79', '18.4']);
  const hundred = burstRange(100);
  t.deepEqual([hundred.least.toFixed(1), hundred.most.toFixed(1)], ['81.4', '121.6']);
  t.is(burstRange(1).most.toFixed(2), '5.56');
  t.true(burstRange(1).least > 0 && burstRange(1).least < 0.0253);
  t.is(burstRange(0).least, 0);
});

test('one window is one window: the range is that of its bursts', t => {
  const rate = rateOf(windows([80]))!;
  t.like(rate, { basis: 'bursts', periods: 1, days: 0 });
  // 80 sectors in 4 h are 40,960 bytes, six times that in a day.
  t.is(rate.mean, 245_760);
  near(t, rate.daily.least, 245_760 * burstRange(1).least);
  near(t, rate.daily.most, 245_760 * burstRange(1).most);
});

test('six windows have a spread of their own', t => {
  const rate = rateOf(windows([10, 60, 20, 50, 30, 40]))!;
  t.like(rate, { basis: 'periods', periods: 6, days: 0 });
  // One sector in a window is 512 x 6 = 3,072 bytes a day; the mean is 35 sectors.
  t.deepEqual(rate.daily, { least: 10 * 3072, most: 60 * 3072 });
  t.is(rate.mean, 35 * 3072);
});

test('the most of many is not the most of all: a twentieth on either side is left out', t => {
  // A day has become one period of 6 x 10, then 12 windows less 6 for the day: 6 of 10 and one of 1000 among them.
  const history = windows([...Array(6).fill(10), 10, 10, 10, 10, 10, 10, 10, 10]);
  const rate = rateOf(history)!;
  t.like(rate, { periods: 9, days: 1 });
  t.is(rate.daily.most, 10 * 3072);
});

test('one burst that is most of all there was moves the range to the mean', t => {
  // A month of quiet days and one window with everything: it is below a twentieth of the time.
  const quiet = [...Array(6 * 20).fill(0), 600, ...Array(11).fill(0)];
  const rate = rateOf(windows(quiet))!;
  t.is(rate.daily.least, 0);
  // 600 sectors in 132 windows, of 3,072 bytes a day each.
  near(t, rate.mean, (600 / 132) * 3072);
  t.is(rate.daily.most, rate.mean);
});

test('readings that are days apart make no windows of their own', t => {
  const rate = rateOf(windows([600, 600], DAY))!;
  // Of twelve windows two had readings; the first six are a day by now, which had one.
  t.like(rate, { basis: 'bursts', periods: 2, days: 1 });
  t.is(rate.total.bursts, 2);
  t.is(rate.mean, 600 * 512);
  t.is(rateOf(windows(Array(8).fill(600), DAY))!.basis, 'periods');
});

test('a window that was hardly observed is none', t => {
  const short = addShare(windows([10, 10, 10, 10, 10]), {
    from: 5 * WINDOW,
    to: 5 * WINDOW + WINDOW / 4,
    sectorsRead: 0,
    writes: 1,
    sectorsWritten: 1000,
    sectorsPermitted: 0,
    bursts: 1,
    readings: 1,
  });
  t.is(rateOf(addShare(short, { ...SILENT, from: 7 * WINDOW, to: 7 * WINDOW + 1 }))!.periods, 5);
});

const SILENT = { sectorsRead: 0, writes: 0, sectorsWritten: 0, sectorsPermitted: 0, bursts: 0, readings: 1 };
