// From reading to reading: what is kept of each device, and what has to be told.
import test from 'ava';
import type { Reading } from '../../src/director/flash/difference.ts';
import { allPeriods, sumOf, WINDOW } from '../../src/director/flash/history.ts';
import {
  type Circumstances,
  forbiddenWrites,
  type Monitor,
  type MonitorEvent,
  NEW_MONITOR,
  observe,
} from '../../src/director/flash/monitor.ts';
import { device, reading } from './readings.ts';

const OPEN: Circumstances = { readOnly: new Set(), permitted: new Map() };
const CLOSED: Circumstances = { readOnly: new Set(['sda', 'sda1', 'sda4']), permitted: new Map() };

function follow(
  readings: readonly Reading[],
  circumstances: Circumstances = OPEN,
): [Monitor, MonitorEvent[]] {
  let state = NEW_MONITOR;
  const events: MonitorEvent[] = [];
  for (const each of readings) {
    const step = observe(state, each, circumstances);
    state = step.state;
    events.push(...step.events);
  }
  return [state, events];
}

function written({ histories }: Monitor, name: string): number {
  return sumOf(allPeriods(histories.get(name)!)).sectorsWritten;
}

test('each disk and partition has a history of its own; what lives in memory has none', t => {
  const [state, events] = follow([
    reading(0, [device('sda'), device('sda4'), device('ram0')]),
    reading(5000, [
      device('sda', { sectorsWritten: 16 }),
      device('sda4', { sectorsWritten: 8 }),
      device('ram0'),
    ]),
  ]);
  t.deepEqual([...state.histories.keys()], ['sda', 'sda4']);
  t.is(written(state, 'sda'), 16);
  t.is(written(state, 'sda4'), 8);
  t.deepEqual(events, []);
});

test('a difference with writes is one burst, whatever their number', t => {
  const [state] = follow([
    reading(0, [device('sda')]),
    reading(5000, [device('sda', { writes: 40, sectorsWritten: 320 })]),
    reading(10_000, [device('sda', { writes: 40, sectorsWritten: 320 })]),
    reading(15_000, [device('sda', { writes: 41, sectorsWritten: 328 })]),
  ]);
  t.like(state.histories.get('sda')!.open, { bursts: 2, readings: 4, writes: 41, observed: 15_000 });
});

test('any write to what is read-only is told at once, and remembered', t => {
  const [state, events] = follow(
    [reading(0, [device('sda1')]), reading(5000, [device('sda1', { writes: 1, sectorsWritten: 2 })])],
    CLOSED,
  );
  t.deepEqual(events, [{ type: 'forbidden write', name: 'sda1', sectors: 2 }]);
  t.deepEqual(forbiddenWrites(state.histories, CLOSED.readOnly), [{ name: 'sda1', sectors: 2 }]);
  t.deepEqual(forbiddenWrites(state.histories, new Set()), []);
});

test('what was written before the first reading is told as well', t => {
  const first = reading(60_000, [device('sda1', { sectorsWritten: 8 })], { uptime: 30_000 });
  t.deepEqual(follow([first], CLOSED)[1], [{ type: 'forbidden write', name: 'sda1', sectors: 8 }]);
});

test('a commit that was announced is no alarm; one sector more is', t => {
  const before = follow([reading(0, [device('sda'), device('sda4')])], CLOSED)[0];
  const permitted = new Map([
    ['sda', 8],
    ['sda4', 8],
  ]);
  const at = (sectorsWritten: number) =>
    reading(5000, [device('sda', { sectorsWritten }), device('sda4', { sectorsWritten })]);
  const commit = observe(before, at(8), { ...CLOSED, permitted });
  t.deepEqual(commit.events, []);
  t.deepEqual(forbiddenWrites(commit.state.histories, CLOSED.readOnly), []);
  t.is(commit.state.histories.get('sda4')!.open.sectorsPermitted, 8);
  t.deepEqual(observe(before, at(9), { ...CLOSED, permitted }).events, [
    { type: 'forbidden write', name: 'sda4', sectors: 1 },
  ]);
});

