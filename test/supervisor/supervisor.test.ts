import test from 'ava';
import { BEAT_INTERVAL } from '../../src/director/heartbeat.ts';
import type { ToControl } from '../../src/director/supervisor/report.ts';
import { takeStart } from '../../src/director/supervisor/vrrp-start.ts';
import { runSupervisor } from '../../src/director/supervisor.ts';
import { createFake, type FakeChild, type FakePlatform } from '../../src/platform/fake.ts';
import { SIGHUP, SIGKILL, SIGTERM } from '../../src/platform/linux.ts';
import { pass, settle } from '../ipc/unix-network.ts';

function start() {
  const platform = createFake({ pid: 7 });
  const said: string[] = [];
  const note = (text: string) => {
    said.push(text);
  };
  const state = { exited: null as number | null, purges: 0 };
  // The fake throws here, which promises would make a rejection that nobody handles.
  platform.processes.exit = (status: number) => {
    state.exited = status;
    return undefined as never;
  };
  runSupervisor(platform, {
    log: { info: note, warn: note, error: note },
    roleArguments: ['--config', 'x.conf', '--run-dir', '/run/d'],
    ownsMachine: false,
    purge: async () => {
      state.purges++;
    },
  });
  return { platform, said, state };
}

function child(platform: FakePlatform, role: string): FakeChild {
  return [...platform.processes.children.values()].find(each => each.args[2] === role)!;
}

function tell(platform: FakePlatform, role: string, message: unknown): void {
  tellAs(platform, child(platform, role), message);
}

/** Also for a child that has ended. */
function tellAs(platform: FakePlatform, { descriptors }: FakeChild, message: unknown): void {
  const far = platform.processes.farEnds.get(descriptors[3]!)!;
  far.send(new TextEncoder().encode(JSON.stringify(message)));
}

/** Lets time pass while all children beat. */
async function live(platform: FakePlatform, milliseconds: number, silent = ''): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += BEAT_INTERVAL) {
    for (const { args } of platform.processes.children.values()) {
      if (args[2] !== silent) tell(platform, args[2]!, {});
    }
    await pass(platform, BEAT_INTERVAL);
  }
}

/** The last that control heard. */
function heard(platform: FakePlatform): Pick<ToControl, 'children'> {
  const far = platform.processes.farEnds.get(child(platform, 'control').descriptors[3]!)!;
  let last = {};
  for (
    let datagram = far.receive();
    datagram !== null && datagram.data.length > 0;
    datagram = far.receive()
  ) {
    last = JSON.parse(new TextDecoder().decode(datagram.data));
  }
  return last;
}

test('the roles run from the same program, named for ps, with the pair as fd 3', t => {
  const { platform } = start();
  t.deepEqual(
    [...platform.processes.children.values()].map(({ program, args }) => [program, ...args]),
    ['vrrp', 'checker', 'control', 'telemetry'].map(role => [
      '/proc/self/exe',
      `director: ${role}`,
      'role',
      role,
      ...(role === 'vrrp' ? ['--start', '0,0'] : []),
      ...['--config', 'x.conf', '--run-dir', '/run/d'],
    ]),
  );
  t.true(platform.processes.state.memoryLocked);
  t.is(platform.processes.state.priority, 51);
});

test('control hears who runs', async t => {
  const { platform } = start();
  await settle(platform);
  t.like(heard(platform).children, [
    { role: 'supervisor', pid: 7 },
    { role: 'vrrp', pid: 100 },
    { role: 'checker', pid: 101 },
    { role: 'control', pid: 102 },
    { role: 'telemetry', pid: 103 },
  ]);
  platform.processes.end(101, 0, SIGKILL);
  await live(platform, 1000);
  t.like(heard(platform).children?.[2], { role: 'checker', pid: 104, restarts: 1, lastEnd: 'signal 9' });
});

test('a role that falls silent is killed and started again', async t => {
  const { platform, said } = start();
  await live(platform, 5000);
  const { pid } = child(platform, 'vrrp');
  await live(platform, 1500, 'vrrp');
  t.deepEqual(platform.processes.killed, [{ pid, signal: SIGKILL }]);
  t.regex(said[0]!, /^vrrp \(pid 100\) is silent for 1\.\d s: killed$/);
  platform.processes.end(pid, 0, SIGKILL);
  await live(platform, 1000);
  t.not(child(platform, 'vrrp').pid, pid);
  t.regex(heard(platform).children?.[1]?.lastEnd ?? '', /^killed: silent for 1\.\d s$/);
});

