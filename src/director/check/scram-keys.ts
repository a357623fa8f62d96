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

/** A key in the making. */
class Derivation {
  readonly #mac: ReturnType<typeof hmac.create>;
  /** Where each round is worked out, so that none makes garbage. */
  readonly #scratch: ReturnType<ReturnType<typeof hmac.create>['clone']>;
  readonly #key: Uint8Array;
  readonly #last: Uint8Array;
  #left: number;

  constructor(password: Uint8Array, salt: Uint8Array, rounds: number) {
    this.#mac = hmac.create(sha256, password);
    this.#scratch = this.#mac.clone();
    // The first block, which is as long as the key.
    this.#last = this.#mac
      .clone()
      .update(joined([salt, Uint8Array.of(0, 0, 0, 1)]))
      .digest();
    this.#key = this.#last.slice();
    this.#left = rounds - 1;
  }

  /** One round; the key after the last one. */
  advance(): Uint8Array | null {
    if (this.#left === 0) return this.#key;
    this.#left--;
    this.#mac._cloneInto(this.#scratch).update(this.#last).digestInto(this.#last);
    for (let at = 0; at < this.#key.length; at++) this.#key[at]! ^= this.#last[at]!;
    return null;
  }
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
    const [name, derivation] = waiting.entries().next().value!;
    const end = clock.monotonic() + WORK;
    let key: Uint8Array | null = null;
    while (key === null && clock.monotonic() < end) key = derivation.advance();
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
      waiting.set(name, new Derivation(password, salt, rounds));
      if (waiting.size === 1) after(PAUSE, work);
    }
    return null;
  };
}
