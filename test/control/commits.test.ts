// Commits as the control process carries them out: what is in force, what is on the card, and what comes back by itself.
import test from 'ava';
import { CardStore } from '../../src/director/control/card-store.ts';
import { type CommitDemand, Commits } from '../../src/director/control/commits.ts';
import type { Outcome } from '../../src/director/control/plan.ts';
import type { Running } from '../../src/director/control/running.ts';
import { GRUBENV_OFFSET, parseGrubenv } from '../../src/director/flash/grubenv.ts';
import { decodeOdometer } from '../../src/director/flash/odometer.ts';
import { COPY_OFFSETS, decodeSnapshot, type Snapshot } from '../../src/director/flash/store.ts';
import { SETTLING } from '../../src/director/flash/writer.ts';
import { createLog } from '../../src/director/log.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { environmentBlock } from '../flash/grub.ts';
import { directIo } from './direct-io.ts';
import { sampleConfig } from './sample.ts';

const RUN = '/run/director';
const FILE = `${RUN}/director.conf`;
const MINUTE = 60_000;
const ACCEPTED: Outcome = {
  accepted: true,
  problems: [],
  plan: { network: [], filter: [], kernel: [], tuning: [], board: [], vrrp: [], table: [] },
};

/** A board with an empty card, as many sectors having been written since it started as `written` says. */
function board(written = 0): FakePlatform {
  const master = new Uint8Array(512);
  master.set([0xfe, 0xca, 0xad, 0x0b], 440);
  const counters = `1 0 8 0 ${written > 0 ? 1 : 0} 0 ${written} 0 0 0 0`;
  const platform = createFake({
    files: {
      '/proc/cmdline': 'director.disk=0badcafe\n',
      '/proc/partitions':
        'major minor  #blocks  name\n\n   8        0      61440 sda\n   8        4       8192 sda4\n',
      '/proc/diskstats': `   8       0 sda ${counters}\n   8       4 sda4 ${counters}\n`,
      '/proc/uptime': '100.00 90.00\n',
      '/proc/sys/kernel/random/boot_id': '1b4e28ba-2fa1-11d2-883f-0016d3cca427\n',
      '/sys/block/sda/size': '1',
      '/sys/block/sda/sda4/partition': '4\n',
      '/sys/class/block/sda/ro': '1\n',
      '/sys/class/block/sda4/ro': '1\n',
      '/dev/sda': master,
      '/dev/sda4': new Uint8Array(COPY_OFFSETS[1] + (1 << 16)),
      [FILE]: 'as it was at boot',
    },
  });
  for (const path of ['/dev/sda', '/dev/sda4']) platform.files.devices.set(path, () => 0);
  return platform;
}

interface World {
  readonly platform: FakePlatform;
  readonly commits: Commits;
  /** Names of the configurations that were put in force, in order. */
  readonly enforced: string[];
}

function world(platform = board()): World {
  // As real clocks do.
  platform.clock.setWall(1_800_000_000_000.4343);
  const enforced: string[] = [];
  let running: Running = named('at boot');
  const commits = new Commits(platform, {
    runDirectory: RUN,
    configFile: FILE,
    log: createLog(platform, 'control'),
    store: new CardStore(platform, RUN, directIo(platform)),
    gate: () => ({ open: async () => {}, close: () => {} }),
    card: { ready: async () => {}, committing() {}, committed() {}, suspect() {} },
    running: () => running,
    async enforce(next) {
      running = next;
      enforced.push(next.config.globals.routerId ?? '');
      return ACCEPTED;
    },
    inTurn: work => work(),
  });
  return { platform, commits, enforced };
}

function named(name: string): Running {
  return { file: '/tmp/site.conf', config: { ...sampleConfig(), globals: { routerId: name } } };
}

const demand = (name: string, confirmWithin: number | null = null): CommitDemand => ({
  running: named(name),
  text: `text of ${name}`,
  comment: `because ${name}`,
  confirmWithin,
});

/** What comes of it, with time going on for the card until it has. */
async function settled<T>(platform: FakePlatform, work: Promise<T>): Promise<T> {
  let over = false;
  const finish = () => {
    over = true;
  };
  work.then(finish, finish);
  while (!over) {
    await new Promise(setImmediate);
    await platform.clock.advance(SETTLING / 10);
  }
  return work;
}

function onCard(platform: FakePlatform, copy: 0 | 1): Snapshot | null {
  const decoded = decodeSnapshot(platform.files.read('/dev/sda4').subarray(COPY_OFFSETS[copy]));
  return decoded.state === 'valid' ? decoded.snapshot : null;
}

const textOf = (content: Uint8Array | undefined) => new TextDecoder().decode(content);

test('a commit is on the card before it is in force, and the director starts from it', async t => {
  const { platform, commits, enforced } = world();
  const work = commits.commit(demand('site'));
  t.deepEqual(enforced, []);
  const answer = await settled(platform, work);
  t.deepEqual(answer.committed, { sequence: 1, device: '/dev/sda4', copy: 1, sectors: 8 });
  t.deepEqual(enforced, ['site']);
  t.is(textOf(onCard(platform, 0)?.config), 'text of site');
  t.is(textOf(onCard(platform, 0)?.comment), 'because site');
  t.is(platform.files.readText(FILE), 'text of site');
});