test('the addresses are taken off before vrrp is started again, also when that fails', async t => {
  const { platform, state } = start();
  await live(platform, 1000);
  platform.processes.end(child(platform, 'vrrp').pid, 70);
  await live(platform, 250);
  t.is(state.purges, 1);
  t.truthy(child(platform, 'vrrp'));
});

const BEQUEST = {
  held: [],
  advertisement: {
    version: 3,
    virtualRouterId: 1,
    interval: 1000,
    addresses: [],
    authentication: { kind: 'none' },
  },
  checksumForm: 'plain',
  interface: 1,
  source: '10.9.0.1',
  destinations: [],
  hops: 255,
};

test('a vrrp process that dies as master is started again with a hold-down, which further deaths do not shorten', async t => {
  const { platform } = start();
  await live(platform, 1000);
  const holdDown = () => takeStart(child(platform, 'vrrp').args.slice(3)).holdDown;
  t.is(holdDown(), 0);
  tell(platform, 'vrrp', { will: { key: 1, instance: 'web', bequest: BEQUEST } });
  await settle(platform);
  platform.processes.end(child(platform, 'vrrp').pid, 0, SIGKILL);
  await live(platform, 250);
  t.true(holdDown() > 29_000 && holdDown() <= 30_000);
  await live(platform, 20_000);
  platform.processes.end(child(platform, 'vrrp').pid, 0, SIGKILL);
  await live(platform, 500);
  t.true(holdDown() > 9000 && holdDown() <= 10_000);
  await live(platform, 40_000);
  platform.processes.end(child(platform, 'vrrp').pid, 0, SIGKILL);
  await live(platform, 250);
  t.is(holdDown(), 0);
});

test('a will that is made with the last words counts once', async t => {
  const { platform, said } = start();
  await live(platform, 1000);
  const vrrp = child(platform, 'vrrp');
  // Its end is told before its words, though these came first.
  platform.processes.end(vrrp.pid, 0, SIGKILL);
  tellAs(platform, vrrp, { will: { key: 1, instance: 'web', bequest: BEQUEST } });
  await live(platform, 250);
  const goodbyes = () => said.filter(text => text === 'said goodbye for web').length;
  t.is(goodbyes(), 1);
  await live(platform, 1000);
  platform.processes.end(child(platform, 'vrrp').pid, 0, SIGKILL);
  await live(platform, 1000);
  t.is(goodbyes(), 1);
});

test('a stop that control asks for ends with its status, the addresses off', async t => {
  const { platform, state } = start();
  await live(platform, 1000);
  tell(platform, 'control', { stop: 2 });
  await settle(platform);
  t.deepEqual(
    platform.processes.killed.map(({ signal }) => signal),
    [SIGTERM, SIGTERM, SIGTERM],
  );
  for (const role of ['control', 'telemetry', 'vrrp', 'checker']) {
    platform.processes.end(child(platform, role).pid, 0);
    await settle(platform);
  }
  t.is(state.exited, 2);
  t.is(state.purges, 2);
});

test('SIGTERM stops with status 0, SIGHUP is passed on as a reload', async t => {
  const { platform, state } = start();
  await live(platform, 1000);
  platform.processes.raise(SIGHUP);
  await settle(platform);
  t.deepEqual(heard(platform), { reload: true });
  platform.processes.raise(SIGTERM);
  await settle(platform);
  for (const role of ['control', 'telemetry', 'vrrp', 'checker']) {
    platform.processes.end(child(platform, role).pid, 0);
    await settle(platform);
  }
  t.is(state.exited, 0);
});

test('a child that ended with a message unread is no more than a child that ended', async t => {
  const { platform } = start();
  await live(platform, 1000);
  const { pid, descriptors } = child(platform, 'checker');
  platform.processes.farEnds.get(descriptors[3]!)!.close();
  platform.processes.end(pid, 0, SIGKILL);
  await live(platform, 1000);
  t.truthy(child(platform, 'checker'));
});

test('what makes no sense is a beat, and takes nobody along', async t => {
  const { platform, state } = start();
  await settle(platform);
  for (const message of [null, 5, 'stop', [], { will: null }, { will: 7 }, { will: {} }, { stop: 'now' }]) {
    tell(platform, 'vrrp', message);
    await settle(platform);
  }
  t.is(state.exited, null);
  await live(platform, 3000);
  t.is(child(platform, 'vrrp').pid, 100);
});
