// The state machine against RFC 9568, 6.4; the names give the section.
import test from 'ava';
import { INSTANCE_DEFAULTS } from '../../src/director/config/vrrp-defaults.ts';
import { nextTimer } from '../../src/director/vrrp/instance.ts';
import { Bench, backup, DOWN, HIGHER, LOWER, master, OWN } from './bench.ts';

const TAKEOVER = ['advertise 100', 'hold', 'announce'];

test('6.4.1: an owner is master at once', t => {
  const bench = new Bench({ priority: 255 });
  t.deepEqual(bench.start(), ['advertise 255', 'hold', 'announce']);
  t.is(bench.state.phase, 'MASTER');
  t.is(bench.state.timer, bench.now + 100);
});

test('6.4.1: anybody else waits as backup for the down interval of its own interval', t => {
  const bench = backup();
  t.is(bench.state.phase, 'BACKUP');
  t.is(bench.state.timer, bench.now + DOWN);
});

test('6.1: the skew time scales with the interval in version 3 and with a second in version 2', t => {
  const slow = backup({ advertInterval: 1000, priority: 128 });
  t.is(slow.state.timer, slow.now + 3000 + 500);
  const old = backup({ version: 2, advertInterval: 3000, priority: 128 });
  t.is(old.state.timer, old.now + 9000 + 500);
});

test('6.4.2: silence for the down interval makes the backup master: advertisement, addresses, gratuitous ARP', t => {
  const bench = backup();
  t.deepEqual(bench.pass(DOWN - 1), []);
  t.is(bench.state.phase, 'BACKUP');
  t.deepEqual(
    bench.pass(1),
    TAKEOVER.map(what => `1: ${what}`),
  );
  t.is(bench.state.phase, 'MASTER');
  t.is(bench.state.counters.becameMaster, 1);
});

test('6.4.2: priority 0 leaves the backup only the skew time', t => {
  const bench = backup();
  bench.hear(150, HIGHER);
  bench.hear(0, HIGHER);
  t.is(bench.state.timer, bench.now + DOWN - 300);
  t.is(bench.state.master, null);
  bench.pass(DOWN - 300);
  t.is(bench.state.phase, 'MASTER');
});

test('6.4.2: an advertisement of at least its own priority keeps a backup waiting', t => {
  for (const priority of [100, 101, 255]) {
    const bench = backup();
    bench.pass(50);
    t.deepEqual(bench.hear(priority, LOWER), []);
    t.is(bench.state.timer, bench.now + DOWN);
  }
});

test('6.4.2: the backup adopts the interval of the master', t => {
  const bench = backup();
  bench.hear(150, HIGHER, { interval: 500 });
  t.is(bench.state.masterInterval, 500);
  t.is(bench.state.timer, bench.now + 5 * DOWN);
});

test('6.4.2: a preempting backup does not wait for a lower priority', t => {
  const bench = backup();
  bench.pass(50);
  const due = bench.state.timer;
  t.deepEqual(bench.hear(99, HIGHER, { interval: 500 }), []);
  t.is(bench.state.timer, due);
  t.is(bench.state.masterInterval, 100);
});

test('6.4.2: without preemption a lower priority stays master', t => {
  const bench = backup({ preempt: false });
  bench.pass(50);
  bench.hear(1, LOWER);
  t.is(bench.state.timer, bench.now + DOWN);
});

test('6.1: Preempt_Mode is on, Accept_Mode too, and the interval a second, unless configured', t => {
  t.like(INSTANCE_DEFAULTS, { preempt: true, accept: true, advertInterval: 1000, priority: 100 });
});

test('6.1: an owner preempts whatever Preempt_Mode says', t => {
  const bench = master({ priority: 255, preempt: false });
  bench.hear(255, HIGHER);
  t.is(bench.state.phase, 'BACKUP');
  const due = bench.state.timer;
  bench.pass(50);
  bench.hear(200, HIGHER);
  t.is(bench.state.timer, due);
});

test('6.4.2: a backup has no addresses, so it answers for none, and it says nothing', t => {
  const bench = master();
  t.deepEqual(bench.hear(150, HIGHER), ['leave']);
  const wanted = [
    ...bench.hear(150, HIGHER),
    ...bench.hear(50, LOWER),
    ...bench.hear(0, HIGHER),
    ...bench.malformed('checksum', HIGHER),
    ...bench.send({ kind: 'link', link: { up: true, address: LOWER } }),
    ...bench.send({ kind: 'settings', settings: { ...bench.state.settings, addresses: [OWN, HIGHER] } }),
    ...bench.send({ kind: 'timer' }),
  ];
  t.deepEqual(wanted, []);
});

test('6.4.2: a shutdown stops the timer of a backup, and it says nothing', t => {
  const bench = backup();
  t.deepEqual(bench.send({ kind: 'stop' }), []);
  t.is(bench.state.phase, 'INITIALIZE');
  t.is(nextTimer(bench.state), null);
});

test('6.4.3: the master advertises every interval', t => {
  const bench = master();
  const due = bench.state.timer!;
  bench.pass(due - bench.now - 100);
  t.deepEqual(bench.pass(300), ['100: advertise 100', '200: advertise 100', '300: advertise 100']);
});

test('a late timer keeps the rhythm, a very late one starts a new one', t => {
  const bench = master();
  const due = bench.state.timer!;
  bench.now = due + 20;
  bench.send({ kind: 'timer' });
  t.is(bench.state.timer, due + 100);
  bench.now = due + 100 + 260;
  bench.send({ kind: 'timer' });
  t.is(bench.state.timer, bench.now + 100);
});

