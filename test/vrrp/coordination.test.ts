import test from 'ava';
import type {
  SyncGroupConfig,
  TracksConfig,
  VrrpInstanceConfig,
} from '../../src/director/config/vrrp-config.ts';
import { INSTANCE_DEFAULTS, NO_NOTIFICATIONS, NO_TRACKS } from '../../src/director/config/vrrp-defaults.ts';
import type { TrackReport } from '../../src/director/protocol.ts';
import { Coordination, type Router } from '../../src/director/vrrp/coordination.ts';
import type { InstanceEvent, InstanceState } from '../../src/director/vrrp/instance.ts';
import { Bench, DOWN, HIGHER, LOWER } from './bench.ts';

/** An instance on a bench that tells its coordination of every step. */
class Member implements Router {
  readonly bench: Bench;
  config: VrrpInstanceConfig;
  readonly #coordination: Coordination;

  constructor(
    coordination: Coordination,
    name: string,
    tracks: TracksConfig,
    synced: boolean,
    priority = 100,
  ) {
    this.#coordination = coordination;
    this.bench = new Bench({ synced, priority });
    this.config = { ...INSTANCE_DEFAULTS, ...PLACE, name, tracks, priority };
  }

  get state(): InstanceState {
    return this.bench.state;
  }

  happen(event: InstanceEvent): void {
    this.do(bench => bench.send(event));
  }

  do(action: (bench: Bench) => void): void {
    const before = this.state;
    action(this.bench);
    this.#coordination.stepped(this, before);
  }
}

const PLACE = {
  interface: 'eth0',
  virtualRouterId: 51,
  virtualAddresses: [],
  version: 3,
  family: 4,
  multicastGroup: '224.0.0.18',
} as const;

interface Options {
  readonly names?: readonly string[];
  readonly tracks?: TracksConfig;
  readonly group?: Partial<SyncGroupConfig> | null;
  readonly priority?: number;
}

function create({ names = ['a', 'b'], tracks = NO_TRACKS, group = {}, priority = 100 }: Options = {}) {
  const down = new Set<string>();
  const told: string[] = [];
  const coordination = new Coordination(
    name => !down.has(name),
    (name, state) => told.push(`${name} ${state}`),
  );
  const members = names.map(name => new Member(coordination, name, tracks, group !== null, priority));
  const groupOf = (list: readonly string[]): SyncGroupConfig => ({
    ...{ name: 'G', tracks: NO_TRACKS, trackingWeight: false, notify: NO_NOTIFICATIONS, members: list },
    ...group,
  });
  const groups = group === null ? [] : [groupOf(names)];
  coordination.configure(members, groups);
  const start = () => {
    for (const each of members) each.happen({ kind: 'start' });
  };
  const pass = (milliseconds: number) => {
    for (const each of members) each.do(bench => bench.pass(milliseconds));
  };
  const phases = () => members.map(({ state }) => state.phase).join(' ');
  return { coordination, members, groupOf, down, told, start, pass, phases };
}

const tracksOf = (weight: number | null): TracksConfig => ({
  ...NO_TRACKS,
  scripts: [{ name: 'check', weight, reverse: false }],
});

const report = (up: boolean): TrackReport => ({
  kind: 'script',
  name: 'check',
  up,
  value: 1,
  reason: 'said so',
});

test('members of a sync group become master together and are told of as one', t => {
  const { members, told, start, pass, phases } = create();
  start();
  t.is(phases(), 'BACKUP BACKUP');
  pass(200);
  members[1]!.do(bench => bench.hear(150, HIGHER));
  pass(DOWN - 200);
  t.deepEqual(
    members.map(({ state }) => state.willing),
    [true, false],
  );
  t.is(phases(), 'BACKUP BACKUP');
  pass(DOWN);
  t.is(phases(), 'MASTER MASTER');
  t.deepEqual(told, ['G BACKUP', 'G MASTER']);
});

test('when one member loses the others give up at once', t => {
  const { members, told, start, pass, phases } = create();
  start();
  pass(DOWN);
  members[0]!.do(bench => bench.hear(150, HIGHER));
  t.is(phases(), 'BACKUP BACKUP');
  t.is(members[1]!.state.counters.priorityZeroSent, 1);
  t.is(told.at(-1), 'G BACKUP');
});

