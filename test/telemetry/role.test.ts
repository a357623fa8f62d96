// The telemetry process as a whole, over a /proc that is not real.
import test from 'ava';
import type { Verdict } from '../../src/director/flash/budget.ts';
import { UNKNOWN_CARD } from '../../src/director/flash/profiles.ts';
import { openClient } from '../../src/director/ipc/client.ts';
import { createLog } from '../../src/director/log.ts';
import type { CardEvent, FlashState, TelemetrySlice, TelemetryStatus } from '../../src/director/protocol.ts';
import { runTelemetry } from '../../src/director/telemetry/role.ts';
import { INTERVAL, RESTING_INTERVAL } from '../../src/director/telemetry/sampler.ts';
import { SIGTERM } from '../../src/platform/linux.ts';
import type { Database } from '../../src/platform/platform.ts';
import { createConnected, pass } from '../ipc/unix-network.ts';
import { createDatabases } from './database.ts';

const SLICE: TelemetrySlice = {
  budget: 64 << 10,
  profile: UNKNOWN_CARD,
  card: { disk: 'sda', sectors: 2000, counted: 0, day: 0, spent: 0, erased: null },
  announced: {},
};

const PROC = {
  '/proc/partitions':
    'major minor  #blocks  name\n\n   8        0      61440 sda\n   8        4       8192 sda4\n',
  '/proc/sys/kernel/random/boot_id': '1b4e28ba-2fa1-11d2-883f-0016d3cca427\n',
  '/proc/self/mountinfo': '30 26 0:26 / /tmp rw - tmpfs tmpfs rw\n',
  '/proc/meminfo': 'Dirty:  8 kB\nWriteback: 0 kB\n',
  '/sys/class/block/sda/ro': '1\n',
  '/sys/class/block/sda4/ro': '1\n',
  '/proc/1/io': 'write_bytes: 0\n',
  '/proc/77/io': 'write_bytes: 0\n',
  '/proc/77/comm': 'evil\n',
  '/proc/77/fdinfo/3': 'flags:\t0100001\n',
};

function start(openDatabase: (path: string) => Database = createDatabases().open) {
  const platform = createConnected({ files: { ...PROC, '/run/other': '' }, openDatabase });
  const state = { sectors: 0, exited: null as number | null };
  platform.clock.setWall(1_800_000_000_000.25);
  /** As many sectors of p4 have been written since the start. */
  function write(sectors: number): void {
    const counters = `1 0 8 0 ${sectors > 0 ? 1 : 0} 0 ${sectors} 0 0 0 0`;
    const { files, clock } = platform;
    files.replace('/proc/diskstats', `   8       0 sda ${counters}\n   8       4 sda4 ${counters}\n`);
    files.replace('/proc/uptime', `${(100 + clock.monotonic() / 1000).toFixed(2)} 90.00\n`);
  }
  write(0);
  platform.processes.exit = (status: number) => {
    state.exited = status;
    return undefined as never;
  };
  const begin = () => runTelemetry(platform, { runDirectory: '/run', log: createLog(platform, 'telemetry') });
  begin();
  const events: CardEvent[] = [];
  const connect = () =>
    openClient(platform, '/run/telemetry.sock', {
      onPush: message => events.push((message as { event: CardEvent }).event),
    });
  let client = connect();
  async function ask<T>(command: string, argument: unknown = null): Promise<T> {
    const answer = client.request(command, argument);
    await pass(platform, 10);
    return (await answer) as T;
  }
  async function again(): Promise<void> {
    platform.processes.raise(SIGTERM);
    await pass(platform, 10);
    begin();
    client = connect();
  }
  return { platform, state, events, ask, write, again };
}

test('before it is configured nothing is looked at; then every few seconds', async t => {
  const { platform, ask } = start();
  await pass(platform, 60_000);
  t.deepEqual((await ask<FlashState>('flash')).histories, []);
  await ask('configure', SLICE);
  await pass(platform, 2 * INTERVAL);
  const state = await ask<FlashState>('flash');
  t.deepEqual(
    state.histories.map(([name]) => name),
    ['sda', 'sda4'],
  );
  t.like(state, { card: 'sda', written: 2000 * 512, readOnly: ['sda', 'sda4'], writers: [], notes: [] });
  t.deepEqual(state.sizes, [
    ['sda', 61_440 << 10],
    ['sda4', 8192 << 10],
  ]);
  t.like(new Map(state.gauges).get('dirty')?.open, { least: 8192, most: 8192 });
});

test('what control measures is kept with the rest, until it is told anew', async t => {
  const { platform, ask } = start();
  const name = 'temperature lm86 temp2';
  await ask('sample', { values: { [name]: 41.5, 'voltage lm86 in0': 3.3 }, resting: false });
  await ask('configure', SLICE);
  await ask('sample', { values: { [name]: 50 }, resting: false });
  await pass(platform, 2 * INTERVAL);
  const gauges = new Map((await ask<FlashState>('flash')).gauges);
  t.like(gauges.get(name)?.open, { least: 41.5, most: 50, count: 3 });
  // A sensor that fell silent says nothing more.
  t.like(gauges.get('voltage lm86 in0')?.open, { count: 1 });
});

test('in critical heat it looks at once, then once a minute, and at once when that is over', async t => {
  const { platform, ask } = start();
  const looks = async () => new Map((await ask<FlashState>('flash')).gauges).get('dirty')?.open.count;
  await ask('configure', SLICE);
  await ask('sample', { values: {}, resting: true });
  t.is(await looks(), 2);
  await pass(platform, RESTING_INTERVAL - INTERVAL);
  t.is(await looks(), 2);
  await pass(platform, INTERVAL);
  t.is(await looks(), 3);
  await ask('sample', { values: {}, resting: false });
  t.is(await looks(), 4);
  await pass(platform, INTERVAL);
  t.is(await looks(), 5);
});

