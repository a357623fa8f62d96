// How a group authenticates its advertisements, and what may become of that: keys that rotate, and keys that are wrong.
import type { AuthenticationConfig } from '../../src/director/config/vrrp-config.ts';
import type { Router } from './node.ts';
import type { Random } from './random.ts';

/** Milliseconds that clocks may differ by where that counts. */
export const WINDOW = 60_000;

const NONE: AuthenticationConfig = { kind: 'none' };
const RIGHT = { id: 1, key: '11'.repeat(32) };
const NEXT = { id: 2, key: '22'.repeat(32) };
const WRONG = { id: 1, key: '33'.repeat(32) };

type Signed = Extract<AuthenticationConfig, { kind: 'HMAC' }>;

function pass(password: string): AuthenticationConfig {
  return { kind: 'PASS', password };
}

function signed(active: typeof RIGHT, checksTime: boolean): AuthenticationConfig {
  const keys = [active, active === NEXT ? RIGHT : NEXT];
  return { kind: 'HMAC', keys, activeKey: active.id, checksTime, timeWindow: WINDOW, enforces: true };
}

/** What all of the group have in common. */
export function drawAuthentication(random: Random, version: 2 | 3): AuthenticationConfig {
  if (version === 2) return random.chance(0.2) ? pass('right') : NONE;
  return random.chance(0.1) ? signed(RIGHT, random.chance(0.5)) : NONE;
}

/** The next key, which the others know too, or one that they do not. */
export function otherKey(authentication: AuthenticationConfig, random: Random): AuthenticationConfig {
  if (authentication.kind === 'PASS') return pass(random.pick(['right', 'wrong']));
  if (authentication.kind === 'none') return authentication;
  return signed(random.pick([RIGHT, NEXT, WRONG]), authentication.checksTime);
}

/** What everybody in the group understands; null when it is that already. */
export function rightKey(authentication: AuthenticationConfig): AuthenticationConfig | null {
  if (authentication.kind === 'PASS') return authentication.password === 'right' ? null : pass('right');
  if (authentication.kind === 'none' || activeOf(authentication) !== WRONG.key) return null;
  return signed(RIGHT, authentication.checksTime);
}

/** Whether one accepts the advertisements of the other, as far as their configurations go. */
export function understands(one: Router, other: Router): boolean {
  const ours = one.config.authentication;
  const theirs = other.config.authentication;
  if (ours.kind === 'HMAC') {
    if (theirs.kind !== 'HMAC') return false;
    const active = activeOf(theirs);
    return ours.keys.some(({ id, key }) => id === theirs.activeKey && key === active);
  }
  if (one.config.version === 3) return true;
  if (ours.kind === 'PASS' && theirs.kind === 'PASS') return ours.password === theirs.password;
  return ours.kind === theirs.kind;
}

function activeOf({ keys, activeKey }: Signed): string | undefined {
  return keys.find(({ id }) => id === activeKey)?.key;
}
