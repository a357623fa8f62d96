import test from 'ava';
import { eventsOf, eventsOfRenaming } from '../../src/director/vrrp/events.ts';
import { type InstanceEvent, step } from '../../src/director/vrrp/instance.ts';
import { type Bench, backup, HIGHER, LOWER, master } from './bench.ts';

const AT = 1_700_000_000_000;

/** What a step tells: `KIND STATE PRIORITY: reason`. */
function told({ state, now }: Bench, event: InstanceEvent): string[] {
  const result = step(state, event, now);
  const stepped = { before: state, event, after: result.state, effects: result.effects };
  return eventsOf('web', stepped, AT).map(each => {
    return `${each.kind} ${each.state} ${each.priority}: ${each.reason}`;
  });
}

function heard(bench: Bench, priority: number, sender: Uint8Array): InstanceEvent {
  const { version, virtualRouterId, advertInterval } = bench.state.settings;
  return {
    kind: 'advertisement',
    advertisement: {
      ...{ version, virtualRouterId, priority, interval: advertInterval, checksumForm: 'pseudo-header' },
      addresses: bench.state.settings.addresses[0]!,
    },
    sender,
    signature: null,
  };
}

test('an event says whom it is about and when it was', t => {
  const bench = master();
  const event: InstanceEvent = { kind: 'stop' };
  const { state, effects } = step(bench.state, event, bench.now);
  t.deepEqual(eventsOf('web', { before: bench.state, event, after: state, effects }, AT), [
    {
      subject: 'INSTANCE',
      name: 'web',
      kind: 'state',
      state: 'STOP',
      priority: 100,
      reason: 'stopped',
      at: AT,
    },
  ]);
});

test('every change of state is told with its reason', t => {
  const one = backup();
  one.now += 1000;
  t.deepEqual(told(one, { kind: 'timer' }), ['state MASTER 100: no advertisement from a master']);
  const other = master();
  t.deepEqual(told(other, heard(other, 150, HIGHER)), ['state BACKUP 100: 10.99.0.3 has priority 150']);
  t.deepEqual(told(other, { kind: 'link', link: { up: false, address: null } }), [
    'state FAULT 100: the interface is down or missing',
  ]);
});

test('a new priority is told as one unless the state changes with it', t => {
  const bench = master();
  t.deepEqual(told(bench, { kind: 'tracking', adjustment: -30, faults: [] }), [
    'priority MASTER 70: 100 before',
  ]);
  t.deepEqual(told(bench, { kind: 'tracking', adjustment: -30, faults: ['script check: failed'] }), [
    'state FAULT 70: script check: failed',
  ]);
});

test('a master tells that somebody weaker speaks, which is neither a farewell nor itself', t => {
  const bench = master();
  t.deepEqual(told(bench, heard(bench, 50, LOWER)), [
    'receives-lower MASTER 100: somebody else wants the addresses',
  ]);
  t.deepEqual(told(bench, heard(bench, 0, LOWER)), []);
  const waiting = backup();
  t.deepEqual(told(waiting, heard(waiting, 50, LOWER)), []);
});

test('a second master is an alarm', t => {
  const bench = master();
  for (let count = 0; count < 10 && bench.alarms().length === 0; count++) {
    bench.now += 100;
    const event = heard(bench, 50, LOWER);
    const events = told(bench, event);
    bench.send(event);
    if (bench.alarms().length > 0) {
      t.regex(events.at(-1) ?? '', /^alarm MASTER 100: .*10\.99\.0\.1/);
      return;
    }
  }
  t.fail('there was no alarm');
});

test('what happens all the time is no event', t => {
  const bench = master();
  bench.now += 100;
  t.deepEqual(told(bench, { kind: 'timer' }), []);
  const waiting = backup();
  t.deepEqual(told(waiting, heard(waiting, 150, HIGHER)), []);
});

test('an instance that goes on under another name is gone under the old one', t => {
  const { state } = master();
  const words = (renamed: [before: string, name: string][]) =>
    eventsOfRenaming(
      renamed.map(([before, name]) => ({ before, name, state })),
      AT,
    ).map(({ kind, name, state: phase, reason }) => `${kind} ${name} ${phase}: ${reason}`);
  t.deepEqual(words([['web', 'www']]), ['deleted web MASTER: is www now', 'state www MASTER: was web']);
  t.deepEqual(words([['web', 'web']]), []);
  // Those that exchange their names are both there in the end.
  t.deepEqual(
    words([
      ['web', 'mail'],
      ['mail', 'web'],
    ]).map(text => text.slice(0, text.indexOf(':'))),
    ['deleted web MASTER', 'deleted mail MASTER', 'state mail MASTER', 'state web MASTER'],
  );
});
