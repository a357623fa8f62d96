// What the telemetry process makes of what it sees: alarms with names, announced writes, the budget.
import test from 'ava';
import { WINDOW } from '../../src/director/flash/history.ts';
import { UNKNOWN_CARD } from '../../src/director/flash/profiles.ts';
import type { CardEvent, TelemetrySlice } from '../../src/director/protocol.ts';
import {
  configure,
  look,
  NEW_WATCH,
  SILENCE,
  type Sight,
  settled,
  troublesOf,
  type Watch,
  writtenInLife,
} from '../../src/director/telemetry/watch.ts';
import type { Writer } from '../../src/director/telemetry/writers.ts';
import { device, reading } from '../flash/readings.ts';

const WALL = Date.UTC(2026, 0, 1, 12);
const CARD = { disk: 'sda', sectors: 1000, counted: 0, day: 0, spent: 0, erased: null };
const SLICE: TelemetrySlice = { budget: null, profile: UNKNOWN_CARD, card: CARD, announced: {} };
const CLOSED = new Set(['sda', 'sda4']);

/** The card after as many sectors have been written to p4 in all. */
function sight(time: number, sectors: number, changes: Partial<Sight> = {}): Sight {
  const counters = { writes: sectors > 0 ? 1 : 0, sectorsWritten: sectors };
  const devices = [device('sda', counters), device('sda4', counters)];
  const wall = WALL + time;
  return {
    ...{
      reading: reading(time, devices, { uptime: time }),
      readOnly: CLOSED,
      samples: new Map(),
      writers: [],
      wall,
    },
    ...changes,
  };
}

function follow(
  sights: readonly Sight[],
  slice = SLICE,
  watch = NEW_WATCH,
): { watch: Watch; events: CardEvent[] } {
  const events: CardEvent[] = [];
  let state = watch;
  for (const each of sights) {
    const step = look(state, each, slice);
    state = step.watch;
    events.push(...step.events);
  }
  return { watch: state, events };
}

const EVIL: Writer = { pid: 77, name: 'evil', bytes: 8192, file: '/dev/sda4', device: 'sda4' };
const SHELL: Writer = { pid: 80, name: 'sh', bytes: 512, file: '/home/x', device: 'sdb1' };

test('a write to what is read-only is an alarm that names who wrote', t => {
  const { watch, events } = follow([sight(0, 0), sight(5000, 16, { writers: [EVIL, SHELL] })]);
  t.deepEqual(
    events.map(({ device: name, kind, reason }) => [name, kind, reason]),
    [['sda4', 'alarm', '16 sectors written to sda4, which were not announced, by evil (pid 77, /dev/sda4)']],
  );
  t.is(events[0]?.at, WALL + 5000);
  t.deepEqual(troublesOf(watch), ['ALARM: 16 sectors written to sda4, which were not announced']);
});

test('nobody who still runs is to blame for what an ended process wrote', t => {
  const { events } = follow([sight(0, 0), sight(5000, 16)]);
  t.regex(events[0]!.reason, /, by a process that has ended$/);
});

test('one whose writes the kernel refuses is named as well, though nothing was written', t => {
  const { events } = follow([sight(0, 0), sight(5000, 0, { writers: [EVIL, SHELL] })]);
  t.deepEqual(
    events.map(({ device: name, kind, reason }) => [name, kind, reason]),
    [
      [
        'sda4',
        'alarm',
        'evil (pid 77, /dev/sda4) writes 8.0 KiB to sda4, of which nothing has reached the card so far',
      ],
    ],
  );
});

test('pages reach the disk later than they were written: who wrote is remembered for a minute', t => {
  const late = (time: number) => {
    const { events } = follow([sight(0, 0), sight(5000, 0, { writers: [EVIL] }), sight(time, 16)]);
    return events.at(-1)?.reason;
  };
  t.is(late(35_000), '16 sectors written to sda4, which were not announced, by evil (pid 77, /dev/sda4)');
  t.is(late(66_000), '16 sectors written to sda4, which were not announced, by a process that has ended');
});

test('who has no file open there any more is named only when nobody has', t => {
  const ended = { ...SHELL, file: null, device: null };
  const first = (writers: Writer[]) => follow([sight(0, 0), sight(5000, 16, { writers })]).events[0]?.reason;
  t.regex(first([ended, EVIL]) ?? '', /, by evil \(pid 77, \/dev\/sda4\)$/);
  t.regex(first([ended]) ?? '', /, by sh \(pid 80\)$/);
});

test('while a commit writes, who writes it is no culprit', t => {
  const slice = { ...SLICE, announced: { sda: 24, sda4: 24 } };
  const control = { ...EVIL, name: 'director: contr' };
  t.deepEqual(
    follow([sight(0, 0), sight(5000, 0, { writers: [control] }), sight(10_000, 24)], slice).events,
    [],
  );
});

