// What the telemetry process knows outlives it.
import test from 'ava';
import { DAY, WINDOW } from '../../src/director/flash/history.ts';
import { UNKNOWN_CARD } from '../../src/director/flash/profiles.ts';
import { addSamples } from '../../src/director/telemetry/gauges.ts';
import { Store } from '../../src/director/telemetry/store.ts';
import { look, NEW_WATCH, type Watch } from '../../src/director/telemetry/watch.ts';
import { device, reading } from '../flash/readings.ts';
import { createDatabases } from './database.ts';

const SLICE = { budget: null, profile: UNKNOWN_CARD, card: null, announced: {} };

/** Days of an hour's step, with writes now and then. */
function live(watch: Watch, from: number, until: number): Watch {
  let state = watch;
  for (let time = from; time <= until; time += WINDOW / 4) {
    const written = Math.floor(time / 10_000_000);
    const devices = ['sda', 'sda4'].map(name =>
      device(name, { writes: written, sectorsWritten: 8 * written }),
    );
    const samples = new Map([['dirty', time % 7]]);
    const at = reading(time, devices, { uptime: time });
    state = look(state, { reading: at, readOnly: new Set(), samples, writers: [], wall: time }, SLICE).watch;
  }
  return state;
}

test('what was saved is there again, whatever the times between', t => {
  const { open } = createDatabases();
  const store = new Store(open('x'));
  t.deepEqual(store.load(), NEW_WATCH);
  let watch = NEW_WATCH;
  let at = 0;
  for (const until of [0, WINDOW / 4, WINDOW, 3 * DAY, 3 * DAY + WINDOW / 2, 40 * DAY]) {
    watch = live(watch, at, until);
    at = until + WINDOW / 4;
    store.save(watch);
    t.deepEqual(new Store(open('x')).load(), watch);
  }
});

test('what is kept of a thing that is forgotten goes too', t => {
  const { open } = createDatabases();
  const store = new Store(open('x'));
  const watch = live(NEW_WATCH, 0, DAY);
  store.save(watch);
  const histories = new Map(watch.monitor.histories);
  histories.delete('sda4');
  const less = { ...watch, monitor: { ...watch.monitor, histories }, gauges: new Map() };
  store.save(less);
  t.deepEqual(new Store(open('x')).load(), less);
});

test('a save that fails half way leaves what was saved before', t => {
  const { open } = createDatabases();
  const store = new Store(open('x'));
  const watch = live(NEW_WATCH, 0, DAY);
  store.save(watch);
  const broken = addSamples(watch.gauges, new Map([['heat', Number.NaN]]), 2 * DAY);
  t.throws(() => store.save({ ...live(watch, DAY + WINDOW, 2 * DAY), gauges: broken }));
  t.deepEqual(new Store(open('x')).load(), watch);
});

test('writers add up by program and file, and the last ones are kept', t => {
  const store = new Store(createDatabases().open('x'));
  const writer = { pid: 7, name: 'cp', bytes: 100, file: '/mnt/a', device: 'sda4' };
  store.addWriters([writer, { ...writer, file: null }], 1000);
  store.addWriters([{ ...writer, pid: 8, bytes: 50 }], 2000);
  t.deepEqual(
    store.writers.map(each => ({ ...each })),
    [
      { name: 'cp', file: '/mnt/a', pid: 8, bytes: 150, at: 2000 },
      { name: 'cp', file: null, pid: 7, bytes: 100, at: 1000 },
    ],
  );
  for (let at = 0; at < 100; at++) store.addWriters([{ ...writer, name: `p${at}` }], 3000 + at);
  t.is(store.writers.length, 32);
  t.is(store.writers[0]?.name, 'p99');
});

test('the last notes are kept', t => {
  const store = new Store(createDatabases().open('x'));
  for (let at = 0; at < 100; at++) store.addNote(at, `note ${at}`);
  t.is(store.notes.length, 50);
  t.like(store.notes[0], { at: 99, text: 'note 99' });
});

test('a database of another form is refused', t => {
  const { open } = createDatabases();
  open('x').exec('CREATE TABLE period (name TEXT); INSERT INTO period VALUES (1)');
  t.throws(() => {
    const store = new Store(open('x'));
    store.save(live(NEW_WATCH, 0, DAY));
    store.load();
  });
});