test('of a disk only what was written beside its partitions is told', t => {
  const names = ['sda', 'sda1', 'sda4'];
  const closed = { ...CLOSED, readOnly: new Set(names) };
  const at = (time: number, counts: readonly number[]) =>
    reading(
      time,
      names.map((name, index) => device(name, { sectorsWritten: counts[index]! })),
    );
  const before = observe(NEW_MONITOR, at(0, [0, 0, 0]), closed).state;
  const told = (counts: readonly number[]) =>
    observe(before, at(5000, counts), closed).events.map(event => 'name' in event && event.name);
  t.deepEqual(told([5, 2, 3]), ['sda1', 'sda4']);
  t.deepEqual(told([6, 2, 3]), ['sda', 'sda1', 'sda4']);
  t.deepEqual(told([1, 0, 0]), ['sda']);
});

test('what was announced and did not happen permits nothing later', t => {
  const before = follow([reading(0, [device('sda4')])], CLOSED)[0];
  const quiet = observe(before, reading(5000, [device('sda4')]), {
    ...CLOSED,
    permitted: new Map([['sda4', 8]]),
  });
  const late = observe(quiet.state, reading(9000, [device('sda4', { sectorsWritten: 8 })]), CLOSED);
  t.is(late.events.length, 1);
});

test('cards that are pulled and come back are told, and go on in their history', t => {
  const [state, events] = follow([
    reading(0, [device('sda', { reads: 9, sectorsWritten: 100 })]),
    reading(5000, [device('sda', { reads: 9, sectorsWritten: 108 })]),
    reading(10_000, []),
    reading(15_000, [device('sda', { reads: 1, sectorsWritten: 8 })]),
  ]);
  t.deepEqual(events, [
    { type: 'gone', name: 'sda' },
    { type: 'appeared', name: 'sda' },
  ]);
  t.is(written(state, 'sda'), 16);
  t.is(state.histories.get('sda')!.open.observed, 10_000, 'without the time that it was gone');
});

test('a reboot is told, and is no wrap', t => {
  const [state, events] = follow([
    reading(0, [device('sda', { sectorsWritten: 4_294_967_290 })]),
    reading(60_000, [device('sda', { sectorsWritten: 4 })], { boot: 'boot-2', uptime: 20_000 }),
  ]);
  t.deepEqual(events, [{ type: 'rebooted', assumed: false }]);
  t.is(written(state, 'sda'), 4);
  t.is(sumOf(allPeriods(state.histories.get('sda')!)).observed, 20_000);
});

test('with a clock that begins anew the history does as well', t => {
  const [state] = follow([
    reading(9e9, [device('sda', { sectorsWritten: 50 })]),
    reading(10_000, [device('sda', { sectorsWritten: 4 })], { boot: 'boot-2', uptime: 10_000 }),
    reading(15_000, [device('sda', { sectorsWritten: 6 })], { boot: 'boot-2', uptime: 15_000 }),
  ]);
  t.is(written(state, 'sda'), 6);
  t.is(state.histories.get('sda')!.open.start, 0);
});

test('devices without end do not fill the memory', t => {
  const readings = Array.from({ length: 100 }, (_, at) =>
    reading(at * 1000, [device('sda'), device(`sd-${at}`)]),
  );
  const [state] = follow(readings);
  t.true(state.histories.size <= 32);
  t.true(state.histories.has('sda'));
  t.true(state.histories.has('sd-99'), 'those that are gone gave way');
  const crowd = Array.from({ length: 100 }, (_, at) => device(`sd-${at}`));
  t.is(follow([reading(0, crowd), reading(1000, crowd)])[0].histories.size, 32);
});

test('readings every five seconds for a day leave six windows', t => {
  let state = NEW_MONITOR;
  for (let at = 0; at <= (6 * WINDOW) / 5000; at++) {
    const counters = { writes: at, sectorsWritten: at * 8 };
    state = observe(state, reading(at * 5000, [device('sda', counters)]), OPEN).state;
  }
  const history = state.histories.get('sda')!;
  t.deepEqual(
    history.windows.map(({ observed, writes }) => [observed, writes]),
    Array(6).fill([WINDOW, 2880]),
  );
});
