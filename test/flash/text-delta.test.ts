// Deltas of lines: whatever two texts are, the older comes back, and what they share is not repeated.
import test from 'ava';
import { applyDelta, deltaTo } from '../../src/director/flash/text-delta.ts';

test('a line that was changed is all that a delta holds', t => {
  const older = 'a\nb\nc\nd\n';
  const newer = 'a\nb\nX\nd\n';
  t.deepEqual(deltaTo(older, newer), [[0, 2], 'c\n', [3, 1]]);
});

test('lines that were moved are found at their new place', t => {
  const older = 'one\ntwo\nthree\n';
  const newer = 'three\none\ntwo\n';
  t.deepEqual(deltaTo(older, newer), [
    [1, 2],
    [0, 1],
  ]);
});

test('texts without an end of line, empty ones and those of equal lines come back', t => {
  const texts = ['', '\n', 'x', 'x\n', 'x\nx\nx', '}\n}\n}\n', 'a\n\n\nb'];
  for (const older of texts) {
    for (const newer of texts) t.is(applyDelta(deltaTo(older, newer), newer), older);
  }
});

test('any two texts', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const line = () => 'ab}\n'.slice(next(3), 2 + next(3));
  const some = () => Array.from({ length: next(30) }, line).join('');
  for (let round = 0; round < 3000; round++) {
    const [older, newer] = [some(), some()];
    t.is(applyDelta(deltaTo(older, newer), newer), older);
  }
});

test('a delta of another text is refused', t => {
  t.throws(() => applyDelta([[3, 2]], 'a\nb\n'), { instanceOf: RangeError, message: 'lines 4 to 5 of 2' });
});

test('thousands of lines that are all the same take no time', t => {
  const text = '}\n'.repeat(20_000);
  t.deepEqual(deltaTo(`${text}x`, text), [[0, 20_000], 'x']);
});
