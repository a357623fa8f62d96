// Keys of SCRAM: thousands of rounds of hashing, which take a small board half a minute. They are worked out bit by bit beside everything
// else, one after the other, and remembered: a server gives the same salt each time.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Clock, Platform } from '../../platform/platform.ts';
import { encodeBase64 } from './base64.ts';
import { joined } from './message-talker.ts';
import type { KeyOf } from './scram.ts';

/** Keys that are remembered, and those that wait for their turn. */
const MOST_KEYS = 200;
const MOST_WAITING = 200;

/** Milliseconds of work, and of pause behind it. */
const WORK = 10;
const PAUSE = 10;

/** A key in the making: each call is a round, the one behind the last round gives the key. */
type Derivation = () => Uint8Array | null;

function derivation(password: Uint8Array, salt: Uint8Array, rounds: number): Derivation {
  const mac = hmac.create(sha256, password);
  // Where each round is worked out, so that none makes garbage.
  const scratch = mac.clone();
  // The first block, which is as long as the key.
  const last = mac
    .clone()
    .update(joined([salt, Uint8Array.of(0, 0, 0, 1)]))
    .digest();
  const key = last.slice();
  let left = rounds - 1;
  return () => {
    if (left === 0) return key;
    left--;
    mac._cloneInto(scratch).update(last).digestInto(last);
    for (let at = 0; at < key.length; at++) key[at]! ^= last[at]!;
    return null;
  };
}

/** Of each process: by its clock, since a check may be given a Platform of its own. */
const shared = new WeakMap<Clock, KeyOf>();

export function keysOf(platform: Pick<Platform, 'clock' | 'after'>): KeyOf {
  const known = shared.get(platform.clock) ?? createKeys(platform);
  shared.set(platform.clock, known);
  return known;
}

function createKeys({ clock, after }: Pick<Platform, 'clock' | 'after'>): KeyOf {
  const keys = new Map<string, Uint8Array>();
  const waiting = new Map<string, Derivation>();

  function work(): void {
    const [name, advance] = waiting.entries().next().value!;
    const end = clock.monotonic() + WORK;
    let key: Uint8Array | null = null;
    while (key === null && clock.monotonic() < end) key = advance();
    if (key !== null) {
      waiting.delete(name);
      keys.set(name, key);
      if (keys.size > MOST_KEYS) keys.delete(keys.keys().next().value!);
    }
    if (waiting.size > 0) after(PAUSE, work);
  }

  return (password, salt, rounds) => {
    const name = `${encodeBase64(password)} ${encodeBase64(salt)} ${rounds}`;
    const key = keys.get(name);
    if (key !== undefined) {
      // The ones that are used are the last to be forgotten.
      keys.delete(name);
      keys.set(name, key);
      return key;
    }
    if (!waiting.has(name) && waiting.size < MOST_WAITING) {
      waiting.set(name, derivation(password, salt, rounds));
      if (waiting.size === 1) after(PAUSE, work);
    }
    return null;
  };
}