test('a card that can be written to is an alarm, unless a commit opens it for a moment', t => {
  const open = new Set(['sda']);
  const moment = [sight(0, 0), sight(5000, 0, { readOnly: open }), sight(10_000, 0)];
  t.deepEqual(follow(moment).events, []);
  const left = follow([...moment.slice(0, 2), sight(10_000, 0, { readOnly: open })]);
  t.deepEqual(
    left.events.map(({ kind, reason }) => [kind, reason]),
    [['alarm', 'sda4 can be written to, and nothing was announced']],
  );
  t.deepEqual(troublesOf(left.watch), ['ALARM: sda4 can be written to, and nothing was announced']);
  const elsewhere = { ...SLICE, card: null };
  t.deepEqual(
    follow([sight(0, 0, { readOnly: null }), sight(5000, 8, { readOnly: null })], elsewhere).events,
    [],
  );
});

test('who makes the card writable to write to it is caught as well', t => {
  const { events } = follow([sight(0, 0), sight(5000, 16, { readOnly: new Set(), writers: [EVIL] })]);
  t.is(events.filter(({ reason }) => reason.includes('evil')).length, 1);
});

test('what goes on and on is told now and then', t => {
  const sights = Array.from({ length: SILENCE / 5000 + 2 }, (_, index) => sight(index * 5000, index));
  t.is(follow(sights).events.filter(({ device: name }) => name === 'sda4').length, 2);
});

test('what was announced is no alarm, as often as it is seen, and no more than that', t => {
  const slice = { ...SLICE, announced: { sda: 24, sda4: 24 } };
  const { watch, events } = follow([sight(0, 0), sight(5000, 8), sight(10_000, 24)], slice);
  t.deepEqual(events, []);
  t.deepEqual(troublesOf(watch), []);
  t.is(follow([sight(15_000, 25)], slice, watch).events.length, 1);
  const more = { ...SLICE, announced: { sda: 48, sda4: 48 } };
  t.deepEqual(follow([sight(15_000, 48)], more, watch).events, []);
});

test('what was announced and never came covers nothing later', t => {
  const slice = { ...SLICE, announced: { sda: 24, sda4: 24 } };
  const { watch } = follow([sight(0, 0), sight(5000, 8)], slice);
  t.is(follow([sight(10_000, 16)], slice, settled(watch, slice)).events.length, 1);
});

test('announcements are those of a boot', t => {
  const slice = { ...SLICE, announced: { sda: 24, sda4: 24 } };
  const { watch } = follow([sight(0, 0), sight(5000, 24)], slice);
  const next = sight(1000, 24);
  const booted = { ...next, reading: { ...next.reading, boot: 'boot-2' } };
  const { events } = follow([booted], slice, watch);
  t.deepEqual(
    events.map(({ kind, device: name }) => [kind, name]),
    [['device', null]],
  );
});

const BUDGET: TelemetrySlice = { ...SLICE, budget: 100 * 512, announced: { sda: 1e6, sda4: 1e6 } };

test('the budget is told at 50, 80 and 100 %, and anew on a new day', t => {
  let { watch } = follow([sight(0, 0)], BUDGET);
  watch = configure(watch, BUDGET, WALL).watch;
  const sights = [49, 50, 80, 99, 100, 200].map((sectors, index) => sight((index + 1) * 5000, sectors));
  const day = 86_400_000;
  const told = follow([...sights, sight(day, 200), sight(day + 5000, 250)], BUDGET, watch);
  t.deepEqual(
    told.events.map(({ kind, reason }) => [kind, reason]),
    [
      ['budget', '50 % of the flash budget: 25 KiB of 50 KiB written today (50 %)'],
      ['budget', '80 % of the flash budget: 40 KiB of 50 KiB written today (80 %)'],
      ['alarm', 'the flash budget is spent: 50 KiB of 50 KiB written today (100 %)'],
      ['budget', 'a new day, 100 KiB were written on the one before'],
      ['budget', '50 % of the flash budget: 25 KiB of 50 KiB written today (50 %)'],
    ],
  );
});

test('a budget goes on where the odometer was, with what was written since', t => {
  const day = Math.floor(WALL / 86_400_000);
  const slice = { ...BUDGET, card: { ...CARD, day, spent: 10 * 512, counted: 8 } };
  const { watch } = follow([sight(0, 20)], slice);
  const { watch: begun, events } = configure(watch, slice, WALL);
  t.is(begun.budget?.spent, (10 + 12) * 512);
  t.deepEqual(events, []);
  t.is(writtenInLife(begun, slice.card), (1000 + 12) * 512);
  t.is(writtenInLife(begun, null), null);
  t.is(configure(begun, { ...slice, card: null }, WALL).watch.budget, null);
  const [tight] = configure(begun, { ...slice, budget: 20 * 512 }, WALL).events.slice(-1);
  t.like(tight, { kind: 'alarm', device: 'sda', subject: 'CARD' });
});

test('windows go on as the readings come', t => {
  const { watch } = follow([sight(0, 0), sight(WINDOW, 8), sight(2 * WINDOW, 24)], {
    ...SLICE,
    announced: { sda: 24, sda4: 24 },
  });
  const { windows } = watch.monitor.histories.get('sda4')!;
  t.deepEqual(
    windows.map(({ sectorsWritten, sectorsPermitted }) => [sectorsWritten, sectorsPermitted]),
    [
      [8, 8],
      [16, 16],
    ],
  );
});
