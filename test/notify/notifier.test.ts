import test from 'ava';
import type { Config } from '../../src/director/config/config.ts';
import type { NotifyConfig } from '../../src/director/config/vrrp-config.ts';
import { NO_NOTIFICATIONS, NO_TRACKS, NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import { createNotifier } from '../../src/director/notify/notifier.ts';
import type { VrrpEvent } from '../../src/director/protocol.ts';
import { createCommands } from '../../src/director/system/commands.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { INSTANCE, sampleConfig } from '../control/sample.ts';

const PATH = '/run/notified.json';
const SERVICES_PATH = '/run/notified-services.json';
const FIFO = '/run/fifo';

const command = (word: string) => ({ words: [`/${word}`], user: null, group: null });
const NOTIFY: NotifyConfig = {
  ...NO_NOTIFICATIONS,
  master: command('master'),
  backup: command('backup'),
  stop: command('stop'),
  deleted: command('deleted'),
  tellsDeleted: true,
};

function configOf(names: readonly string[], notify = NOTIFY, statesOnReload = false): Config {
  const group = { name: 'all', members: [], tracks: NO_TRACKS, trackingWeight: false, notify };
  const fifo = { path: FIFO, user: null, group: null, statesOnReload, script: null };
  return sampleConfig({
    vrrp: { ...NO_VRRP, fifos: [fifo], syncGroups: [group] },
    vrrpInstances: names.map(name => ({ ...INSTANCE, name, notify })),
  });
}

const event = (state: VrrpEvent['state'], more: Partial<VrrpEvent> = {}): VrrpEvent => ({
  subject: 'INSTANCE',
  name: 'web',
  kind: 'state',
  state,
  priority: 100,
  reason: '',
  at: 0,
  ...more,
});

function start(platform: FakePlatform, config: Config | null = configOf(['web', 'dns'])) {
  const said: string[] = [];
  const tell = (text: string) => said.push(text);
  const log = { info: tell, warn: tell, error: tell };
  const notifier = createNotifier(platform, {
    commands: createCommands(platform),
    log,
    path: PATH,
    servicesPath: SERVICES_PATH,
  });
  if (config !== null) notifier.configure(config);
  return { notifier, said };
}

function world() {
  const platform = createFake({ files: { '/run/x': '', '/proc/sys/kernel/hostname': 'lvs1\n' } });
  const running = () => [...platform.processes.children.values()].map(({ args }) => args.join(' '));
  /** The first program that runs ends. */
  const end = () => {
    const [pid] = platform.processes.children.keys();
    platform.processes.end(pid!, 0);
    platform.clock.settle();
  };
  const lines = () => platform.files.drainFifo(FIFO);
  return { platform, running, end, lines, ...start(platform) };
}

test('a change of state runs its program and writes its line', t => {
  const { notifier, running, lines } = world();
  notifier.happened(event('INITIALIZE'));
  t.deepEqual(running(), []);
  notifier.happened(event('MASTER'));
  t.deepEqual(running(), ['/master']);
  t.is(lines(), 'INSTANCE "web" MASTER 100\n');
});

test('each state is told once, whoever found it out', t => {
  const { notifier, running, end, lines } = world();
  notifier.happened(event('MASTER'));
  notifier.happened(event('MASTER', { reason: 'found in this state' }));
  end();
  t.deepEqual(running(), []);
  t.is(lines(), 'INSTANCE "web" MASTER 100\n');
});

test('programs of an instance keep their order, also the overtaken ones', t => {
  const { notifier, running, end } = world();
  for (const state of ['MASTER', 'BACKUP', 'MASTER'] as const) notifier.happened(event(state));
  notifier.happened(event('MASTER', { subject: 'GROUP', name: 'all' }));
  const seen: string[][] = [];
  for (; running().length > 0; end()) seen.push(running());
  t.deepEqual(seen, [['/master', '/master'], ['/master', '/backup'], ['/backup'], ['/master']]);
});

test('a process that is started again repeats nothing and misses nothing', t => {
  const { platform, notifier, running, end, lines } = world();
  notifier.happened(event('MASTER'));
  notifier.happened(event('BACKUP', { name: 'dns' }));
  end();
  end();
  lines();
  const { notifier: again } = start(platform);
  again.happened(event('MASTER', { reason: 'found in this state' }));
  again.happened(event('MASTER', { name: 'dns', reason: 'found in this state' }));
  t.deepEqual(running(), ['/master']);
  t.is(lines(), 'INSTANCE "dns" MASTER 100\n');
});

test('what was told but waited behind another program is run by the next process', t => {
  const { platform, notifier, running, end, lines } = world();
  notifier.happened(event('MASTER'));
  notifier.happened(event('BACKUP'));
  t.is(lines(), 'INSTANCE "web" MASTER 100\nINSTANCE "web" BACKUP 100\n');
  end();
  platform.processes.children.clear();
  platform.files.replace(PATH, '{"INSTANCE web":{"told":"BACKUP","ran":"MASTER","priority":100}}');
  const { notifier: again } = start(platform);
  again.happened(event('BACKUP', { reason: 'found in this state' }));
  t.deepEqual(running(), ['/backup']);
  t.is(lines(), '');
});

test('what is kept in disorder is forgotten', t => {
  const { platform, running } = world();
  platform.files.replace(PATH, '{"INSTANCE web":{"to');
  const { notifier } = start(platform);
  notifier.happened(event('BACKUP'));
  t.deepEqual(running(), ['/backup']);
});

test('an instance that a new configuration lacks is told as deleted, once, and forgotten', t => {
  const { platform, notifier, running, end, lines } = world();
  notifier.happened(event('MASTER'));
  end();
  lines();
  notifier.configure(configOf(['dns']));
  notifier.happened(event('STOP'));
  notifier.happened(event('INITIALIZE', { kind: 'deleted' }));
  t.deepEqual(running(), ['/deleted']);
  t.is(lines(), 'INSTANCE "web" DELETED 100\n');
  t.deepEqual(JSON.parse(platform.files.readText(PATH)), {});
  end();
  notifier.configure(configOf(['web']));
  notifier.happened(event('BACKUP'));
  t.deepEqual(running(), ['/backup']);
});

test('at the end what was not told as stopped is', async t => {
  const { notifier, running, end, lines } = world();
  notifier.happened(event('MASTER'));
  notifier.happened(event('BACKUP', { name: 'dns' }));
  notifier.happened(event('STOP', { name: 'dns' }));
  lines();
  const stopped = notifier.stop();
  t.is(lines(), 'INSTANCE "web" STOP 100\n');
  while (running().length > 0) end();
  await stopped;
  notifier.close();
  t.throws(lines);
});

test('nothing is told of instances that are not configured', t => {
  const { notifier, running, lines } = world();
  notifier.happened(event('MASTER', { name: 'other' }));
  t.deepEqual(running(), []);
  t.is(lines(), '');
});

test('an event of the moment is told as often as it comes', t => {
  const { notifier, lines } = world();
  notifier.happened(event('MASTER', { kind: 'receives-lower' }));
  notifier.happened(event('MASTER', { kind: 'receives-lower' }));
  t.is(lines(), 'INSTANCE "web" MASTER_RX_LOWER_PRI 100\n'.repeat(2));
});

test('FIFOs that stay in the configuration stay open', t => {
  const { platform, notifier, lines } = world();
  notifier.happened(event('MASTER'));
  notifier.configure(configOf(['web'], NO_NOTIFICATIONS));
  t.is(lines(), 'INSTANCE "web" MASTER 100\n');
  notifier.configure(sampleConfig());
  t.false(platform.files.exists(FIFO));
});

test('all states are written to a FIFO that asks for them when a configuration was loaded', t => {
  const { notifier, end, running, lines } = world();
  notifier.happened(event('MASTER'));
  notifier.happened(event('MASTER', { kind: 'priority', priority: 90 }));
  notifier.happened(event('BACKUP', { subject: 'GROUP', name: 'all' }));
  while (running().length > 0) end();
  lines();
  notifier.configure(configOf(['web', 'dns'], NOTIFY, true));
  lines();
  notifier.configure(configOf(['web', 'dns'], NO_NOTIFICATIONS, true));
  t.is(lines(), 'INSTANCE "web" MASTER 90\nGROUP "all" BACKUP 0\n');
  t.deepEqual(running(), []);
});
