// A day of hours and a month of days of heat.
import test from 'ava';
import { type HeatHistory, NO_HEAT, remember } from '../../src/director/hardware/heat-history.ts';

const MINUTE = 60_000;

function after(hours: number, celsius: (hour: number) => number): HeatHistory {
  let history = NO_HEAT;
  for (let minute = 0; minute < hours * 60; minute++) {
    const degrees = celsius(Math.floor(minute / 60));
    history = remember(history, degrees, degrees >= 70, minute * MINUTE);
  }
  return history;
}

test('an hour knows its least, its most, its mean, and how much of it was warm', t => {
  let history = NO_HEAT;
  for (const [index, celsius] of [40, 75, 50].entries()) {
    history = remember(history, celsius, celsius >= 70, index * MINUTE);
  }
  t.deepEqual(history.hours, [{ from: 0, least: 40, mean: 55, most: 75, count: 3, warm: 1 }]);
  t.deepEqual(history.days, history.hours);
});

test('a day of hours and a month of days are kept, not more', t => {
  const { hours, days } = after(40 * 24, hour => 40 + (hour % 24));
  t.is(hours.length, 24);
  t.is(days.length, 31);
  t.deepEqual(
    hours.map(({ mean }) => mean),
    Array.from({ length: 24 }, (_, hour) => 40 + hour),
  );
  t.true(days.every(({ least, most, count }) => least === 40 && most === 63 && count === 1440));
});

test('a gap in which nothing was measured moves no hour', t => {
  let history = remember(NO_HEAT, 40, false, 0);
  history = remember(history, 50, false, 150 * MINUTE);
  t.deepEqual(
    history.hours.map(({ from }) => from),
    [0, 120 * MINUTE],
  );
  t.is(history.days.length, 1);
});
