// Interfaces that fail, new settings, and the switches for deviations.
import test from 'ava';
import { NO_DEVIATIONS } from '../../src/director/vrrp/deviations.ts';
import { nextTimer } from '../../src/director/vrrp/instance.ts';
import { Bench, backup, DOWN, HIGHER, LOWER, master, OWN, SETTINGS, VIP } from './bench.ts';

const UP = { up: true, address: OWN };

test('an instance on an interface that is down or has no address is faulty', t => {
  const bench = new Bench({}, null);
  t.deepEqual(bench.start(), []);
  t.is(bench.state.phase, 'FAULT');
  t.is(nextTimer(bench.state), null);
  t.regex(bench.reports()[0]!, /no IPv4 address/);
  bench.send({ kind: 'link', link: UP });
  t.is(bench.state.phase, 'BACKUP');
  t.is(bench.state.timer, bench.now + DOWN);
});

test('a master whose interface goes down takes its addresses off and starts again as backup', t => {
  const bench = master();
  t.deepEqual(bench.send({ kind: 'link', link: { up: false, address: OWN } }), ['leave']);
  t.is(bench.state.phase, 'FAULT');
  t.deepEqual(bench.pass(10_000), []);
  t.deepEqual(bench.send({ kind: 'link', link: UP }), []);
  t.is(bench.state.phase, 'BACKUP');
});

test('an owner whose interface comes back is master at once', t => {
  const bench = master({ priority: 255 });
  bench.send({ kind: 'link', link: { up: false, address: OWN } });
  t.deepEqual(bench.send({ kind: 'link', link: UP }), ['advertise 255', 'hold', 'announce']);
});

test('another primary address does not end mastership', t => {
  const bench = master();
  t.deepEqual(bench.send({ kind: 'link', link: { up: true, address: LOWER } }), []);
  t.is(bench.state.phase, 'MASTER');
  bench.hear(100, OWN);
  t.is(bench.state.phase, 'BACKUP');
});

test('a faulty or stopped instance ignores advertisements, and a link does not start a stopped one', t => {
  const bench = new Bench();
  t.deepEqual(bench.hear(0, HIGHER), []);
  t.deepEqual(bench.send({ kind: 'link', link: UP }), []);
  t.is(bench.state.phase, 'INITIALIZE');
});

test('starting twice changes nothing', t => {
  const bench = master();
  const { state } = bench;
  t.deepEqual(bench.start(), []);
  t.deepEqual(bench.state, state);
});

test('new settings that change nothing for the peers let the addresses be held as before', t => {
  for (const [bench, effects] of [
    [master(), ['hold']],
    [backup(), []],
  ] as const) {
    const { state } = bench;
    t.deepEqual(
      bench.send({ kind: 'settings', settings: { ...SETTINGS, addresses: [VIP.slice()] } }),
      effects,
    );
    t.deepEqual({ ...bench.state, settings: SETTINGS }, { ...state, settings: SETTINGS });
  }
});

test('a master keeps mastership over new addresses and tells of them', t => {
  const bench = master();
  bench.pass(2000);
  const settings = { ...SETTINGS, addresses: [VIP, LOWER] };
  t.deepEqual(bench.send({ kind: 'settings', settings }), ['advertise 100', 'hold', 'announce']);
  t.is(bench.state.phase, 'MASTER');
});

test('a master keeps mastership over a new priority or interval and tells of it', t => {
  const bench = master();
  t.deepEqual(bench.send({ kind: 'settings', settings: { ...SETTINGS, priority: 90 } }), [
    'advertise 90',
    'hold',
  ]);
  const settings = { ...SETTINGS, priority: 90, advertInterval: 500 };
  t.deepEqual(bench.send({ kind: 'settings', settings }), ['advertise 90', 'hold']);
  t.is(bench.state.timer, bench.now + 500);
});

test('a backup moves its timer by what the new settings change', t => {
  const bench = backup();
  bench.hear(150, HIGHER);
  bench.pass(50);
  bench.send({ kind: 'settings', settings: { ...SETTINGS, priority: 228 } });
  t.is(bench.state.timer! - bench.now, 300 + (28 * 100) / 256 - 50);
  bench.send({ kind: 'settings', settings: { ...SETTINGS, priority: 228, advertInterval: 1000 } });
  t.is(bench.state.masterInterval, 100, 'the interval of the master counts');
});

test('a backup that knows no master waits on its own new interval', t => {
  const bench = backup();
  bench.send({ kind: 'settings', settings: { ...SETTINGS, advertInterval: 1000 } });
  t.is(bench.state.timer, bench.now + 10 * DOWN);
});

test('version 2: another interval takes part in the election and is adopted', t => {
  const bench = backup({ version: 2, advertInterval: 1000 });
  bench.hear(150, HIGHER, { interval: 5000 });
  t.is(bench.state.timer, bench.now + 15_000 + (156 * 1000) / 256);
  t.truthy(bench.state.trouble);
});

test('RFC 3768 7.1, deviation off: another interval is discarded', t => {
  const bench = master({ version: 2, advertInterval: 1000, deviations: NO_DEVIATIONS });
  t.deepEqual(bench.hear(200, HIGHER, { interval: 5000 }), []);
  t.is(bench.state.phase, 'MASTER');
  t.is(bench.state.counters.discarded, 1);
});

test('RFC 3768 6.4.3, deviation off: a losing advertisement is ignored by a version 2 master', t => {
  const old = master({ version: 2, advertInterval: 1000, deviations: NO_DEVIATIONS });
  t.deepEqual(old.hear(50, HIGHER), []);
  const ours = master({ version: 2, advertInterval: 1000 });
  t.deepEqual(ours.hear(50, HIGHER), ['advertise 100']);
});

test('no event touches the state it is given', t => {
  const bench = master();
  const { state } = bench;
  const copy = structuredClone(state);
  bench.hear(50, LOWER);
  bench.hear(200, HIGHER);
  bench.send({ kind: 'stop' });
  t.deepEqual(state, copy);
});
