// The hardware watchdog: fed while all make progress, and not a moment longer.
import test from 'ava';
import { decodeEpitaph } from '../../src/director/hardware/epitaph.ts';
import { createLog } from '../../src/director/log.ts';
import { Guard } from '../../src/director/supervisor/guard.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { systemError } from '../../src/platform/fake-error.ts';

const MEMORY = '/sys/bus/nvmem/devices/cmos_nvram0/nvmem';
const KEEPALIVE = 0x80045705;
const BOOT_STATUS = 0x80045702;

interface World {
  readonly platform: FakePlatform;
  readonly feeds: number[];
}

function world(bootStatus = 0): World {
  const platform = createFake({ files: { '/dev/watchdog': '', [MEMORY]: new Uint8Array(114) } });
  platform.clock.setWall(1_800_000_000_000);
  const feeds: number[] = [];
  platform.files.devices.set('/dev/watchdog', (request, argument) => {
    if (request === KEEPALIVE) feeds.push(platform.clock.monotonic());
    if (request === BOOT_STATUS) argument[0] = bootStatus;
    return 0;
  });
  return { platform, feeds };
}

const begin = (platform: FakePlatform) => new Guard(platform, createLog(platform, 'supervisor'));
const written = (platform: FakePlatform) => decodeEpitaph(platform.files.read(MEMORY).subarray(98))?.end;

test('it is fed once a second while all make progress', async t => {
  const { platform, feeds } = world();
  const guard = begin(platform);
  for (let tick = 0; tick < 12; tick++) {
    guard.tick([]);
    await platform.clock.advance(250);
  }
  t.is(feeds.length, 3);
});

test('it is not fed when processes make no progress, and who they were is known after the reset', async t => {
  const { platform, feeds } = world();
  const guard = begin(platform);
  guard.tick([]);
  t.is(written(platform), 'running');
  for (let tick = 0; tick < 100; tick++) {
    await platform.clock.advance(250);
    guard.tick(tick < 50 ? ['checker'] : ['checker', 'control']);
  }
  t.is(feeds.length, 1);
  t.is(written(platform), 'stuck');
  t.is(platform.output.errors.match(/makes no progress/g)?.length, 2);
  t.regex(begin(platform).lastEnd ?? '', /: checker, control made no progress/);
});

test('progress that comes after all is believed', async t => {
  const { platform, feeds } = world();
  const guard = begin(platform);
  guard.tick([]);
  await platform.clock.advance(2000);
  guard.tick(['control']);
  guard.tick([]);
  t.is(feeds.length, 2);
  t.is(written(platform), 'running');
});

test('a run that was stopped leaves nothing to say, one that was cut off does', t => {
  const { platform } = world();
  const guard = begin(platform);
  t.is(guard.lastEnd, null);
  guard.stopped();
  t.is(begin(platform).lastEnd, null);
  t.regex(begin(platform).lastEnd ?? '', /power was cut or the board was reset/);
});

test('a reset that only the watchdog knows of is told', t => {
  const { platform } = world(0x20);
  t.regex(begin(platform).lastEnd ?? '', /the supervisor or the kernel stood still/);
});

test('a board without a watchdog, or with one that fails, runs all the same', async t => {
  const bare = createFake({ files: { '/run/x': '' } });
  const guard = begin(bare);
  guard.tick([]);
  guard.tick(['vrrp']);
  guard.stopped();
  t.regex(bare.output.errors, /no watchdog/);
  t.regex(guard.trouble ?? '', /no watchdog/);
  const { platform } = world();
  const failing = begin(platform);
  t.is(failing.trouble, null);
  platform.files.devices.set('/dev/watchdog', () => {
    throw systemError('EIO', 'ioctl', '/dev/watchdog');
  });
  failing.tick([]);
  await platform.clock.advance(5000);
  failing.tick([]);
  t.is(platform.output.errors.match(/cannot be fed/g)?.length, 1);
  t.regex(failing.trouble ?? '', /cannot be fed/);
});
