// What a board makes of its card at boot, whatever state the card is in.
import test from 'ava';
import { parseArguments } from '../../src/director/console/arguments.ts';
import { boot } from '../../src/director/console/boot.ts';
import { COPY_OFFSETS, encodeSnapshot, type Snapshot } from '../../src/director/flash/store.ts';
import { wishForFactory } from '../../src/director/hardware/wish.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { pass } from '../ipc/unix-network.ts';

const BUILD = 1_767_225_600;
const HASH = `$6$saltsalt$${'x'.repeat(86)}`;
const SITE = `system {\n  hostname garage\n  password_hash "${HASH}"\n}\n`;
const INVOCATION = parseArguments([]);

const text = (content: string) => new TextEncoder().encode(content);

function snapshot(changes: Partial<Snapshot> & { content?: string }): Uint8Array {
  const { content = SITE, ...rest } = changes;
  const seed = new Uint8Array(32).fill(9);
  return encodeSnapshot({ sequence: 1, time: 1_800_000_000_000, seed, config: text(content), ...rest });
}

/** A disk whose MBR carries the signature 0badcafe. */
function master(): Uint8Array {
  const sector = new Uint8Array(512);
  sector.set([0xfe, 0xca, 0xad, 0x0b], 440);
  return sector;
}

/** A board that was booted from sda, with these two copies in its store. */
function board(
  copies: readonly (Uint8Array | null)[],
  command = 'director.disk=0badcafe',
  more: Readonly<Record<string, Uint8Array>> = {},
): FakePlatform {
  const store = new Uint8Array(COPY_OFFSETS[1] + 4096);
  copies.forEach((copy, index) => {
    if (copy) store.set(copy, COPY_OFFSETS[index]!);
  });
  const platform = createFake({
    files: {
      '/proc/cmdline': `console=ttyS0,19200 director.slot=b director.board=net4801 ${command}\n`,
      '/etc/os-release': `NAME=x\nBUILD_TIME=${BUILD}\n`,
      '/etc/director/factory.conf': 'global_defs {\n}\n',
      '/sys/block/ram0/size': '8',
      '/sys/block/sda/size': '1',
      '/sys/block/sda/sda1/partition': '1\n',
      '/sys/block/sda/sda4/partition': '4\n',
      '/sys/block/sdb/size': '1',
      '/dev/sda': master(),
      '/dev/sda4': store,
      '/dev/sdb': new Uint8Array(512),
      '/dev/urandom': '',
      '/run/director/control.sock': '',
      '/run/etc/shadow': 'root:*:1:0:99999:7:::\n',
      ...more,
    },
  });
  platform.files.devices.set('/dev/urandom', () => 0);
  return platform;
}

function running(platform: FakePlatform): string {
  return platform.files.readText('/run/director/director.conf');
}

test('the newest configuration goes to memory, for root only', async t => {
  const platform = board([
    snapshot({ sequence: 4, content: '# old\nglobal_defs {\n}\n' }),
    snapshot({ sequence: 5 }),
  ]);
  t.is(await boot.run(platform, INVOCATION), 0);
  t.is(running(platform), SITE);
  t.is(platform.files.status('/run/director/director.conf').mode & 0o777, 0o600);
  t.regex(platform.output.errors, /configuration 5 of 2027-01-15 08:00 UTC, copy 2 on \/dev\/sda4/);
});

test('host name, password and issue follow from it', async t => {
  const platform = board([snapshot({}), null]);
  await boot.run(platform, INVOCATION);
  t.is(platform.files.readText('/run/etc/shadow'), `root:${HASH}:1:0:99999:7:::\n`);
  t.is(platform.files.status('/run/etc/shadow').mode & 0o777, 0o600);
  t.is(platform.files.readText('/run/etc/hostname'), 'garage\n');
  t.regex(platform.files.readText('/run/etc/issue'), /^Compact Director \S+, net4801, slot b\n/);
});

test('a damaged copy costs only what was in it, and the console hears of it', async t => {
  const torn = snapshot({ sequence: 9 });
  torn[100]! ^= 1;
  const platform = board([snapshot({ sequence: 8 }), torn]);
  t.is(await boot.run(platform, INVOCATION), 1);
  t.is(running(platform), SITE);
  t.regex(platform.output.errors, /copy 2 of the configuration is damaged: its checksum does not match/);
  t.regex(platform.output.errors, /configuration 8 /);
});

test('with both copies damaged the board starts as it left the factory, and says so', async t => {
  const damaged = new Uint8Array(512).fill(0x55);
  const platform = board([damaged, damaged]);
  t.is(await boot.run(platform, INVOCATION), 1);
  t.regex(running(platform), /^global_defs/);
  t.regex(platform.output.errors, /copy 1 .*damaged.*\n.*copy 2 .*damaged.*\n.*factory configuration/);
});

