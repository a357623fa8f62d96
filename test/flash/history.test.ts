// Windows of four hours, days of six of them, a month of days: what is added stays in the sum, and memory stays bounded.
import test from 'ava';
import {
  addShare,
  allPeriods,
  DAY,
  DAYS_KEPT,
  endOf,
  newHistory,
  type Share,
  sumOf,
  WINDOW,
} from '../../src/director/flash/history.ts';
import { Random } from '../simulation/random.ts';

function share(from: number, to: number, changes: Partial<Share> = {}): Share {
  return {
    from,
    to,
    sectorsRead: 0,
    writes: 0,
    sectorsWritten: 0,
    sectorsPermitted: 0,
    bursts: 0,
    readings: 1,
    ...changes,
  };
}

test('what happens within a window is added to it', t => {
  const first = addShare(newHistory(1000), share(1000, 6000, { writes: 1, sectorsWritten: 8, bursts: 1 }));
  const second = addShare(
    first,
    share(6000, 11_000, { sectorsRead: 4, writes: 2, sectorsWritten: 16, bursts: 1 }),
  );
  t.deepEqual(second.open, {
    start: 1000,
    observed: 10_000,
    sectorsRead: 4,
    writes: 3,
    sectorsWritten: 24,
    sectorsPermitted: 0,
    bursts: 2,
    readings: 2,
  });
  t.is(endOf(second), 11_000);
  t.is(first.open.writes, 1, 'what was there before is not changed');
});

test('a window that is full is over at once', t => {
  const history = addShare(newHistory(0), share(0, WINDOW, { sectorsWritten: 8 }));
  t.is(history.windows.length, 1);
  t.is(history.windows[0]!.observed, WINDOW);
  t.is(history.open.start, WINDOW);
  t.is(history.open.observed, 0);
});

test('what lies on both sides of the end of a window is divided by time', t => {
  const before = addShare(newHistory(0), share(0, WINDOW - 1000));
  const history = addShare(before, share(WINDOW - 1000, WINDOW + 3000, { sectorsWritten: 9, writes: 2 }));
  t.is(history.windows[0]!.sectorsWritten, 2);
  t.is(history.open.sectorsWritten, 7);
  t.is(history.windows[0]!.writes + history.open.writes, 2);
  t.is(history.windows[0]!.observed, WINDOW);
  t.is(history.open.observed, 3000);
});

test('windows that only have their part of a longer time had no reading of their own', t => {
  const history = addShare(newHistory(0), share(0, 3 * WINDOW + 1, { sectorsWritten: 30 }));
  t.deepEqual(
    allPeriods(history).map(({ readings, sectorsWritten }) => [readings, sectorsWritten]),
    [
      [0, 10],
      [0, 10],
      [0, 10],
      [1, 0],
    ],
  );
});

test('time that was not observed counts for nothing', t => {
  const before = addShare(newHistory(0), share(0, 1000, { sectorsWritten: 8 }));
  const history = addShare(before, share(WINDOW + 5000, WINDOW + 6000, { sectorsWritten: 8 }));
  t.deepEqual(
    allPeriods(history).map(({ start, observed }) => [start, observed]),
    [
      [0, 1000],
      [WINDOW, 1000],
    ],
  );
});

test('after two days the first becomes one day; its windows are gone', t => {
  let history = newHistory(0);
  for (let at = 0; at < 12; at++) {
    t.is(history.windows.length, at);
    history = addShare(history, share(at * WINDOW, (at + 1) * WINDOW, { sectorsWritten: at + 1 }));
  }
  t.is(history.windows.length, 6);
  t.is(history.windows[0]!.start, DAY);
  t.deepEqual(
    history.days.map(({ start, observed, sectorsWritten, readings }) => [
      start,
      observed,
      sectorsWritten,
      readings,
    ]),
    [[0, DAY, 1 + 2 + 3 + 4 + 5 + 6, 6]],
  );
  t.is(sumOf(allPeriods(history)).sectorsWritten, 78);
});

test('a year fits into the same memory as a month', t => {
  let history = newHistory(0);
  for (let day = 0; day < 365; day++)
    history = addShare(history, share(day * DAY, (day + 1) * DAY, { writes: 6 }));
  t.is(history.days.length, DAYS_KEPT);
  t.true(history.windows.length < 12);
  t.is(history.days.at(-1)!.start + DAY, history.windows[0]!.start);
  t.is(sumOf(history.days).writes, DAYS_KEPT * 6);
});

test('a gap of years is passed over without walking through it', t => {
  const before = addShare(newHistory(0), share(0, 1000, { writes: 5 }));
  const history = addShare(before, share(1e15, 1e15 + 1000, { writes: 7 }));
  t.is(sumOf(allPeriods(history)).writes, 7);
  const long = addShare(newHistory(0), share(0, 1e15, { writes: 1e9, sectorsWritten: 1e9 }));
  t.true(allPeriods(long).length <= 12 + DAYS_KEPT);
  t.is(endOf(long), 1e15);
});

test('what is before the window is refused', t => {
  const history = addShare(newHistory(0), share(0, WINDOW + 1));
  t.throws(() => addShare(history, share(5, WINDOW + 2)), { instanceOf: RangeError });
  t.throws(() => addShare(history, share(WINDOW + 5, WINDOW + 4)), { instanceOf: RangeError });
  t.throws(() => addShare(history, share(Number.NaN, WINDOW + 4)), { instanceOf: RangeError });
});

test('nothing that is added is lost or added twice, however it is cut', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 200; round++) {
    let history = newHistory(0);
    let now = 0;
    let sectors = 0;
    let observed = 0;
    for (let step = 0; step < 50; step++) {
      const from = now + (random.chance(0.25) ? random.integer(0, WINDOW) : 0);
      now = from + random.integer(0, random.chance(0.3) ? DAY / 2 : 20_000);
      const sectorsWritten = random.integer(0, 1000);
      sectors += sectorsWritten;
      observed += now - from;
      history = addShare(history, share(from, now, { sectorsWritten }));
    }
    const sum = sumOf(allPeriods(history));
    t.is(sum.sectorsWritten, sectors);
    t.is(sum.observed, observed);
    t.is(sum.readings, 50);
    t.true(allPeriods(history).every(period => period.sectorsWritten >= 0 && period.observed <= DAY));
  }
});

test('of more than a month the last is kept, and what happened once is not forgotten', t => {
  const once = { writes: 1, sectorsWritten: 2, bursts: 1 };
  for (const months of [1.01, 2, 10, 100]) {
    const length = Math.round(months * 31 * DAY);
    const sum = (changes: Partial<Share>) =>
      sumOf(allPeriods(addShare(newHistory(0), share(0, length, changes))));
    t.is(sum(once).observed, 31 * DAY);
    t.like(sum(once), { writes: 1, bursts: 1, sectorsPermitted: 0 });
    t.true(sum(once).sectorsWritten >= 1);
    const announced = sum({ ...once, sectorsPermitted: 2 });
    t.is(announced.sectorsWritten, announced.sectorsPermitted);
    const partly = sum({ ...once, sectorsPermitted: 1 });
    t.true(partly.sectorsWritten > partly.sectorsPermitted);
    t.is(sum({}).sectorsWritten, 0);
  }
});
