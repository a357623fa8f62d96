// How much is written to a device in a day, as a range: from the spread of windows and days, or from counted bursts when there are few.
import type { Range } from './card.ts';
import { SECTOR_BYTES } from './counters.ts';
import { allPeriods, DAY, type History, type Period, sumOf, WINDOW } from './history.ts';

export interface Rate {
  /** Bytes in a day. */
  readonly daily: Range;
  /** The mean of all that was observed, within `daily`. */
  readonly mean: number;
  /** What the range is from: the spread of periods, or the chance in counting few bursts of writes. */
  readonly basis: 'periods' | 'bursts';
  /** Windows and days that are over, of which at least half was observed, and that had readings of their own. */
  readonly periods: number;
  /** Of those, the days. */
  readonly days: number;
  /** Sum of all that was observed. */
  readonly total: Period;
}

/** So many windows make a day, which has most of what happens regularly in it. */
export const ENOUGH_PERIODS = 6;
/** Shares of the observed time that are below and above the range. */
const LOW = 0.05;
const HIGH = 0.95;
/** Two-sided 95 % of the normal distribution. */
const Z = 1.96;

/** Null when nothing was observed. */
export function rateOf(history: History): Rate | null {
  const total = sumOf(allPeriods(history));
  if (total.observed === 0) return null;
  const days = history.days.filter(period => tells(period, DAY));
  const windows = history.windows.filter(period => tells(period, WINDOW));
  const periods = [...days, ...windows];
  const mean = dailyBytes(total);
  const common = { mean, periods: periods.length, days: days.length, total };
  if (periods.length < ENOUGH_PERIODS) {
    const { least, most } = burstRange(total.bursts);
    const each = total.bursts === 0 ? 0 : mean / total.bursts;
    return { ...common, basis: 'bursts', daily: { least: each * least, most: each * most } };
  }
  // A rare large write moves the mean beyond nearly all periods, and it is the mean that wears.
  const least = Math.min(mean, quantile(periods, LOW));
  const most = Math.max(mean, quantile(periods, HIGH));
  return { ...common, basis: 'periods', daily: { least, most } };
}

function tells({ observed, readings }: Period, length: number): boolean {
  return observed >= length / 2 && readings > 0;
}

/** Bytes a day at the rate of a period. */
export function dailyBytes({ sectorsWritten, observed }: Period): number {
  return (sectorsWritten * SECTOR_BYTES * DAY) / observed;
}

/**
 * The counts that may well (95 %) be behind the one that was counted, if bursts come at random: Byar's approximation of the
 * limits of a Poisson count (Breslow and Day, Statistical Methods in Cancer Research II, 1987, page 69).
 */
export function burstRange(count: number): Range {
  const more = count + 1;
  const cube = (value: number) => value * value * value;
  return {
    least: count === 0 ? 0 : count * cube(1 - 1 / (9 * count) - Z / (3 * Math.sqrt(count))),
    most: more * cube(1 - 1 / (9 * more) + Z / (3 * Math.sqrt(more))),
  };
}

/** The lowest daily rate that at least this share of the observed time does not exceed. */
function quantile(periods: readonly Period[], share: number): number {
  const rates = periods
    .map(period => ({ rate: dailyBytes(period), observed: period.observed }))
    .sort((a, b) => a.rate - b.rate);
  const wanted = share * rates.reduce((sum, { observed }) => sum + observed, 0);
  let reached = 0;
  for (const { rate, observed } of rates) {
    reached += observed;
    if (reached >= wanted) return rate;
  }
  return rates.at(-1)!.rate;
}
