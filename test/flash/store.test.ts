// The snapshot format: what was encoded comes back, and nothing that is torn, flipped or random ever passes for a snapshot.
import test from 'ava';
import {
  COPY_OFFSETS,
  chooseNewest,
  type Decoded,
  decodeSnapshot,
  encodeSnapshot,
  MAXIMUM_TEXT,
  SECTOR,
  type Snapshot,
  snapshotLength,
} from '../../src/director/flash/store.ts';

const text = (content: string) => new TextEncoder().encode(content);

function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    sequence: 7,
    time: 1_767_225_600_123,
    seed: Uint8Array.from({ length: 32 }, (_, index) => index),
    config: text('vrrp_instance A { }\n'),
    ...changes,
  };
}

/** A small generator (mulberry32), so that a failure can be repeated from its seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

test('a snapshot comes back as it was encoded', t => {
  const original = snapshot({ config: text('! '.padEnd(3000, 'x')) });
  t.deepEqual(decodeSnapshot(encodeSnapshot(original)), { state: 'valid', snapshot: original });
});

test('an empty configuration is a valid one', t => {
  const original = snapshot({ config: new Uint8Array(0) });
  t.deepEqual(decodeSnapshot(encodeSnapshot(original)), { state: 'valid', snapshot: original });
});

test('bytes that are not UTF-8 are kept as they are', t => {
  const original = snapshot({ config: Uint8Array.of(0x21, 0xe9, 0x00, 0xff, 0x0a) });
  t.deepEqual(decodeSnapshot(encodeSnapshot(original)), { state: 'valid', snapshot: original });
});

test('comment, history and odometer come back as they were encoded', t => {
  const original = snapshot({
    comment: text('né'),
    history: Uint8Array.of(1, 2),
    odometer: new Uint8Array(0),
  });
  t.deepEqual(decodeSnapshot(encodeSnapshot(original)), { state: 'valid', snapshot: original });
});

test('a snapshot fills whole sectors, also when the text ends at a boundary', t => {
  for (const length of [0, 1, 419, 420, 421, 5000]) {
    const bytes = encodeSnapshot(snapshot({ config: new Uint8Array(length) }));
    t.is(bytes.length % SECTOR, 0);
    t.is(snapshotLength(bytes.subarray(0, SECTOR)), bytes.length);
  }
});

test('a configuration that does not fit into one copy is refused', t => {
  t.throws(() => encodeSnapshot(snapshot({ config: new Uint8Array(MAXIMUM_TEXT + 1) })), {
    message: 'a configuration of 4194205 bytes is too long by 1',
  });
  t.is(encodeSnapshot(snapshot({ config: new Uint8Array(MAXIMUM_TEXT) })).length, COPY_OFFSETS[1]);
});

test('values that the format cannot hold are refused', t => {
  t.throws(() => encodeSnapshot(snapshot({ sequence: 0 })), { instanceOf: RangeError });
  t.throws(() => encodeSnapshot(snapshot({ sequence: 2 ** 32 })), { instanceOf: RangeError });
  t.throws(() => encodeSnapshot(snapshot({ time: Number.NaN })), { instanceOf: RangeError });
  t.throws(() => encodeSnapshot(snapshot({ time: 8.64e15 + 1 })), { instanceOf: RangeError });
  t.throws(() => encodeSnapshot(snapshot({ seed: new Uint8Array(31) })), { instanceOf: RangeError });
});

test('a card that was erased or zeroed is empty, not damaged', t => {
  t.is(decodeSnapshot(new Uint8Array(SECTOR)).state, 'empty');
  t.is(decodeSnapshot(new Uint8Array(SECTOR).fill(0xff)).state, 'empty');
});

test('a later format is refused by its number', t => {
  const bytes = encodeSnapshot(snapshot());
  bytes[8] = 9;
  t.deepEqual(decodeSnapshot(bytes), { state: 'damaged', reason: 'it has format 9, this version reads 2' });
});

test('a write that was torn at any sector is never taken for a snapshot', t => {
  const old = encodeSnapshot(snapshot({ sequence: 3, config: text('old '.repeat(700)) }));
  const fresh = encodeSnapshot(snapshot({ sequence: 5, config: text('new '.repeat(700)) }));
  for (let cut = 1; cut < fresh.length / SECTOR; cut++) {
    const forward = old.slice();
    forward.set(fresh.subarray(0, cut * SECTOR));
    t.is(decodeSnapshot(forward).state, 'damaged', `first ${cut} sectors`);
    // A controller may write in any order: the same with the last sectors first.
    const backward = old.slice();
    backward.set(fresh.subarray(cut * SECTOR), cut * SECTOR);
    t.is(decodeSnapshot(backward).state, 'damaged', `all but the first ${cut} sectors`);
    const short = fresh.subarray(0, cut * SECTOR);
    t.is(decodeSnapshot(short).state, 'damaged', `only ${cut} sectors readable`);
  }
});

test('every flipped bit in header or text is noticed', t => {
  const bytes = encodeSnapshot(snapshot());
  const used = 92 + 8 + snapshot().config.length;
  for (let bit = 0; bit < used * 8; bit++) {
    const copy = bytes.slice();
    copy[bit >> 3]! ^= 1 << (bit & 7);
    if (decodeSnapshot(copy).state === 'valid') t.fail(`bit ${bit} went unnoticed`);
  }
  t.pass();
});

test('random bytes are damaged and never throw', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  const next = generator(seed);
  const valid = encodeSnapshot(snapshot());
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: next() % 2048 }, () => next() & 255);
    // Half of them behind the header of a real snapshot, so that the checks behind the mark are reached.
    if (round % 2 === 1) bytes.set(valid.subarray(0, Math.min(bytes.length, 12 + (next() % 50))));
    t.is(decodeSnapshot(bytes).state, 'damaged');
  }
});

test('the newest valid copy is chosen', t => {
  const valid = (sequence: number): Decoded => ({ state: 'valid', snapshot: snapshot({ sequence }) });
  const damaged: Decoded = { state: 'damaged', reason: 'torn' };
  t.is(chooseNewest([valid(1), valid(2)]), 1);
  t.is(chooseNewest([valid(9), valid(8)]), 0);
  t.is(chooseNewest([valid(4), valid(4)]), 0);
  t.is(chooseNewest([damaged, valid(1)]), 1);
  t.is(chooseNewest([valid(1), damaged]), 0);
  t.is(chooseNewest([damaged, damaged]), null);
});
