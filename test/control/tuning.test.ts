// `tuning { }` on a board in memory: set, read back, told, and undone.
import test from 'ava';
import type { TuningConfig } from '../../src/director/config/config.ts';
import { NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import type { PartPlan } from '../../src/director/control/machine.ts';
import { createTuning } from '../../src/director/control/tuning.ts';
import { createLog } from '../../src/director/log.ts';
import { Attributes, type Message } from '../../src/netlink/reader.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { createFake, type FakePlatform, type FakeSocket } from '../../src/platform/fake.ts';
import { SIGTERM } from '../../src/platform/linux.ts';
import { NET4801, NET5501, pciTree } from '../hardware/machines.ts';
import { type Reply, serve } from '../netlink/kernel.ts';
import { settled } from '../netlink/settled.ts';
import { sampleConfig } from './sample.ts';

const FAMILY = 0x15;
const EOPNOTSUPP = 95;
const EINVAL = 22;
const BUDGET = '/proc/sys/net/core/netdev_budget';
const THRESHOLD = '/proc/sys/net/ipv4/vs/sync_threshold';

const tuned = (more: Partial<TuningConfig>) =>
  sampleConfig({ tuning: { sysctls: [], unbind: [], interfaces: [], ...more } });
const budget = (value: string) => tuned({ sysctls: [{ path: 'net/core/netdev_budget', value }] });

function world(devices = NET4801, onSocket: (socket: FakeSocket) => void = () => {}) {
  const platform = createFake({
    onSocket,
    files: {
      ...pciTree(devices),
      [BUDGET]: '300\n',
      // The kernel puts tabs between several numbers.
      [THRESHOLD]: '3\t50\n',
      '/proc/cmdline': 'root=/dev/ram0\n',
      '/run/director/lock': '',
    },
  });
  return { platform, part: createTuning(platform, '/run/director', createLog(platform, 'control')) };
}

async function bring(platform: FakePlatform, plan: Promise<PartPlan>): Promise<PartPlan> {
  const made = await settled(platform, plan);
  if (made.changes.length > 0) await settled(platform, made.apply());
  return made;
}

test('without the block nothing is looked at', async t => {
  const { part } = world();
  t.deepEqual((await part.plan(sampleConfig())).changes, []);
  t.deepEqual((await part.plan(null)).changes, []);
});

test('a setting is changed, kept, and undone when it is not said any more', async t => {
  const { platform, part } = world();
  t.deepEqual((await bring(platform, part.plan(budget('600')))).changes, [
    'net.core.netdev_budget = 600 (was 300)',
  ]);
  t.is(platform.files.readText(BUDGET), '600');
  t.deepEqual((await part.plan(budget('600'))).changes, []);
  await bring(platform, part.plan(budget('900')));
  const back = await bring(platform, part.plan(sampleConfig()));
  t.deepEqual(back.changes, ['net.core.netdev_budget = 300, as before']);
  t.is(platform.files.readText(BUDGET), '300');
  t.deepEqual((await part.plan(sampleConfig())).changes, []);
});

test('what is synchronised between directors is set, and undone like the rest', async t => {
  const { platform, part } = world();
  const vrrp = { ...NO_VRRP, syncSettings: [{ name: 'sync_threshold', value: '5 60' }] };
  const config = sampleConfig({ vrrp });
  t.deepEqual((await bring(platform, part.plan(config))).changes, [
    'net.ipv4.vs.sync_threshold = 5 60 (was 3 50)',
  ]);
  platform.files.replace(THRESHOLD, '5\t60\n');
  t.deepEqual((await part.plan(config)).changes, []);
  t.deepEqual((await bring(platform, part.plan(sampleConfig()))).changes, [
    'net.ipv4.vs.sync_threshold = 3 50, as before',
  ]);
  t.is(platform.files.readText(THRESHOLD), '3 50');
});

test('a control process that is started again undoes what the one before has set', async t => {
  const { platform, part } = world();
  await bring(platform, part.plan(budget('600')));
  const again = createTuning(platform, '/run/director', createLog(platform, 'control'));
  await bring(platform, again.plan(sampleConfig()));
  t.is(platform.files.readText(BUDGET), '300');
});

test('the latency timer is a byte of the configuration space', async t => {
  const { platform, part } = world();
  const clocks = () => platform.files.read('/sys/bus/pci/devices/0000:00:07.0/config')[0x0d];
  const config = tuned({ interfaces: [{ name: 'eth1', latencyTimer: 248, ethtool: {} }] });
  t.deepEqual((await bring(platform, part.plan(config))).changes, ['eth1 latency_timer = 248 (was 64)']);
  t.is(clocks(), 248);
  await bring(platform, part.plan(sampleConfig()));
  t.is(clocks(), 64);
});

test('a device that makes something else of a value is told, and not written to again', async t => {
  const { platform, part } = world();
  const { put } = platform.files;
  platform.files.put = (path, content) =>
    put.call(platform.files, path, path === BUDGET ? String(Math.min(500, Number(content))) : content);
  await bring(platform, part.plan(budget('600')));
  const after = await part.plan(budget('600'));
  t.deepEqual(after.changes, []);
  t.deepEqual(after.notes, ['net.core.netdev_budget: 600 was written, and it holds 500']);
});

test('a ring that a driver tells of and cannot change is told, and not written to again', async t => {
  const { sent, onSocket } = ethtoolKernel(EOPNOTSUPP);
  const { platform, part } = world(NET4801, onSocket);
  const config = tuned({ interfaces: [{ name: 'eth0', ethtool: { rx_ring: 256 } }] });
  await bring(platform, part.plan(config));
  const { changes, notes } = await settled(platform, part.plan(config));
  t.deepEqual(changes, []);
  t.deepEqual(notes, ['eth0 rx_ring = 256: unsupported by driver natsemi']);
  t.deepEqual(sent, []);
});

test('a value that the driver does not take is told, and not written again', async t => {
  const { platform, part } = world(NET4801, ethtoolKernel(EINVAL).onSocket);
  const config = tuned({ interfaces: [{ name: 'eth0', ethtool: { rx_ring: 999 } }] });
  await bring(platform, part.plan(config));
  const { changes, notes } = await settled(platform, part.plan(config));
  t.deepEqual(changes, []);
  t.deepEqual(notes, ['eth0 rx_ring = 999: the driver does not take this value']);
});

test('what this kernel does not have is said, what waits for a boot too', async t => {
  const { part } = world();
  const { changes, notes } = await part.plan(
    tuned({ sysctls: [{ path: 'net/ipv4/vs/drop_entry', value: '1' }], connTabBits: 14 }),
  );
  t.deepEqual(changes, []);
  t.deepEqual(notes, [
    'ip_vs.conn_tab_bits=14: active after the next boot, once it is committed',
    'net.ipv4.vs.drop_entry = 1: this kernel has no such setting',
  ]);
});

/** A kernel whose eth0 has a receive ring, and whose eth1 has none; `refusal`: what it says to a change. */
function ethtoolKernel(refusal: number | null = null) {
  let ring = 128;
  const sent: number[] = [];
  function handle(request: Message): Reply {
    if (request.type === 16)
      return { data: [new MessageWriter(16, 0).put32(0x0201).u16(1, FAMILY).finish()] };
    const attributes = new Attributes(request.payload, 4);
    if (attributes.nested(1)?.text(2) !== 'eth0') return { errno: EOPNOTSUPP };
    if (request.payload[0] === 16) {
      if (refusal !== null) return { errno: refusal };
      ring = attributes.u32(6) ?? ring;
      sent.push(ring);
      return {};
    }
    return { data: [new MessageWriter(FAMILY, 0).put32(0x0110).u32(2, 256).u32(6, ring).finish()] };
  }
  return { sent, onSocket: (socket: FakeSocket) => serve(socket, handle) };
}

test('rings are set where the driver has them, and nothing is pretended where it has none', async t => {
  const { sent, onSocket } = ethtoolKernel();
  const { platform, part } = world(NET4801, onSocket);
  const config = tuned({
    interfaces: [
      { name: 'eth0', ethtool: { rx_ring: 256, tx_ring: 64 } },
      { name: 'eth1', ethtool: { rx_ring: 256 } },
    ],
  });
  const { changes, notes } = await bring(platform, part.plan(config));
  t.deepEqual(changes, ['eth0 rx_ring = 256 (was 128)']);
  t.deepEqual(notes, [
    'eth0 tx_ring = 64: unsupported by driver natsemi',
    'eth1 rx_ring = 256: unsupported by driver natsemi',
  ]);
  await bring(platform, part.plan(sampleConfig()));
  t.deepEqual(sent, [256, 128]);
  t.true(platform.sockets.every(socket => socket.closed));
});

/** The drivers of a kernel: a device that is unbound has none, until it is bound again. */
function withDrivers(platform: FakePlatform): void {
  const { put } = platform.files;
  platform.files.put = (path, place) => {
    put.call(platform.files, path, place);
    const [, driver = null] = /^\/sys\/bus\/pci\/drivers\/(.*)\/bind$/.exec(path) ?? [];
    if (driver === null && !path.endsWith('/unbind')) return;
    const uevent = `/sys/bus/pci/devices/${place}/uevent`;
    const rest = platform.files.readText(uevent).replace(/^DRIVER=.*\n/m, '');
    platform.files.replace(uevent, driver === null ? rest : `DRIVER=${driver}\n${rest}`);
  };
}

test('a device is taken from its driver, stays so, and is given back', async t => {
  const { platform, part } = world();
  withDrivers(platform);
  const config = tuned({ unbind: ['0000:00:13.0'] });
  t.deepEqual((await bring(platform, part.plan(config))).changes, ['take 0000:00:13.0 from ohci-pci']);
  t.is(platform.files.readText('/sys/bus/pci/devices/0000:00:13.0/driver/unbind'), '0000:00:13.0');
  t.deepEqual((await part.plan(config)).changes, []);
  const back = await bring(platform, part.plan(sampleConfig()));
  t.deepEqual(back.changes, ['give 0000:00:13.0 back to ohci-pci']);
  t.is(platform.files.readText('/sys/bus/pci/drivers/ohci-pci/bind'), '0000:00:13.0');
});

test('a needless device that was taken from its driver is needless still', async t => {
  const { platform, part } = world(NET5501);
  withDrivers(platform);
  const config = tuned({ unbindsNeedless: true });
  t.deepEqual((await bring(platform, part.plan(config))).changes, ['take 0000:00:01.2 from geode-aes']);
  t.deepEqual((await part.plan(config)).changes, []);
  const back = await bring(platform, part.plan(sampleConfig()));
  t.deepEqual(back.changes, ['give 0000:00:01.2 back to geode-aes']);
});

test('programs of the site are run before and after, and one that hangs is ended', async t => {
  const { platform, part } = world();
  const files: Record<string, string> = {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    '/etc/group': 'root:x:0:\n',
    '/site/before/10-first': '',
    '/site/before/20-hangs': '',
    '/site/after/.hidden': '',
    '/site/after/10-last': '',
  };
  const folders = ['/etc', '/site', '/site/before', '/site/after'];
  for (const folder of folders) platform.files.makeDirectory(folder);
  for (const [path, content] of Object.entries(files)) platform.files.replace(path, content);
  const config = tuned({
    sysctls: [{ path: 'net/core/netdev_budget', value: '600' }],
    hooks: { folder: '/site', timeout: 1000 },
  });
  const { apply } = await part.plan(config);
  const done = apply();
  const seen = new Map<number, string>();
  const { processes } = platform;
  for (let turn = 0; turn < 20; turn++) {
    await platform.clock.advance(500);
    for (const { pid, program, args } of processes.children.values()) {
      if (seen.has(pid)) continue;
      seen.set(pid, `${args.join(' ')}, budget ${platform.files.readText(BUDGET).trim()}`);
      if (!program.includes('hangs')) processes.end(pid, 0);
    }
    for (const { pid, signal } of processes.killed) {
      if (signal === SIGTERM && processes.children.has(-pid)) processes.end(-pid, 0, SIGTERM);
    }
  }
  await done;
  t.deepEqual(
    [...seen.values()],
    [
      '/site/before/10-first before, budget 300',
      '/site/before/20-hangs before, budget 300',
      '/site/after/10-last after, budget 600',
    ],
  );
  t.regex(platform.output.errors, /20-hangs: no end within 1 s/);
});
