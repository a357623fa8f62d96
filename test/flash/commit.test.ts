// What a commit writes: always the next number, always into the copy that can be spared.
import test from 'ava';
import { loadCodec } from '../../src/director/flash/codec.ts';
import { type CommitRequest, configOf, newestOf, planCommit } from '../../src/director/flash/commit.ts';
import { type Decoded, decodeSnapshot, encodeSnapshot } from '../../src/director/flash/store.ts';

const codec = await loadCodec();
const bytes = (content: string) => new TextEncoder().encode(content);
const DAMAGED: Decoded = { state: 'damaged', reason: 'torn' };
const EMPTY: Decoded = { state: 'empty', reason: 'nothing was ever written here' };

const request = (config: string, changes: Partial<CommitRequest> = {}): CommitRequest => ({
  config: bytes(config),
  comment: `as ${config}`,
  time: 1000,
  seed: new Uint8Array(32).fill(7),
  odometer: Uint8Array.of(1),
  ...changes,
});

/** The card after a commit. */
function committed(copies: readonly Decoded[], next: CommitRequest): Decoded[] {
  const { snapshot, copy } = planCommit(copies, next, codec);
  return copies.map((old, index) => (index === copy ? decodeSnapshot(encodeSnapshot(snapshot)) : old));
}

test('the first commit on an empty card goes to the first copy', t => {
  const { snapshot, copy } = planCommit([EMPTY, EMPTY], request('a'), codec);
  t.is(copy, 0);
  t.is(snapshot.sequence, 1);
});

test('commits take turns, and the newest one counts', t => {
  let card: Decoded[] = [EMPTY, EMPTY];
  const turns: number[] = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    turns.push(planCommit(card, request(name), codec).copy);
    card = committed(card, request(name));
    t.deepEqual(newestOf(card)?.config, bytes(name));
  }
  t.deepEqual(turns, [0, 1, 0, 1]);
  t.is(newestOf(card)?.sequence, 4);
});

test('a damaged copy is overwritten, the good one never', t => {
  const [good] = committed([EMPTY, EMPTY], request('a'));
  t.is(planCommit([good!, DAMAGED], request('b'), codec).copy, 1);
  t.is(planCommit([DAMAGED, good!], request('b'), codec).copy, 0);
});

test('with two damaged copies there is no history, and the first is written', t => {
  const { snapshot, copy } = planCommit([DAMAGED, DAMAGED], request('a'), codec);
  t.is(copy, 0);
  t.is(snapshot.sequence, 1);
});

test('earlier configurations come back by their numbers, with either copy lost', t => {
  let card: Decoded[] = [EMPTY, EMPTY];
  for (const name of ['one\n', 'two\n', 'three\n']) card = committed(card, request(name));
  const newest = newestOf(card)!;
  t.deepEqual(configOf(newest, 1, codec), bytes('one\n'));
  t.deepEqual(configOf(newest, 2, codec), bytes('two\n'));
  t.deepEqual(configOf(newest, 3, codec), bytes('three\n'));
  t.is(configOf(newest, 9, codec), null);
  const before = newestOf([DAMAGED, card[1]!])!;
  t.deepEqual(configOf(before, 1, codec), bytes('one\n'));
});

test('time never runs backwards from commit to commit', t => {
  const card = committed([EMPTY, EMPTY], request('a', { time: 5000 }));
  t.is(planCommit(card, request('b', { time: 10 }), codec).snapshot.time, 5000);
});

test('a history that cannot be read costs the history, not the commit', t => {
  const { snapshot } = planCommit([EMPTY, EMPTY], request('a'), codec);
  const odd: Decoded = { state: 'valid', snapshot: { ...snapshot, history: Uint8Array.of(9, 9, 9) } };
  const next = planCommit([odd, EMPTY], request('b'), codec).snapshot;
  t.is(next.sequence, 2);
  t.deepEqual(configOf(next, 1, codec), bytes('a'));
});