test('an empty store is no trouble', async t => {
  const platform = board([null, null]);
  t.is(await boot.run(platform, INVOCATION), 0);
  t.regex(running(platform), /^global_defs/);
  t.is(platform.files.readText('/run/etc/shadow'), 'root:*:1:0:99999:7:::\n');
});

test('the disk is found by its signature, wherever the board has it', async t => {
  const platform = board([null, null]);
  platform.files.replace('/dev/sda', new Uint8Array(512));
  platform.files.replace('/dev/sdb', master());
  platform.files.makeDirectory('/sys/block/sdb/sdb4');
  platform.files.replace('/sys/block/sdb/sdb4/partition', '4\n');
  platform.files.replace('/dev/sdb4', snapshot({ sequence: 3 }));
  t.is(await boot.run(platform, INVOCATION), 1, 'the second copy cannot be read: the device ends');
  t.is(running(platform), SITE);
  t.regex(platform.output.errors, /copy 1 on \/dev\/sdb4/);
});

test('a disk that is gone, or was not named, does not keep the board from starting', async t => {
  for (const command of ['director.disk=12345678', '']) {
    const platform = board([snapshot({}), null], command);
    t.is(await boot.run(platform, INVOCATION), 1);
    t.regex(running(platform), /^global_defs/);
    t.regex(platform.output.errors, /factory configuration/);
  }
});

test('a card that fails to read does not keep the board from starting', async t => {
  for (const path of ['/dev/sda', '/dev/sda4', '/sys/block']) {
    const platform = board([snapshot({}), null]);
    platform.files.failures.set(path, 'EIO');
    t.is(await boot.run(platform, INVOCATION), 1);
    t.regex(running(platform), /^global_defs/);
  }
});

test('nothing on the card is written', async t => {
  const platform = board([snapshot({}), snapshot({ sequence: 2 })]);
  await boot.run(platform, INVOCATION);
  t.deepEqual(
    platform.files.written.filter(path => !path.startsWith('/run/')),
    [],
  );
});

test('the clock never starts before the build or the last commit', async t => {
  const committed = board([snapshot({ time: (BUILD + 1000) * 1000 }), null]);
  committed.clock.setWall(1000);
  await boot.run(committed, INVOCATION);
  t.is(committed.clock.wall(), (BUILD + 1000) * 1000);
  const fresh = board([null, null]);
  fresh.clock.setWall(1000);
  await boot.run(fresh, INVOCATION);
  t.is(fresh.clock.wall(), BUILD * 1000);
  const right = board([null, null]);
  right.clock.setWall(1_900_000_000_000);
  await boot.run(right, INVOCATION);
  t.is(right.clock.wall(), 1_900_000_000_000);
});

test('a committed seed counts as 256 bits of entropy, a factory seed as none', async t => {
  for (const [seed, bits] of [
    [new Uint8Array(32).fill(1), 256],
    [new Uint8Array(32), 0],
  ] as const) {
    const platform = board([snapshot({ seed }), null]);
    const calls: [number, Uint8Array][] = [];
    platform.files.devices.set('/dev/urandom', (request, argument) =>
      calls.push([request, argument.slice()]),
    );
    await boot.run(platform, INVOCATION);
    t.is(calls.length, 1);
    const [request, pool] = calls[0]!;
    const view = new DataView(pool.buffer);
    t.is(request, 0x40085203);
    t.is(view.getInt32(0, true), bits);
    t.is(view.getInt32(4, true), pool.length - 8);
    t.deepEqual(pool.slice(8, 40), seed);
  }
});

test('a configuration this version cannot read still closes the console', async t => {
  for (const content of [`${SITE}no_such_word {\n}\n`, `system { password_hash "${HASH}" }\nbad {\n}\n`]) {
    const platform = board([snapshot({ content }), null]);
    t.is(await boot.run(platform, INVOCATION), 1);
    t.is(running(platform), content);
    t.true(platform.files.readText('/run/etc/shadow').startsWith(`root:${HASH}:`));
    t.regex(platform.output.errors, /the configuration has errors, the first in line/);
  }
});

test('the factory configuration that the reset button asked for leaves the card as it is, clock and seed too', async t => {
  const platform = board([snapshot({}), null], undefined, {
    '/sys/bus/nvmem/devices/cmos_nvram0/nvmem': new Uint8Array(114),
  });
  platform.files.makeFifo('/dev/console', 0o600);
  platform.files.typed.set('/dev/console', ['yes\n']);
  wishForFactory(platform, true);
  platform.files.written.splice(0);
  const booted = boot.run(platform, INVOCATION);
  await pass(platform, 1000);
  t.is(await booted, 0);
  t.regex(running(platform), /^global_defs/);
  t.is(platform.files.readText('/run/etc/shadow'), 'root:*:1:0:99999:7:::\n');
  t.true(platform.clock.wall() >= 1_800_000_000_000);
  t.deepEqual(
    platform.files.written.filter(path => path.startsWith('/dev/')),
    [],
  );
});
