import test from 'ava';
import type { SyncDaemonConfig } from '../../src/director/config/vrrp-config.ts';
import { createSyncDaemon, planDaemons } from '../../src/director/control/sync-daemon.ts';
import type { KernelDaemon } from '../../src/netlink/ipvs/daemon.ts';
import { createFake } from '../../src/platform/fake.ts';
import { pass } from '../ipc/unix-network.ts';
import { serve } from '../netlink/kernel.ts';
import { FakeDaemons } from './fake-daemons.ts';

const CONFIG: SyncDaemonConfig = {
  interface: 'eth0',
  instance: 'web',
  syncId: 51,
  maximumLength: null,
  port: null,
  ttl: null,
  group: null,
};

const MASTER: KernelDaemon = {
  state: 'master',
  interface: 'eth0',
  syncId: 51,
  maximumLength: 0,
  port: 0,
  ttl: 0,
  group: null,
};

function world() {
  const kernel = new FakeDaemons();
  const platform = createFake({ onSocket: socket => serve(socket, request => kernel.handle(request)) });
  const said: string[] = [];
  const tell = (text: string) => said.push(text);
  const daemon = createSyncDaemon(platform, { info: tell, warn: tell, error: tell });
  return { kernel, platform, said, daemon };
}

test('the daemon is a receiver until its instance is master, then the sender, and exactly one runs', async t => {
  const { kernel, platform, daemon, said } = world();
  daemon.configure(CONFIG);
  await pass(platform, 0);
  t.deepEqual(kernel.states, []);
  daemon.follow(false);
  await pass(platform, 0);
  t.deepEqual(kernel.states, [2]);
  daemon.follow(true);
  await pass(platform, 0);
  t.deepEqual(kernel.states, [1]);
  daemon.follow(false);
  daemon.follow(true);
  daemon.follow(false);
  await pass(platform, 0);
  t.deepEqual(kernel.states, [2]);
  t.is(daemon.repairs, 0);
  t.deepEqual(said, []);
});

test('what somebody else ends, starts or starts in another way is put right within the time of a look', async t => {
  const { kernel, platform, daemon, said } = world();
  daemon.configure(CONFIG);
  daemon.follow(true);
  await pass(platform, 0);
  kernel.running.clear();
  await pass(platform, 5000);
  t.deepEqual(kernel.states, [1]);
  kernel.start({ ...MASTER, state: 'backup' });
  await pass(platform, 5000);
  t.deepEqual(kernel.states, [1]);
  kernel.start({ ...MASTER, syncId: 9 });
  await pass(platform, 5000);
  t.is(daemon.repairs, 3);
  t.deepEqual(said, Array(3).fill('the sync daemon was changed by somebody else, put right'));
});

test('one that an earlier control process started is kept', async t => {
  const { kernel, platform, daemon } = world();
  kernel.start(MASTER);
  const before = kernel.running.get(1);
  daemon.configure(CONFIG);
  await pass(platform, 10_000);
  daemon.follow(true);
  await pass(platform, 0);
  t.is(kernel.running.get(1), before);
});

test('what the kernel refuses is a trouble, told once, and tried again', async t => {
  const { kernel, platform, daemon, said } = world();
  kernel.refuse = true;
  daemon.configure(CONFIG);
  daemon.follow(false);
  await pass(platform, 10_000);
  t.regex(daemon.trouble ?? '', /EINVAL/);
  kernel.refuse = false;
  await pass(platform, 1000);
  t.is(daemon.trouble, null);
  t.deepEqual(kernel.states, [2]);
  t.is(said.length, 2);
  t.is(daemon.repairs, 0);
});

test('a kernel without IPVS is a trouble only where a daemon is wanted', async t => {
  const { kernel, platform, daemon } = world();
  kernel.present = false;
  daemon.follow(true);
  await pass(platform, 10_000);
  t.is(daemon.trouble, null);
  daemon.configure(CONFIG);
  daemon.follow(true);
  await pass(platform, 0);
  t.regex(daemon.trouble ?? '', /this kernel has no IPVS/);
});

test('without one in the configuration, daemons of somebody else run on; ours ends', async t => {
  const { kernel, platform, daemon } = world();
  kernel.start(MASTER);
  daemon.configure(null);
  await pass(platform, 20_000);
  t.deepEqual(kernel.states, [1]);
  daemon.configure(CONFIG);
  daemon.follow(true);
  await pass(platform, 0);
  daemon.configure(null);
  await pass(platform, 0);
  t.deepEqual(kernel.states, []);
});

test('daemons that follow no instance run both, all the time', async t => {
  const { kernel, platform, daemon } = world();
  daemon.configure({ ...CONFIG, instance: null });
  await pass(platform, 0);
  t.deepEqual(kernel.states, [1, 2]);
  kernel.running.delete(1);
  await pass(platform, 5000);
  t.deepEqual(kernel.states, [1, 2]);
  t.is(daemon.repairs, 1);
});

test('at the end nothing is left, and nothing comes back', async t => {
  const { kernel, platform, daemon } = world();
  daemon.configure(CONFIG);
  daemon.follow(true);
  await pass(platform, 0);
  daemon.withdraw();
  await pass(platform, 0);
  t.deepEqual(kernel.states, []);
  await pass(platform, 20_000);
  t.deepEqual(kernel.states, []);
});

test('only what differs is changed, and what is left to the kernel never does', t => {
  const chosen: KernelDaemon = {
    ...MASTER,
    maximumLength: 1472,
    port: 8848,
    ttl: 1,
    group: Uint8Array.of(224, 0, 0, 81),
  };
  t.deepEqual(planDaemons([MASTER], [chosen]), { remove: [], add: [] });
  const other = { ...MASTER, group: Uint8Array.of(224, 0, 0, 90) };
  t.deepEqual(planDaemons([other], [chosen]), { remove: ['master'], add: [other] });
  t.deepEqual(planDaemons([{ ...MASTER, ttl: 1 }], [chosen]), { remove: [], add: [] });
  t.deepEqual(planDaemons([{ ...MASTER, ttl: 2 }], [chosen]).remove, ['master']);
  const receiver: KernelDaemon = { ...chosen, state: 'backup' };
  t.deepEqual(planDaemons([], [chosen, receiver]), { remove: ['master', 'backup'], add: [] });
  t.deepEqual(planDaemons([MASTER, receiver], [chosen]), { remove: [], add: [receiver] });
});
