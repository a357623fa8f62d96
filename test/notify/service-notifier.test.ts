import test from 'ava';
import type { Config, RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import type { FifoConfig } from '../../src/director/config/vrrp-config.ts';
import { NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import { createNotifier } from '../../src/director/notify/notifier.ts';
import type { ServiceEvent } from '../../src/director/protocol.ts';
import { createCommands } from '../../src/director/system/commands.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { realServer, sampleConfig, virtualServer } from '../control/sample.ts';

const SERVICES_PATH = '/run/notified-services.json';
const FIFO = '/run/lvs';

const command = (word: string) => ({ words: [`/${word}`], user: null, group: null });

function server(number: number, more: Partial<RealServerConfig> = {}): RealServerConfig {
  return realServer(`10.0.0.${number}`, { onUp: command('up'), onDown: command('down'), ...more });
}

function configOf(
  servers: readonly RealServerConfig[],
  more: Partial<VirtualServerConfig> = {},
  about: FifoConfig['about'] = 'lvs',
): Config {
  const fifo = { path: FIFO, about, user: null, group: null, statesOnReload: false, script: null };
  const quorum = { weight: 1, hysteresis: 0, onUp: command('gained'), onDown: command('lost') };
  return sampleConfig({
    vrrp: { ...NO_VRRP, fifos: [fifo as FifoConfig] },
    virtualServers: [virtualServer(servers, { quorum, ...more })],
  });
}

const BOTH = [server(11), server(12)];

const event = (number: number | null, state: ServiceEvent['state']): ServiceEvent => ({
  subject: number === null ? 'VIRTUAL SERVER' : 'REAL SERVER',
  service: 'TCP 10.0.0.100:80',
  server: number === null ? null : `10.0.0.${number}:80`,
  state,
  reason: '',
  at: 0,
});

function start(platform: FakePlatform, config: Config = configOf(BOTH)) {
  const said: string[] = [];
  const tell = (text: string) => said.push(text);
  const log = { info: tell, warn: tell, error: tell };
  const notifier = createNotifier(platform, {
    commands: createCommands(platform),
    log,
    path: '/run/notified.json',
    servicesPath: SERVICES_PATH,
  });
  notifier.configure(config);
  return { notifier, said };
}

function world(config?: Config) {
  const platform = createFake({ files: { '/run/x': '', '/proc/sys/kernel/hostname': 'lvs1\n' } });
  const running = () => [...platform.processes.children.values()].map(({ args }) => args.join(' '));
  /** Whatever runs ends, again and again; all that ran. */
  const runAll = () => {
    const ran: string[] = [];
    while (platform.processes.children.size > 0) {
      ran.push(...running());
      for (const pid of [...platform.processes.children.keys()]) platform.processes.end(pid, 0);
      platform.clock.settle();
    }
    return ran;
  };
  const lines = () => platform.files.drainFifo(FIFO);
  return { platform, running, runAll, lines, ...start(platform, config) };
}

test('a server that is lost runs its program and writes its line, and again when it is back', t => {
  const { notifier, runAll, lines } = world();
  notifier.happenedToService(event(11, 'down'));
  notifier.happenedToService(event(11, 'down'));
  t.deepEqual(runAll(), ['/down']);
  t.is(lines(), 'RS [10.0.0.11]:tcp:80 [10.0.0.100]:tcp:80 DOWN\n');
  notifier.happenedToService(event(11, 'up'));
  t.deepEqual(runAll(), ['/up']);
  t.is(lines(), 'RS [10.0.0.11]:tcp:80 [10.0.0.100]:tcp:80 UP\n');
});

test('the first success of a server is told only where that is asked for; the quorum always is', t => {
  const quiet = world();
  quiet.notifier.happenedToService(event(11, 'up'));
  t.deepEqual(quiet.runAll(), []);
  quiet.notifier.happenedToService(event(11, 'down'));
  t.deepEqual(quiet.runAll(), ['/down']);
  quiet.notifier.happenedToService(event(null, 'up'));
  t.deepEqual(quiet.runAll(), ['/gained']);
  const loud = world(configOf(BOTH, { tellsStart: true }));
  loud.notifier.happenedToService(event(11, 'up'));
  t.deepEqual(loud.runAll(), ['/up']);
});

test('what people order is told to nobody', t => {
  const { notifier, runAll, lines } = world();
  for (const state of ['up', 'draining', 'maintenance', 'starting', 'up'] as const) {
    notifier.happenedToService(event(11, state));
  }
  t.deepEqual(runAll(), []);
  t.is(lines(), '');
});

test('a process that is started again repeats nothing and misses nothing', t => {
  const { platform, notifier, runAll, lines } = world();
  notifier.happenedToService(event(11, 'down'));
  notifier.happenedToService(event(12, 'down'));
  runAll();
  platform.clock.advance(1000);
  lines();
  const { notifier: again } = start(platform);
  again.happenedToService({ ...event(11, 'down'), isPresent: true });
  again.happenedToService({ ...event(12, 'up'), isPresent: true });
  t.deepEqual(runAll(), ['/up']);
  t.is(lines(), 'RS [10.0.0.12]:tcp:80 [10.0.0.100]:tcp:80 UP\n');
});

test('a server that a new configuration lacks is told as down if it was up, and forgotten', t => {
  const { platform, notifier, runAll, lines } = world();
  notifier.happenedToService(event(11, 'up'));
  notifier.happenedToService(event(12, 'down'));
  runAll();
  lines();
  notifier.configure(configOf([]));
  t.deepEqual(runAll(), ['/down']);
  t.is(lines(), 'RS [10.0.0.11]:tcp:80 [10.0.0.100]:tcp:80 DOWN\n');
  platform.clock.advance(1000);
  t.deepEqual(JSON.parse(platform.files.readText(SERVICES_PATH)), {});
});

test('at the end those are told who ask for it, the servers before their quorum', async t => {
  const { notifier, runAll, lines } = world(configOf(BOTH, { tellsStop: true }));
  notifier.happenedToService(event(11, 'up'));
  notifier.happenedToService(event(12, 'down'));
  notifier.happenedToService(event(null, 'up'));
  runAll();
  lines();
  const stopped = notifier.stop();
  t.is(lines(), 'RS [10.0.0.11]:tcp:80 [10.0.0.100]:tcp:80 DOWN\nVS [10.0.0.100]:tcp:80 DOWN\n');
  t.deepEqual(runAll(), ['/down', '/lost']);
  await stopped;
  const other = world();
  other.notifier.happenedToService(event(11, 'up'));
  await other.notifier.stop();
  t.deepEqual(other.runAll(), []);
});

test('nobody is told of what is not configured, and pipes only of what they are about', t => {
  const { notifier, runAll, lines } = world(configOf(BOTH, {}, 'vrrp'));
  notifier.happenedToService(event(13, 'down'));
  notifier.happenedToService({ ...event(11, 'down'), service: 'TCP 10.0.0.101:80' });
  t.deepEqual(runAll(), []);
  notifier.happenedToService(event(11, 'down'));
  t.deepEqual(runAll(), ['/down']);
  t.is(lines(), '');
});

test('of servers that nobody hears of nothing is remembered', t => {
  const { platform, notifier } = world(configOf([realServer('10.0.0.11')], {}, 'vrrp'));
  notifier.happenedToService(event(11, 'down'));
  platform.clock.advance(1000);
  t.false(platform.files.exists(SERVICES_PATH));
});

test('what was told is written down before the process can be asked for anything else', t => {
  const { platform, notifier } = world();
  notifier.happenedToService(event(11, 'down'));
  platform.clock.settle();
  const kept = JSON.parse(platform.files.readText(SERVICES_PATH));
  t.deepEqual(kept, { '10.0.0.11:80 of TCP 10.0.0.100:80': { told: 'DOWN', ran: 'DOWN' } });
});

test('so is what follows right behind it', t => {
  const { platform, notifier, runAll } = world();
  notifier.happenedToService(event(11, 'down'));
  runAll();
  notifier.happenedToService(event(11, 'up'));
  platform.clock.settle();
  const kept = JSON.parse(platform.files.readText(SERVICES_PATH));
  t.deepEqual(kept, { '10.0.0.11:80 of TCP 10.0.0.100:80': { told: 'UP', ran: 'UP' } });
});

test('when thousands of servers change together, few programs run at once, and the file is written twice at most', t => {
  const many = Array.from({ length: 100 }, (_, index) => server(index + 1));
  const { platform, notifier, running, runAll } = world(configOf(many));
  const written: number[] = [];
  const { replace } = platform.files;
  platform.files.replace = (path, content, mode) => {
    if (path === SERVICES_PATH) written.push(1);
    replace.call(platform.files, path, content, mode);
  };
  for (let number = 1; number <= 100; number++) notifier.happenedToService(event(number, 'down'));
  t.is(running().length, 8);
  t.is(runAll().length, 100);
  platform.clock.advance(1000);
  t.true(written.length <= 2);
});
