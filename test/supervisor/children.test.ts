import test from 'ava';
import {
  type ChildRole,
  decide,
  type Family,
  type FamilyEffect,
  type FamilyEvent,
  laggardsOf,
  newFamily,
} from '../../src/director/supervisor/children.ts';

const ROLES: readonly ChildRole[] = ['vrrp', 'checker', 'control'];

/** A supervisor in virtual time: pids are given out as children are spawned, every running child beats unless it is in `silent`. */
class Simulation {
  now = 1000;
  family: Family = newFamily(ROLES, 1000);
  readonly effects: { at: number; effect: FamilyEffect }[] = [];
  readonly silent = new Set<ChildRole>();
  purgeIsInstant = true;
  #nextPid = 10;

  happen(event: FamilyEvent): void {
    const { family, effects } = decide(this.family, event, this.now);
    this.family = family;
    for (const effect of effects) {
      this.effects.push({ at: this.now, effect });
      if (effect.kind === 'spawn') this.happen({ kind: 'spawned', role: effect.role, pid: this.#nextPid++ });
      if (effect.kind === 'purge' && this.purgeIsInstant) this.happen({ kind: 'purged' });
    }
  }

  pass(milliseconds: number): void {
    for (const end = this.now + milliseconds; this.now < end; ) {
      this.now += 250;
      for (const { role, pid } of this.family.children) {
        if (pid !== null && !this.silent.has(role)) this.happen({ kind: 'beat', role });
      }
      this.happen({ kind: 'tick' });
    }
  }

  end(role: ChildRole, status = 1, signal = 0): void {
    const pid = this.pid(role);
    if (pid !== null) this.happen({ kind: 'ended', pid, status, signal });
  }

  pid(role: ChildRole): number | null {
    return this.family.children.find(child => child.role === role)?.pid ?? null;
  }

  /** The effects since the last call, short. */
  take(): string[] {
    const texts = this.effects.splice(0).map(({ effect }) => {
      if (effect.kind === 'spawn') return `spawn ${effect.role}`;
      if (effect.kind === 'signal') return `signal ${effect.signal} to ${effect.pid}`;
      if (effect.kind === 'exit') return `exit ${effect.status}`;
      return effect.kind;
    });
    return texts.filter(text => text !== 'log' && text !== 'report');
  }
}

function started(): Simulation {
  const simulation = new Simulation();
  simulation.happen({ kind: 'tick' });
  simulation.pass(5000);
  return simulation;
}

test('every role is started at once', t => {
  const simulation = new Simulation();
  simulation.happen({ kind: 'tick' });
  t.deepEqual(simulation.take(), ['spawn vrrp', 'spawn checker', 'spawn control']);
  simulation.pass(600_000);
  t.deepEqual(simulation.take(), []);
});

test('a child that ends is started again at once, then later and later, at most every 5 s', t => {
  const simulation = started();
  simulation.take();
  const delays: number[] = [];
  for (let round = 0; round < 9; round++) {
    simulation.end('checker');
    const ended = simulation.now;
    for (let wait = 0; simulation.pid('checker') === null && wait < 100; wait++) simulation.pass(250);
    delays.push(simulation.now - ended);
  }
  t.deepEqual(delays, [0, 250, 500, 1000, 1750, 3250, 5000, 5000, 5000]);
});

test('a child that ran long enough is forgiven', t => {
  const simulation = started();
  for (let round = 0; round < 6; round++) {
    simulation.end('checker');
    simulation.pass(5000);
  }
  simulation.pass(60_000);
  simulation.end('checker');
  t.not(simulation.pid('checker'), null);
});

test('a silent child is killed: vrrp after a second, the others later', t => {
  for (const [role, least, most] of [
    ['vrrp', 1000, 1500],
    ['checker', 10_000, 10_500],
    ['control', 20_000, 20_500],
  ] as const) {
    const simulation = started();
    simulation.take();
    const pid = simulation.pid(role);
    simulation.silent.add(role);
    simulation.pass(least);
    t.deepEqual(simulation.take(), [], role);
    simulation.pass(most - least);
    t.deepEqual(simulation.take(), [`signal 9 to ${pid}`], role);
  }
});

test('a child that never beats is killed when it had time to load', t => {
  const simulation = new Simulation();
  simulation.silent.add('vrrp');
  simulation.happen({ kind: 'tick' });
  simulation.pass(20_000);
  t.deepEqual(simulation.take(), ['spawn vrrp', 'spawn checker', 'spawn control']);
  simulation.pass(500);
  t.deepEqual(simulation.take(), ['signal 9 to 10']);
});

test('after a pause of the supervisor itself its children are not to blame', t => {
  for (const pause of [250, 500, 750, 800, 900, 1000, 1100, 1500, 3_600_000]) {
    // A beat may be nearly as old as the next one is away when the board stands still.
    for (const age of [0, 240]) {
      const simulation = started();
      simulation.take();
      simulation.now += age;
      simulation.happen({ kind: 'tick' });
      simulation.now += pause;
      simulation.happen({ kind: 'tick' });
      simulation.pass(5000);
      t.deepEqual(simulation.take(), [], `${pause} ms, ${age} ms after a beat`);
    }
  }
});

test('when vrrp ends its addresses are taken off first, then it is started again', t => {
  const simulation = started();
  simulation.take();
  simulation.purgeIsInstant = false;
  simulation.end('vrrp', 0, 9);
  simulation.pass(2000);
  t.deepEqual(simulation.take(), ['purge']);
  simulation.happen({ kind: 'purged' });
  simulation.pass(250);
  t.deepEqual(simulation.take(), ['spawn vrrp']);
});

test('a child that cannot be started is tried again', t => {
  let family = newFamily(['control'], 0);
  const spawned: number[] = [];
  for (let now = 0; now <= 3000; now += 250) {
    const { family: next, effects } = decide(family, { kind: 'tick' }, now);
    family = next;
    if (!effects.some(effect => effect.kind === 'spawn')) continue;
    spawned.push(now);
    family = decide(family, { kind: 'unspawnable', role: 'control', reason: 'EAGAIN' }, now).family;
  }
  t.deepEqual(spawned, [0, 250, 500, 1000, 2000]);
});

test('a stop asks vrrp first, the checker when vrrp has gone, then ends with the status asked for', t => {
  const simulation = started();
  simulation.take();
  simulation.happen({ kind: 'stop', status: 2 });
  t.deepEqual(simulation.take(), ['signal 15 to 10', 'signal 15 to 12']);
  simulation.end('control', 0);
  simulation.end('vrrp', 0);
  t.deepEqual(simulation.take(), ['purge', 'signal 15 to 11']);
  simulation.end('checker', 0);
  t.deepEqual(simulation.take(), ['exit 2']);
});

test('who does not follow a stop is killed after 3 s', t => {
  const simulation = started();
  simulation.take();
  simulation.happen({ kind: 'stop', status: 0 });
  simulation.happen({ kind: 'stop', status: 0 });
  simulation.take();
  simulation.pass(3000);
  t.deepEqual(simulation.take(), ['signal 9 to 10', 'signal 9 to 12']);
  simulation.end('vrrp', 0, 9);
  simulation.end('control', 0, 9);
  simulation.take();
  simulation.pass(3000);
  t.deepEqual(simulation.take(), ['signal 9 to 11']);
  simulation.end('checker', 0, 9);
  t.deepEqual(simulation.take(), ['exit 0']);
});

test('nothing is started again during a stop', t => {
  const simulation = started();
  simulation.end('checker');
  simulation.end('checker');
  simulation.happen({ kind: 'stop', status: 0 });
  simulation.take();
  simulation.end('vrrp', 0);
  simulation.end('control', 0);
  simulation.end('checker', 0);
  simulation.pass(10_000);
  t.deepEqual(simulation.take(), ['purge', 'exit 0']);
});

test('a stranger that ends is nobody of the family', t => {
  const simulation = started();
  simulation.take();
  const before = simulation.family;
  simulation.happen({ kind: 'ended', pid: 4711, status: 0, signal: 0 });
  t.is(simulation.family, before);
});

test('a role that never beats again, however often it is started, makes no progress', t => {
  const simulation = started();
  simulation.silent.add('checker');
  simulation.pass(59_000);
  t.deepEqual(laggardsOf(simulation.family, simulation.now), []);
  simulation.pass(2000);
  t.deepEqual(laggardsOf(simulation.family, simulation.now), ['checker']);
  simulation.silent.clear();
  simulation.pass(1000);
  t.deepEqual(laggardsOf(simulation.family, simulation.now), []);
});

test('a supervisor that was itself held up blames nobody', t => {
  const simulation = started();
  simulation.now += 120_000;
  simulation.happen({ kind: 'tick' });
  t.deepEqual(laggardsOf(simulation.family, simulation.now), []);
});