test('a configuration that the card holds already is not written again', async t => {
  const { platform, commits } = world();
  await settled(platform, commits.commit(demand('site')));
  const writes = platform.files.written.filter(path => path === '/dev/sda4').length;
  const { committed } = await settled(platform, commits.commit(demand('site')));
  t.deepEqual(committed, { sequence: 1, device: '/dev/sda4', copy: 1, sectors: 0 });
  t.is(platform.files.written.filter(path => path === '/dev/sda4').length, writes);
});

test('when the card refuses, nothing has changed', async t => {
  const { platform, commits, enforced } = world();
  platform.files.failures.set('/dev/sda4', 'EIO');
  await t.throwsAsync(settled(platform, commits.commit(demand('site'))));
  t.deepEqual(enforced, []);
  t.is(platform.files.readText(FILE), 'as it was at boot');
});

test('without a card it says so', async t => {
  const platform = board();
  platform.files.replace('/proc/cmdline', 'quiet\n');
  const { commits } = world(platform);
  await t.throwsAsync(settled(platform, commits.commit(demand('site'))), {
    message: 'there is no card to commit to: the kernel was not told which disk it came from',
  });
});

test('a trial that nobody confirms is undone, and never reaches the card', async t => {
  const { platform, commits, enforced } = world();
  await commits.commit(demand('daring', 10 * MINUTE));
  t.deepEqual(enforced, ['daring']);
  t.regex(commits.trouble ?? '', /on trial, not on the card: 600 s left/);
  await platform.clock.advance(10 * MINUTE);
  t.deepEqual(enforced, ['daring', 'at boot']);
  t.is(commits.trouble, null);
  t.is(onCard(platform, 0), null);
  t.is(platform.files.readText(FILE), 'as it was at boot');
});

test('a trial that is confirmed goes to the card and stays', async t => {
  const { platform, commits, enforced } = world();
  await commits.commit(demand('daring', MINUTE));
  const answer = await settled(platform, commits.confirm());
  t.is(answer.committed?.sequence, 1);
  await platform.clock.advance(2 * MINUTE);
  t.deepEqual(enforced, ['daring']);
  t.is(textOf(onCard(platform, 0)?.config), 'text of daring');
});

test('a second trial keeps what was before the first', async t => {
  const { platform, commits, enforced } = world();
  await commits.commit(demand('daring', MINUTE));
  await commits.commit(demand('more daring', MINUTE));
  await platform.clock.advance(MINUTE);
  t.deepEqual(enforced, ['daring', 'more daring', 'at boot']);
});

test('a trial can be ended at once', async t => {
  const { platform, commits, enforced } = world();
  await commits.commit(demand('daring', MINUTE));
  t.not(await commits.revert(), null);
  await platform.clock.advance(MINUTE);
  t.deepEqual(enforced, ['daring', 'at boot']);
  t.is(await commits.revert(), null);
});

test('a trial outlives the control process', async t => {
  const first = world();
  await first.commits.commit(demand('daring', MINUTE));
  const { commits, enforced } = world(first.platform);
  t.not(commits.trouble, null);
  await first.platform.clock.advance(MINUTE);
  t.true(enforced.includes('at boot'));
});

test('nothing else is put in force during a trial', async t => {
  const { commits } = world();
  t.notThrows(() => commits.refuseOnTrial());
  await commits.commit(demand('daring', MINUTE));
  t.throws(() => commits.refuseOnTrial(), { message: /director confirm, or director rollback/ });
});

test('the history gives back every commit', async t => {
  const { platform, commits } = world();
  for (const name of ['one', 'two', 'three']) await settled(platform, commits.commit(demand(name)));
  const { commits: known, copies } = await commits.history();
  t.deepEqual(
    known.map(({ sequence, comment }) => [sequence, comment]),
    [
      [3, 'because three'],
      [2, 'because two'],
      [1, 'because one'],
    ],
  );
  t.deepEqual(copies, ['commit 3', 'commit 2']);
  t.is(await commits.text(1), 'text of one');
  await t.throwsAsync(commits.text(9), { message: /no commit 9/ });
});

test('a commit takes along what the card says of its erasures, the first time', async t => {
  const { platform, commits } = world(board(100));
  const erasures = (raw: number) => ({ erased: { id: 161, raw } });
  const stored = (copy: 0 | 1) => decodeOdometer(onCard(platform, copy)!.odometer!)!.erased;
  await settled(platform, commits.commit({ ...demand('site'), ...erasures(500) }));
  t.deepEqual(stored(0), { id: 161, raw: 500, sectors: 100 });
  await settled(platform, commits.commit({ ...demand('next'), ...erasures(510) }));
  t.deepEqual(stored(1), { id: 161, raw: 500, sectors: 100 });
  await settled(platform, commits.commit(demand('one that was not asked')));
  t.deepEqual(stored(0), { id: 161, raw: 500, sectors: 100 });
});