test('a timer that comes early does nothing', t => {
  const bench = backup();
  bench.now += DOWN - 0.001;
  t.deepEqual(bench.send({ kind: 'timer' }), []);
});

test('6.4.3: priority 0 is answered at once and starts the interval anew', t => {
  const bench = master();
  bench.pass(2050);
  t.deepEqual(bench.hear(0, HIGHER), ['advertise 100', 'announce']);
  t.is(bench.state.timer, bench.now + 100);
  t.is(bench.state.phase, 'MASTER');
});

test('6.4.3: a higher priority makes the master a backup with the interval of the new one', t => {
  const bench = master();
  t.deepEqual(bench.hear(101, LOWER, { interval: 200 }), ['leave']);
  t.is(bench.state.phase, 'BACKUP');
  t.is(bench.state.masterInterval, 200);
  t.is(bench.state.timer, bench.now + 2 * DOWN);
  t.deepEqual(bench.state.master, { address: LOWER, priority: 101 });
});

test('6.4.3: the same priority from a greater address wins, from a smaller one loses', t => {
  const loser = master();
  loser.hear(100, HIGHER);
  t.is(loser.state.phase, 'BACKUP');
  const winner = master();
  winner.hear(100, LOWER);
  t.is(winner.state.phase, 'MASTER');
});

test('6.4.3: addresses are compared as unsigned numbers', t => {
  const bench = master();
  bench.hear(100, Uint8Array.of(200, 0, 0, 1));
  t.is(bench.state.phase, 'BACKUP');
});

test('6.4.3: a losing advertisement is answered at once, and the interval goes on as it was', t => {
  const bench = master();
  bench.pass(2050);
  const due = bench.state.timer;
  t.deepEqual(bench.hear(99, HIGHER), ['advertise 100', 'announce']);
  t.is(bench.state.timer, due);
});

test('6.4.3: Preempt_Mode is not asked in MASTER', t => {
  const bench = master({ preempt: false });
  bench.hear(101, LOWER);
  t.is(bench.state.phase, 'BACKUP');
});

test('6.4.3: a shutdown of the master gives the group up with priority 0', t => {
  const bench = master();
  t.deepEqual(bench.send({ kind: 'stop' }), ['advertise 0', 'leave']);
  t.is(bench.state.phase, 'INITIALIZE');
  t.is(nextTimer(bench.state), null);
  t.is(bench.state.counters.priorityZeroSent, 1);
  t.deepEqual(bench.send({ kind: 'stop' }), []);
});

test('8.3.2, erratum 8298: owners that meet settle it by address and say so', t => {
  const bench = master({ priority: 255 });
  t.deepEqual(bench.hear(255, LOWER), ['advertise 255']);
  t.regex(bench.reports()[0]!, /10\.99\.0\.1 has priority 255 too/);
  t.deepEqual(bench.hear(255, HIGHER), ['leave']);
  t.is(bench.state.phase, 'BACKUP');
});

test('7.1: another version on the group is discarded', t => {
  const bench = master();
  t.deepEqual(bench.hear(200, HIGHER, { version: 2 }), []);
  t.is(bench.state.phase, 'MASTER');
  t.is(bench.state.counters.discarded, 1);
  t.regex(bench.state.trouble!, /version 2, ours is 3/);
});

test('7.1: another interval is reported and not discarded', t => {
  const bench = master();
  t.deepEqual(bench.hear(200, HIGHER, { interval: 1000 }), ['leave']);
  t.regex(bench.state.trouble!, /every 1000 ms, here 100 ms/);
});

test('7.1: other addresses are reported and not discarded', t => {
  const bench = master();
  t.deepEqual(bench.hear(200, HIGHER, { addresses: LOWER }), ['leave']);
  t.regex(bench.state.trouble!, /10\.99\.0\.3 has other virtual addresses: 10\.99\.0\.1/);
});

test('7.1: a malformed message is counted and reported once, and changes nothing else', t => {
  for (const bench of [backup(), master()]) {
    const { phase, timer, master: heard, priority } = bench.state;
    t.deepEqual(bench.malformed('checksum', HIGHER), []);
    t.is(bench.reports().length, 1);
    t.deepEqual(bench.malformed('checksum', HIGHER), []);
    t.is(bench.reports().length, 0);
    t.like(bench.state, { phase, timer, master: heard, priority });
    t.is(bench.state.counters.discarded, 2);
  }
});

test('a difference is forgotten when the next advertisement shows none', t => {
  const bench = backup();
  bench.hear(200, HIGHER, { interval: 1000 });
  bench.hear(200, HIGHER);
  t.is(bench.state.trouble, null);
});

test('an advertisement from our own address takes no part: answering it would go on for ever', t => {
  const bench = master();
  t.deepEqual(bench.hear(100, OWN), []);
  t.is(bench.state.counters.discarded, 1);
});

test('5.2.8: the checksum is what keepalived sends until a peer uses the other one', t => {
  const bench = backup();
  t.is(bench.state.checksumForm, 'pseudo-header');
  bench.malformed('checksum', HIGHER);
  t.is(bench.state.checksumForm, 'pseudo-header');
  bench.hear(150, HIGHER, { checksumForm: 'plain' });
  t.is(bench.state.checksumForm, 'plain');
});
