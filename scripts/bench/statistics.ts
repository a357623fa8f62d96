// How sure a comparison of two medians is, by resampling (the bootstrap of B. Efron, percentile intervals).
import { median } from './result.ts';

/** Lower and upper end of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

const RESAMPLES = 10_000;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function resample(values: readonly number[], next: () => number): number[] {
  return values.map(() => values[Math.floor(next() * values.length)] ?? Number.NaN);
}

/** The 95 % interval of `compare(median of ours, median of peers)`; the same for the same values and seed. */
export function interval(
  ours: readonly number[],
  peers: readonly number[],
  compare: (our: number, peer: number) => number,
  seed = 1,
): Interval {
  const next = random(seed);
  const all = Array.from({ length: RESAMPLES }, () =>
    compare(median(resample(ours, next)), median(resample(peers, next))),
  ).sort((a, b) => a - b);
  return [all[Math.floor(RESAMPLES * 0.025)]!, all[Math.ceil(RESAMPLES * 0.975) - 1]!];
}