test('the odometer counts each commit once, and what was written beside them', async t => {
  const platform = board(10);
  const { commits } = world(platform);
  await settled(platform, commits.commit(demand('one')));
  t.like(decodeOdometer(onCard(platform, 0)!.odometer!), { sectors: 18, commits: 1 });
  // The kernel has counted that write by now, and nothing else.
  platform.files.replace(
    '/proc/diskstats',
    '   8       0 sda 1 0 8 0 2 0 18 0 0 0 0\n   8       4 sda4 1 0 8 0 2 0 18 0 0 0 0\n',
  );
  await settled(platform, commits.commit(demand('two')));
  const { sectors, commits: count } = decodeOdometer(onCard(platform, 1)!.odometer!)!;
  t.is(sectors, 26);
  t.is(count, 2);
});

/** With a boot partition whose environment block says what `variables` do. */
function bootable(variables: Record<string, string>): FakePlatform {
  const platform = board();
  const partition = new Uint8Array(GRUBENV_OFFSET + 4096);
  partition.set(environmentBlock(variables), GRUBENV_OFFSET);
  platform.files.makeDirectory('/sys/block/sda/sda1');
  platform.files.replace('/sys/block/sda/sda1/partition', '1\n');
  platform.files.replace('/dev/sda1', partition);
  platform.files.devices.set('/dev/sda1', () => 0);
  return platform;
}

const bootVariables = (platform: FakePlatform) =>
  Object.fromEntries(parseGrubenv(platform.files.read('/dev/sda1').subarray(GRUBENV_OFFSET)) ?? []);

function withTable(name: string, connTabBits: number): CommitDemand {
  const given = demand(name);
  const tuning = { sysctls: [], unbind: [], interfaces: [], connTabBits };
  return { ...given, running: { ...given.running, config: { ...given.running.config, tuning } } };
}

test('numbers of commits and the odometer go on when what is on the card is damaged while the board runs', async t => {
  const { platform, commits } = world(board(10));
  await settled(platform, commits.commit(demand('one')));
  await settled(platform, commits.commit(demand('two')));
  const before = decodeOdometer(onCard(platform, 1)!.odometer!)!;
  platform.files.replace('/dev/sda4', new Uint8Array(COPY_OFFSETS[1] + (1 << 16)));
  const { committed } = await settled(platform, commits.commit(demand('three')));
  t.is(committed?.sequence, 3);
  t.like(decodeOdometer(onCard(platform, 0)!.odometer!), {
    sectors: before.sectors + committed!.sectors,
    commits: before.commits + 1,
  });
});

test('what belongs on the command line of the kernel goes to the environment of GRUB with the commit, and away again', async t => {
  const platform = bootable({ active: 'b' });
  const { commits } = world(platform);
  const first = await settled(platform, commits.commit(withTable('one', 14)));
  t.regex(first.boot ?? '', /ip_vs\.conn_tab_bits=14 on its command line: active after the next boot/);
  t.deepEqual(bootVariables(platform), { active: 'b', bootargs: 'ip_vs.conn_tab_bits=14' });
  t.deepEqual(platform.files.written.filter(path => path === '/dev/sda1').length, 2);
  t.is((await settled(platform, commits.commit(withTable('two', 14)))).boot, undefined);
  t.truthy((await settled(platform, commits.commit(demand('three')))).boot);
  t.deepEqual(bootVariables(platform), { active: 'b' });
});

test('a trial changes nothing there before it is confirmed', async t => {
  const platform = bootable({ active: 'a' });
  const { commits } = world(platform);
  await commits.commit({ ...withTable('daring', 12), confirmWithin: MINUTE });
  t.deepEqual(bootVariables(platform), { active: 'a' });
  const { boot } = await settled(platform, commits.confirm());
  t.regex(boot ?? '', /conn_tab_bits=12/);
  t.deepEqual(bootVariables(platform), { active: 'a', bootargs: 'ip_vs.conn_tab_bits=12' });
});

test('a configuration is committed although the environment of GRUB has no room, and that is said', async t => {
  const platform = bootable({ active: 'a', bootargs: 'x'.repeat(450) });
  const { commits } = world(platform);
  const { committed, boot } = await settled(platform, commits.commit(withTable('one', 14)));
  t.is(committed?.sequence, 1);
  t.regex(boot ?? '', /does not get ip_vs.conn_tab_bits=14 .*over 512 bytes .*; commit again/);
});

test('a damaged environment of GRUB is written anew', async t => {
  const platform = bootable({ active: 'a' });
  platform.files.replace('/dev/sda1', new Uint8Array(GRUBENV_OFFSET + 4096));
  const { commits } = world(platform);
  await settled(platform, commits.commit(withTable('one', 14)));
  t.deepEqual(bootVariables(platform), { bootargs: 'ip_vs.conn_tab_bits=14' });
});
