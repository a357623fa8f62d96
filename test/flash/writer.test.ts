// A write to the card, step by step: what is open when, and what is told of a card that does not do what it is told.
import test from 'ava';
import type { CommitPlan } from '../../src/director/flash/commit.ts';
import { COPY_OFFSETS, decodeSnapshot, SECTOR } from '../../src/director/flash/store.ts';
import { CardError, SETTLING, writeSnapshot } from '../../src/director/flash/writer.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { systemError } from '../../src/platform/fake-error.ts';
import { isSystemError } from '../../src/platform/platform.ts';

const BLKROSET = 0x125d;
const BLKFLSBUF = 0x1261;
const CARD = { disk: 'sda', store: '/dev/sda4' };

const PLAN: CommitPlan = {
  copy: 1,
  snapshot: {
    sequence: 6,
    time: 1000,
    seed: new Uint8Array(32),
    config: new TextEncoder().encode('global_defs {\n}\n'),
  },
};

interface World {
  readonly platform: FakePlatform;
  /** What happened to the devices, in order. */
  readonly log: string[];
}

/** A card whose devices keep a log; `flush` is called when the kernel forgets what it knows of the store. */
function world(flush: (platform: FakePlatform) => void = () => {}): World {
  const platform = createFake({
    files: { '/dev/sda': new Uint8Array(SECTOR), '/dev/sda4': new Uint8Array(COPY_OFFSETS[1] + 4096) },
  });
  const log: string[] = [];
  for (const name of ['sda', 'sda4']) {
    platform.files.devices.set(`/dev/${name}`, (request, argument) => {
      const writes = platform.files.written.length;
      if (request === BLKROSET)
        log.push(`${name} ${argument[0] === 1 ? 'closed' : 'open'}, ${writes} written`);
      if (request === BLKFLSBUF) {
        log.push(`${name} forgotten`);
        flush(platform);
      }
      return 0;
    });
  }
  return { platform, log };
}

/** What comes of a write; the virtual clock runs meanwhile. */
async function write(platform: FakePlatform): Promise<unknown> {
  const result = writeSnapshot(platform, CARD, PLAN).catch((error: unknown) => error);
  await platform.clock.advance(SETTLING);
  return result;
}

test('disk and store are open for the one write, then closed, then read back', async t => {
  const { platform, log } = world();
  t.is(await write(platform), 8);
  t.deepEqual(log, [
    'sda open, 0 written',
    'sda4 open, 0 written',
    'sda4 closed, 1 written',
    'sda closed, 1 written',
    'sda4 forgotten',
  ]);
  const stored = platform.files.read('/dev/sda4').subarray(COPY_OFFSETS[1]);
  t.deepEqual(decodeSnapshot(stored), { state: 'valid', snapshot: PLAN.snapshot });
});

test('nothing is told before the card has come to rest', async t => {
  const { platform } = world();
  let told = false;
  const result = writeSnapshot(platform, CARD, PLAN).then(() => {
    told = true;
  });
  await platform.clock.advance(SETTLING - 1);
  t.false(told);
  await platform.clock.advance(1);
  await result;
  t.true(told);
});

test('a card that refuses is closed again, and says what it said', async t => {
  const { platform, log } = world();
  const failing = platform.files.open.bind(platform.files);
  platform.files.open = (path, access) => {
    if (access === 'read-write') throw systemError('EIO', 'open', path);
    return failing(path, access);
  };
  const error = await write(platform);
  t.true(isSystemError(error, 'EIO'));
  t.deepEqual(log.slice(-2), ['sda4 closed, 0 written', 'sda closed, 0 written']);
});

test('a card that forgets what was written is found out', async t => {
  const { platform } = world(({ files }) => {
    files.open('/dev/sda4', 'write').writeAt(new Uint8Array(SECTOR), COPY_OFFSETS[1]);
  });
  const error = await write(platform);
  t.true(error instanceof CardError);
  t.is(
    String(error),
    'CardError: copy 2 of the configuration is not what was written: nothing was ever written here; the other copy is untouched',
  );
});
