import { pbkdf2Sync } from 'node:crypto';
import test from 'ava';
import { keysOf } from '../../src/director/check/scram-keys.ts';
import { createFake } from '../../src/platform/fake.ts';
import { bytes } from './attempt.ts';

test('a key is worked out once for each salt, beside other work', t => {
  const platform = createFake();
  const keyOf = keysOf(platform);
  const asked = [
    ['pencil', 'salt', 100],
    ['pencil', 'pepper', 1],
    ['', 's', 2],
  ] as const;
  for (const [password, salt, rounds] of asked) t.is(keyOf(bytes(password), bytes(salt), rounds), null);
  platform.clock.advance(1000);
  for (const [password, salt, rounds] of asked) {
    const expected = new Uint8Array(pbkdf2Sync(password, salt, rounds, 32, 'sha256'));
    t.deepEqual(keyOf(bytes(password), bytes(salt), rounds), expected);
  }
  t.is(platform.clock.nextDue(), null);
  t.is(keysOf({ ...platform, after: platform.after }), keyOf, 'whatever the platform of the check is');
});

test('no more keys are kept, and no more wait, than there is room for', t => {
  const platform = createFake();
  const keyOf = keysOf(platform);
  const salt = (number: number) => Uint8Array.of(number >> 8, number & 255);
  for (let number = 0; number < 1000; number++) keyOf(bytes('a'), salt(number), 1);
  platform.clock.advance(100_000);
  t.not(keyOf(bytes('a'), salt(199), 1), null);
  t.is(keyOf(bytes('a'), salt(200), 1), null);
  platform.clock.advance(1000);
  t.is(keyOf(bytes('a'), salt(0), 1), null, 'the one that was not used for longest is forgotten');
  t.not(keyOf(bytes('a'), salt(199), 1), null);
});
