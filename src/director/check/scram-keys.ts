// Keys of SCRAM: thousands of rounds of hashing, which take a small board seconds. They are worked out one after the other, with everybody
// else heard between them, and remembered: a server gives the same salt each time.
import type { Clock, Platform } from '../../platform/platform.ts';
import { encodeBase64 } from './base64.ts';
import type { KeyOf } from './scram.ts';

/** Keys that are remembered, and those that wait for their turn. */
const MOST_KEYS = 200;
const MOST_WAITING = 200;

/** Milliseconds before each. */
const PAUSE = 50;

type Maker = Pick<Platform, 'clock' | 'after' | 'deriveKey'>;

type Arguments = Parameters<KeyOf>;

/** Of each process: by its clock, since a check may be given a Platform of its own. */
const shared = new WeakMap<Clock, KeyOf>();

export function keysOf(platform: Maker): KeyOf {
  const known = shared.get(platform.clock) ?? createKeys(platform);
  shared.set(platform.clock, known);
  return known;
}

function createKeys({ after, deriveKey }: Maker): KeyOf {
  const keys = new Map<string, Uint8Array>();
  const waiting = new Map<string, Arguments>();

  function work(): void {
    const [name, details] = waiting.entries().next().value!;
    waiting.delete(name);
    keys.set(name, deriveKey(...details));
    if (keys.size > MOST_KEYS) keys.delete(keys.keys().next().value!);
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
      waiting.set(name, [password, salt.slice(), rounds]);
      if (waiting.size === 1) after(PAUSE, work);
    }
    return null;
  };
}
