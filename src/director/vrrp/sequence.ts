// The sequence of signed advertisements: the wall clock as 64 bits, seconds since 1970 in the upper half, fractions in 16 bits, and 16 bits
// that count within one moment. It tells what is new, and with a time window what is fresh.

const FRACTIONS = 0x1_0000;
const COUNTER_BITS = 16n;

/** A sender's last sequence as a receiver remembers it. */
export interface Mark {
  readonly address: Uint8Array;
  readonly sequence: bigint;
  /** Monotonic milliseconds: so long that sender is in the middle of talking, and what follows its sequence is new whatever clocks say. */
  readonly until: number;
}

/** `wall`: milliseconds since 1970. */
export function clockSequence(wall: number): bigint {
  return BigInt(Math.floor((wall / 1000) * FRACTIONS)) << COUNTER_BITS;
}

/** When `sequence` was made, in milliseconds since 1970. */
export function timeOf(sequence: bigint): number {
  return (Number(sequence >> COUNTER_BITS) / FRACTIONS) * 1000;
}

/** Serial number arithmetic (RFC 1982): true also when `one` is behind the wrap and `other` before it. */
export function isAfter(one: bigint, other: bigint): boolean {
  return BigInt.asIntN(64, one - other) > 0n;
}

/**
 * What the next advertisement carries: the clock, or one more than the last. A clock that was set back by more than `window`
 * milliseconds is followed all the same, because nobody would believe the old time; null: never.
 */
export function nextSequence(last: bigint, wall: number, window: number | null): bigint {
  const clock = clockSequence(wall);
  if (isAfter(clock, last)) return clock;
  return window !== null && timeOf(last) - wall > window ? clock : BigInt.asUintN(64, last + 1n);
}
