// What trackers and sync groups do to an instance.
import test from 'ava';
import { Bench, backup, DOWN, HIGHER, LOWER, master, OWN } from './bench.ts';

function track(bench: Bench, adjustment: number, ...faults: string[]): string[] {
  return bench.send({ kind: 'tracking', adjustment, faults });
}

/** The down interval at 100 ms of a priority. */
const down = (priority: number) => 300 + ((256 - priority) * 100) / 256;

test('5.2.4: the priority in force is the configured one and the adjustment; a backup has 1 to 254, an owner 255', t => {
  for (const [configured, adjustment, expected] of [
    [100, 20, 120],
    [100, -20, 80],
    [100, -200, 1],
    [100, 200, 254],
    [254, 1, 254],
    [255, -100, 255],
    [255, 253, 255],
  ] as const) {
    const bench = backup({ priority: configured });
    track(bench, adjustment);
    t.is(bench.state.priority, expected, `${configured} ${adjustment}`);
  }
});

test('a master tells its new priority at once and goes on with it', t => {
  const bench = master();
  bench.pass(50);
  t.deepEqual(track(bench, -10), ['advertise 90']);
  t.deepEqual(bench.reports(), ['priority 90, configured 100']);
  t.deepEqual(bench.pass(100), ['100: advertise 90']);
  t.deepEqual(track(bench, -10), []);
});

test('a backup waits as long as its new priority wants, and the silence so far counts', t => {
  const bench = backup();
  bench.pass(50);
  track(bench, 50);
  t.is(bench.state.timer, bench.now - 50 + down(150));
});

test('the priority in force decides elections', t => {
  const lost = master();
  track(lost, -10);
  lost.hear(95, LOWER);
  t.is(lost.state.phase, 'BACKUP');
  const won = master();
  track(won, 10);
  won.hear(105, HIGHER);
  t.is(won.state.phase, 'MASTER');
  const preempting = backup();
  track(preempting, 10);
  const { timer } = preempting.state;
  preempting.pass(50);
  preempting.hear(105, HIGHER);
  t.is(preempting.state.timer, timer);
});

test('a new configuration keeps the adjustment', t => {
  const bench = master();
  track(bench, -10);
  bench.send({ kind: 'settings', settings: { ...bench.state.settings, priority: 150 } });
  t.is(bench.state.priority, 140);
});

test('a fault makes a master give the group up with priority 0, and nothing else', t => {
  const bench = master();
  t.deepEqual(track(bench, -10, 'script web failed'), ['advertise 0', 'leave']);
  t.is(bench.state.phase, 'FAULT');
  t.deepEqual(bench.reports()[0], 'entering FAULT: script web failed');
  t.deepEqual(bench.pass(5000), []);
});

test('a fault with the link down says nothing: nobody could hear it', t => {
  const bench = master();
  t.deepEqual(bench.send({ kind: 'link', link: { up: false, address: OWN } }), ['leave']);
  track(bench, 0, 'script web failed');
  bench.send({ kind: 'link', link: { up: true, address: OWN } });
  t.is(bench.state.phase, 'FAULT', 'both have to be gone');
  track(bench, 0);
  t.is(bench.state.phase, 'BACKUP');
});

test('an instance leaves FAULT as backup, with the priority it has by then', t => {
  const bench = new Bench();
  track(bench, 0, 'no word of script web yet');
  bench.start();
  t.is(bench.state.phase, 'FAULT');
  track(bench, 50);
  t.is(bench.state.phase, 'BACKUP');
  t.is(bench.state.timer, bench.now + down(150));
});

test('trackers do not start an instance', t => {
  const bench = new Bench();
  track(bench, 50);
  t.is(bench.state.phase, 'INITIALIZE');
});

test('a member of a sync group does not become master by itself: it is willing', t => {
  const bench = backup({ synced: true });
  t.deepEqual(bench.pass(DOWN - 1), []);
  t.false(bench.state.willing);
  t.deepEqual(bench.pass(1), []);
  t.like(bench.state, { phase: 'BACKUP', willing: true, timer: bench.now + 100 });
  t.deepEqual(bench.pass(10_000), []);
});

test('an advertisement that is waited for ends the willingness, one that is not leaves it', t => {
  const bench = backup({ synced: true });
  bench.pass(DOWN);
  bench.hear(50, LOWER);
  t.true(bench.state.willing);
  bench.hear(150, HIGHER);
  t.like(bench.state, { willing: false, timer: bench.now + DOWN });
});

test('priority 0 makes a member willing after the skew time', t => {
  const bench = backup({ synced: true });
  bench.hear(150, HIGHER);
  bench.hear(0, HIGHER);
  bench.pass(DOWN - 300);
  t.like(bench.state, { phase: 'BACKUP', willing: true });
});

test('an owner in a sync group is willing from the start', t => {
  const bench = new Bench({ priority: 255, synced: true });
  t.deepEqual(bench.start(), []);
  t.like(bench.state, { phase: 'BACKUP', willing: true });
});

test('promote makes a backup master, willing or not, and nobody else', t => {
  for (const wait of [0, DOWN]) {
    const bench = backup({ synced: true });
    bench.pass(wait);
    const reason = 'all of group web are willing';
    t.deepEqual(bench.send({ kind: 'promote', reason }), ['advertise 100', 'hold', 'announce']);
    t.like(bench.state, { phase: 'MASTER', willing: false, timer: bench.now + 100 });
    t.deepEqual(bench.reports(), ['entering MASTER: all of group web are willing']);
    t.deepEqual(bench.send({ kind: 'promote', reason }), []);
  }
  for (const bench of [new Bench(), new Bench({}, null)]) {
    t.deepEqual(bench.send({ kind: 'promote', reason: '' }), []);
    t.not(bench.state.phase, 'MASTER');
  }
});

test('demote makes a master backup, which gives the group up, and nobody else', t => {
  const bench = master();
  t.deepEqual(bench.send({ kind: 'demote', reason: 'inside left' }), ['advertise 0', 'leave']);
  t.like(bench.state, { phase: 'BACKUP', willing: false, timer: bench.now + DOWN });
  t.deepEqual(bench.send({ kind: 'demote', reason: 'inside left' }), []);
  const faulty = new Bench({}, null);
  faulty.start();
  t.deepEqual(faulty.send({ kind: 'demote', reason: '' }), []);
  t.is(faulty.state.phase, 'FAULT');
});

test('a member that leaves its sync group becomes master by itself', t => {
  const bench = backup({ synced: true });
  bench.pass(DOWN);
  bench.send({ kind: 'settings', settings: { ...bench.state.settings, synced: false } });
  bench.pass(100);
  t.is(bench.state.phase, 'MASTER');
});
