// Copying an image and reading it back, on files.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { copyImage, firstDifference } from '../../scripts/flashing/write.ts';

const LENGTH = (2 << 20) + 512;

/** An image and a larger target full of something else, both open. */
function pair(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), 'flash-'));
  const names = { image: join(folder, 'image'), target: join(folder, 'target') };
  writeFileSync(names.image, Buffer.from(Array.from({ length: LENGTH }, (_, index) => index % 253)));
  writeFileSync(names.target, Buffer.alloc(LENGTH + 4096, 0xee));
  const image = openSync(names.image, 'r');
  const target = openSync(names.target, 'r+');
  t.teardown(() => {
    closeSync(image);
    closeSync(target);
    rmSync(folder, { recursive: true });
  });
  return { image, target, names };
}

test('the whole image arrives and nothing behind it is touched', t => {
  const { image, target, names } = pair(t);
  const told: number[] = [];
  copyImage(image, target, LENGTH, done => told.push(done));
  const written = readFileSync(names.target);
  t.true(written.subarray(0, LENGTH).equals(readFileSync(names.image)));
  t.true(written.subarray(LENGTH).every(byte => byte === 0xee));
  t.is(told.at(-1), LENGTH);
  t.is(
    firstDifference(image, target, LENGTH, () => {}),
    null,
  );
});

test('a byte that came back wrong is found with its place', t => {
  const { image, target } = pair(t);
  copyImage(image, target, LENGTH, () => {});
  writeSync(target, Buffer.from([0xff]), 0, 1, LENGTH - 3);
  t.is(
    firstDifference(image, target, LENGTH, () => {}),
    LENGTH - 3,
  );
});

test('an image that ends too early is an error', t => {
  const { image, target } = pair(t);
  const longer = LENGTH + 512;
  t.throws(() => copyImage(image, target, longer, () => {}), { message: `it ends at byte ${LENGTH}` });
});
