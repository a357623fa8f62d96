// Flap damping: what a server's losses count for, halving with time, as RFC 2439 has it for routes (pure).
import type { FlapDampingConfig } from '../config/config.ts';

export interface Penalty {
  /** At the moment `at`, monotonic milliseconds; it halves from then on. */
  readonly value: number;
  readonly at: number;
  /** It was above the limit and has not been below the other one since, as far as was known at `at`. */
  readonly suppressed: boolean;
}

/** Half-lives after which a server that is not lost again serves again, whatever it did before. */
const LONGEST = 4;

/** What is left of it. */
export function penaltyAt({ value, at }: Penalty, { halfLife }: FlapDampingConfig, now: number): number {
  return value * 2 ** (-(now - at) / halfLife);
}

/** After the server was lost once more. */
export function afterLoss(before: Penalty | null, damping: FlapDampingConfig, now: number): Penalty {
  const { penalty, suppress, reuse } = damping;
  const most = Math.max(reuse * 2 ** LONGEST, suppress + penalty);
  const value = Math.min(most, (before === null ? 0 : penaltyAt(before, damping, now)) + penalty);
  const suppressed = value > suppress || (before !== null && isDamped(before, damping, now));
  return { value, at: now, suppressed };
}

/** True while the server is to stay out. */
export function isDamped(penalty: Penalty, damping: FlapDampingConfig, now: number): boolean {
  return penalty.suppressed && now < reusedAt(penalty, damping);
}

/** When it is down to `reuse`, monotonic milliseconds. */
export function reusedAt({ value, at }: Penalty, { halfLife, reuse }: FlapDampingConfig): number {
  return at + Math.ceil(halfLife * Math.log2(value / reuse));
}