test('the fault of one member is a fault of all, until it is mended', t => {
  const { coordination, members, told, start, pass, phases } = create();
  start();
  pass(DOWN);
  members[0]!.happen({ kind: 'link', link: { up: false, address: null } });
  t.is(phases(), 'FAULT FAULT');
  t.deepEqual(members[1]!.state.faults, ['a of the same sync group: the interface is down or missing']);
  t.is(coordination.groups()[0]?.state, 'FAULT');
  members[0]!.happen({ kind: 'link', link: { up: true, address: LOWER } });
  t.is(phases(), 'BACKUP BACKUP');
  t.deepEqual(members[1]!.state.faults, []);
  t.deepEqual(told, ['G BACKUP', 'G MASTER', 'G FAULT', 'G BACKUP']);
});

test('an instance that joins a group of masters does not end their mastership', t => {
  const { coordination, members, groupOf, told, start, pass } = create();
  start();
  pass(DOWN);
  const third = new Member(coordination, 'c', NO_TRACKS, true);
  coordination.suspend();
  coordination.configure([...members, third], [groupOf(['a', 'b', 'c'])]);
  third.happen({ kind: 'start' });
  t.deepEqual(
    members.map(({ state }) => state.phase),
    ['MASTER', 'MASTER'],
  );
  third.do(bench => bench.pass(DOWN));
  t.is(third.state.phase, 'MASTER');
  t.deepEqual(told, ['G BACKUP', 'G MASTER']);
});

test('an instance that joins a group of masters and finds a better one ends it', t => {
  const { coordination, members, groupOf, start, pass, phases } = create();
  start();
  pass(DOWN);
  const third = new Member(coordination, 'c', NO_TRACKS, true);
  coordination.suspend();
  coordination.configure([...members, third], [groupOf(['a', 'b', 'c'])]);
  third.happen({ kind: 'start' });
  third.do(bench => bench.hear(50, LOWER));
  t.is(phases(), 'MASTER MASTER');
  third.do(bench => bench.hear(150, HIGHER));
  t.is(phases(), 'BACKUP BACKUP');
});

test('what a member needs and nobody has said anything of keeps all of its group from starting', t => {
  const { coordination, start, phases } = create({ group: { tracks: tracksOf(null) } });
  start();
  t.is(phases(), 'FAULT FAULT');
  coordination.take([report(true)]);
  t.is(phases(), 'BACKUP BACKUP');
  coordination.take([report(false)]);
  t.is(phases(), 'FAULT FAULT');
});

test('weights change priorities, and tell why', t => {
  const { coordination, members, start } = create({ group: null, names: ['a'], tracks: tracksOf(-30) });
  start();
  coordination.take([report(false)]);
  t.is(members[0]!.state.priority, 70);
  t.deepEqual(coordination.statusOf(members[0]!), {
    syncGroup: null,
    adjustments: [{ change: -30, reason: 'script check: said so' }],
  });
  coordination.take([report(true)]);
  t.is(members[0]!.state.priority, 100);
});

test('the owner of the addresses keeps its priority', t => {
  const { coordination, members, start } = create({
    group: null,
    names: ['a'],
    tracks: tracksOf(-30),
    priority: 255,
  });
  start();
  coordination.take([report(false)]);
  t.is(members[0]!.state.priority, 255);
  t.deepEqual(coordination.statusOf(members[0]!).adjustments, []);
});

test('an interface is looked at again when something has changed', t => {
  const interfaces = [{ name: 'eth1', weight: null, reverse: false }];
  const { coordination, down, start, phases } = create({ group: null, tracks: { ...NO_TRACKS, interfaces } });
  start();
  down.add('eth1');
  coordination.review();
  t.is(phases(), 'FAULT FAULT');
  down.clear();
  coordination.review();
  t.is(phases(), 'BACKUP BACKUP');
});

test('a stop is the end of the groups, and nobody acts on its members leaving one by one', t => {
  const { coordination, members, told, start, pass } = create();
  start();
  pass(DOWN);
  coordination.release();
  for (const each of members) each.happen({ kind: 'stop' });
  t.is(told.at(-1), 'G STOP');
  t.deepEqual(
    members.map(({ state }) => state.counters.priorityZeroSent),
    [1, 1],
  );
});
