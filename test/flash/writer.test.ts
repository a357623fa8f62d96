// A write to the card, step by step: what is told of a card that does not do what it is told.
import test from 'ava';
import type { CardIo } from '../../src/director/flash/card-io.ts';
import type { CommitPlan } from '../../src/director/flash/commit.ts';
import { COPY_OFFSETS, decodeSnapshot, SECTOR } from '../../src/director/flash/store.ts';
import { CardError, SETTLING, writeSnapshot } from '../../src/director/flash/writer.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';

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

/** A store that remembers everything but the first `lost` bytes of what is written. */
function store(lost = 0): CardIo & { readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(COPY_OFFSETS[1] + 4096);
  return {
    bytes,
    async write(_disk, _device, written, offset) {
      bytes.set(written.subarray(lost), offset + lost);
    },
    read: async (_device, offset, length) => bytes.slice(offset, offset + length),
    whenOver: callback => callback(),
  };
}

/** What comes of a write; the virtual clock runs meanwhile. */
async function write(io: CardIo, platform: FakePlatform = createFake()): Promise<unknown> {
  const result = writeSnapshot(platform, io, CARD, PLAN).catch((error: unknown) => error);
  // The card has it.
  await platform.clock.advance(0);
  await platform.clock.advance(SETTLING);
  return result;
}

test('the older copy is written, in whole pages', async t => {
  const card = store();
  t.is(await write(card), 8);
  t.deepEqual(decodeSnapshot(card.bytes.subarray(COPY_OFFSETS[1])), {
    state: 'valid',
    snapshot: PLAN.snapshot,
  });
  t.true(card.bytes.subarray(0, COPY_OFFSETS[1]).every(byte => byte === 0));
});

test('nothing is told before the card has come to rest', async t => {
  const platform = createFake();
  let told = false;
  const result = writeSnapshot(platform, store(), CARD, PLAN).then(() => {
    told = true;
  });
  await platform.clock.advance(0);
  await platform.clock.advance(SETTLING - 1);
  t.false(told);
  await platform.clock.advance(1);
  await result;
  t.true(told);
});

test('a card that refuses says what it said', async t => {
  const refusing: CardIo = { ...store(), write: () => Promise.reject(new Error('it gives an error')) };
  t.is(String(await write(refusing)), 'Error: it gives an error');
});

test('a card that forgets what was written is found out', async t => {
  const error = await write(store(SECTOR));
  t.true(error instanceof CardError);
  t.is(
    String(error),
    'CardError: copy 2 of the configuration is not what was written: nothing was ever written here; the other copy is untouched',
  );
});
