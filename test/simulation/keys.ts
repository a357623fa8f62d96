// How a group authenticates its advertisements, and what may become of that: keys that rotate, and keys that are wrong.
import type { Authentication } from '../../src/director/vrrp/authentication.ts';
import type { Key } from '../../src/director/vrrp/hmac.ts';
import type { Random } from './random.ts';

/** Milliseconds that clocks may differ by where that counts. */
export const WINDOW = 60_000;

const NONE: Authentication = { kind: 'none' };
const RIGHT = key(1, 11);
const NEXT = key(2, 22);
const WRONG = key(1, 33);

function key(id: number, byte: number): Key {
  return { id, bytes: new Uint8Array(32).fill(byte) };
}

function password(byte: number): Authentication {
  return { kind: 'PASS', password: new Uint8Array(8).fill(byte) };
}

function signed(active: Key, window: number | null): Authentication {
  return { kind: 'HMAC', keys: [active, active === NEXT ? RIGHT : NEXT], active, window, enforces: true };
}

/** What all of the group have in common. */
export function drawAuthentication(random: Random, version: 2 | 3): Authentication {
  if (version === 2) return random.chance(0.2) ? password(RIGHT.id) : NONE;
  return random.chance(0.08) ? signed(RIGHT, random.pick([null, WINDOW])) : NONE;
}

/** The next key, which the others know too, or one that they do not. */
export function otherKey(authentication: Authentication, random: Random): Authentication {
  if (authentication.kind === 'PASS') return password(random.integer(1, 2));
  if (authentication.kind === 'none') return authentication;
  return signed(random.pick([RIGHT, NEXT, WRONG]), authentication.window);
}

/** What everybody in the group understands; null when it is that already. */
export function rightKey(authentication: Authentication): Authentication | null {
  if (authentication.kind === 'PASS')
    return authentication.password[0] === RIGHT.id ? null : password(RIGHT.id);
  if (authentication.kind === 'none' || authentication.active !== WRONG) return null;
  return signed(RIGHT, authentication.window);
}