test('a process that writes to what is read-only is told with its name, kept, and shown as trouble', async t => {
  const { platform, ask, events, write } = start();
  await ask('configure', SLICE);
  await ask('subscribe');
  platform.files.replace('/proc/77/io', 'write_bytes: 8192\n');
  platform.files.links.set('/proc/77/fd/3', '/dev/sda4');
  write(16);
  await pass(platform, INTERVAL);
  t.deepEqual(
    events.map(({ kind, device }) => [kind, device]),
    [['alarm', 'sda4']],
  );
  t.regex(events[0]!.reason, /, by evil \(pid 77, \/dev\/sda4\)$/);
  t.regex(platform.output.errors, /evil \(pid 77, /);
  const { troubles } = await ask<TelemetryStatus>('status');
  t.is(troubles.length, 1);
  const { writers, notes } = await ask<FlashState>('flash');
  t.like({ ...writers[0] }, { name: 'evil', file: '/dev/sda4', pid: 77, bytes: 8192 });
  t.is(notes.length, 1);
});

test('an announcement that it was held up from hearing is found where it is kept', async t => {
  const { platform, ask, events, write } = start();
  await ask('configure', SLICE);
  await ask('subscribe');
  platform.files.replace('/run/announced.json', '{"sda":8,"sda4":8}');
  write(8);
  await pass(platform, INTERVAL);
  t.deepEqual(events, []);
  t.deepEqual((await ask<TelemetryStatus>('status')).troubles, []);
  write(9);
  await pass(platform, INTERVAL);
  t.is(events.length, 1);
});

test('a name that the kernel has cut off is shown as the process gives it', async t => {
  const { platform, ask, write } = start();
  platform.files.replace('/proc/77/comm', 'director: contr\n');
  platform.files.replace('/proc/77/cmdline', 'director: control\0\0\0');
  await ask('configure', SLICE);
  platform.files.replace('/proc/77/io', 'write_bytes: 8192\n');
  write(16);
  await pass(platform, INTERVAL);
  t.is((await ask<FlashState>('flash')).writers[0]?.name, 'director: control');
});

test('an announced commit is counted and spends the budget; one that does not fit is to be asked for', async t => {
  const { platform, ask, events, write } = start();
  await ask('configure', SLICE);
  await ask('subscribe');
  const commit = { kind: 'commit', who: 'director commit', size: 40 << 10 };
  t.deepEqual(await ask<Verdict>('judge', commit), { answer: 'allowed' });
  await ask('announce', { sda: 80, sda4: 80 });
  await pass(platform, INTERVAL);
  write(80);
  await ask('settle');
  t.deepEqual(
    events.map(({ kind, reason }) => [kind, reason]),
    [['budget', '50 % of the flash budget: 40 KiB of 64 KiB written today (63 %)']],
  );
  t.like((await ask<TelemetryStatus>('status')).budget, { spent: 40 << 10 });
  t.is((await ask<Verdict>('judge', commit)).answer, 'ask');
  t.is((await ask<Verdict>('judge', { ...commit, kind: 'other' })).answer, 'refused');
});

test('one that is started again goes on where it was, and counts what was written meanwhile', async t => {
  const { ask, write, again, state } = start();
  await ask('configure', { ...SLICE, announced: { sda: 80, sda4: 80 } });
  write(8);
  await ask('settle');
  await again();
  t.is(state.exited, 0);
  write(24);
  await ask('configure', { ...SLICE, announced: { sda: 96, sda4: 96 } });
  const { histories, budget } = await ask<FlashState>('flash');
  t.like(histories[1]![1].open, { sectorsWritten: 24, sectorsPermitted: 24, bursts: 2 });
  t.is(budget?.spent, 24 * 512);
});

test('a database that cannot be read is begun anew', async t => {
  const databases = createDatabases();
  databases
    .open('/run/telemetry.db')
    .exec("CREATE TABLE state (name TEXT); INSERT INTO state VALUES ('reading')");
  let opened = 0;
  const { platform, ask } = start(path => {
    if (opened++ === 1) databases.forget(path);
    return databases.open(path);
  });
  await ask('configure', SLICE);
  t.regex(platform.output.errors, /telemetry\.db is begun anew: /);
  t.deepEqual((await ask<TelemetryStatus>('status')).troubles, []);
});

test('without a database it watches all the same, and says so', async t => {
  const { platform, ask } = start(() => {
    throw new Error('sqlite: unable to open database file');
  });
  await ask('configure', SLICE);
  await pass(platform, 20 * INTERVAL);
  const { troubles } = await ask<TelemetryStatus>('status');
  t.deepEqual(troubles, ['telemetry is not kept: sqlite: unable to open database file']);
  t.is((await ask<FlashState>('flash')).histories.length, 2);
  t.is(platform.output.errors.match(/telemetry is not kept/g)?.length, 1);
});

test('a kernel that cannot be read is trouble, not the end', async t => {
  const { platform, ask, write } = start();
  await ask('configure', SLICE);
  platform.files.replace('/proc/diskstats', 'nonsense\n');
  await pass(platform, 3 * INTERVAL);
  t.regex(
    (await ask<TelemetryStatus>('status')).troubles[0]!,
    /^disks cannot be watched: \/proc\/diskstats: line 1/,
  );
  write(0);
  await pass(platform, INTERVAL);
  t.deepEqual((await ask<TelemetryStatus>('status')).troubles, []);
});
