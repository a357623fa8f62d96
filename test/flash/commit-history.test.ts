// The history of configurations: every one that is remembered comes back byte for byte.
import test from 'ava';
import { loadCodec } from '../../src/director/flash/codec.ts';
import {
  decodeHistory,
  encodeHistory,
  type History,
  REMEMBERED,
  recall,
  remember,
} from '../../src/director/flash/commit-history.ts';

const codec = await loadCodec();
const bytes = (content: string) => new TextEncoder().encode(content);

/** Commits 1 to `count`; the last is the present one. */
function series(count: number, configOf: (sequence: number) => Uint8Array): History {
  let history: History = [];
  for (let sequence = 1; sequence < count; sequence++) {
    const before = {
      sequence,
      time: sequence * 1000,
      comment: `number ${sequence}`,
      config: configOf(sequence),
    };
    history = remember(history, before, configOf(sequence + 1));
  }
  return history;
}

const site = (sequence: number) =>
  bytes(`router_id lb1\nweight ${sequence}\n${'real_server 10.0.0.1 80 { }\n'.repeat(sequence % 3)}`);

test('each earlier configuration comes back as it was', t => {
  const history = decodeHistory(encodeHistory(series(10, site), codec), codec)!;
  t.is(history.length, 9);
  for (let sequence = 1; sequence < 10; sequence++) {
    t.deepEqual(recall(history, site(10), sequence), site(sequence));
  }
  t.like(history[0], { sequence: 9, time: 9000, comment: 'number 9' });
});

test('bytes of any encoding come back', t => {
  const odd = (sequence: number) => Uint8Array.of(0xff, 0x0a, 0xc3, sequence, 0x0a, 0x00);
  const history = decodeHistory(encodeHistory(series(3, odd), codec), codec)!;
  t.deepEqual(recall(history, odd(3), 1), odd(1));
});

test('so many are remembered, the oldest are forgotten', t => {
  const history = series(REMEMBERED + 5, site);
  t.is(history.length, REMEMBERED);
  t.is(recall(history, site(REMEMBERED + 5), 4), null);
  t.deepEqual(recall(history, site(REMEMBERED + 5), 5), site(5));
});

test('what does not fit is forgotten, the oldest first', t => {
  let state = 1;
  const noise = (sequence: number) =>
    Uint8Array.from({ length: 2000 }, () => {
      state = (Math.imul(state, 69_069) + sequence) >>> 0;
      return state >>> 24;
    });
  const configs = Array.from({ length: 11 }, (_, sequence) => noise(sequence));
  const encoded = encodeHistory(
    series(10, sequence => configs[sequence]!),
    codec,
    8000,
  );
  const history = decodeHistory(encoded, codec)!;
  t.true(encoded.length <= 8000);
  t.true(history.length > 0 && history.length < 9);
  t.is(history[0]!.sequence, 9);
});

test('what is no history is told as none', t => {
  for (const content of ['', 'x', '{}']) t.is(decodeHistory(bytes(content), codec), null);
  const encoded = encodeHistory(series(5, site), codec);
  for (let length = 0; length < encoded.length; length++)
    t.is(decodeHistory(encoded.slice(0, length), codec), null);
});

test('a history of another text is refused, not guessed', t => {
  const history = series(4, site);
  t.throws(() => recall(history, bytes(''), 1), { instanceOf: RangeError });
});

test('a history of large files that differ in a line is small', t => {
  const large = (sequence: number) =>
    bytes(Array.from({ length: 28_000 }, (_, at) => `weight ${at === sequence ? 'x' : at}\n`).join(''));
  t.true(encodeHistory(series(6, large), codec).length < 1000);
});
