// Values that go up and down, such as temperatures and dirty pages: least, mean and most of each window of four hours for one to two days,
// and of each day for a month before. Pure data.
import { DAYS_KEPT, WINDOW, WINDOWS_A_DAY } from '../flash/history.ts';

export interface GaugePeriod {
  /** When it began, milliseconds of the clock that the samples have. */
  readonly start: number;
  readonly least: number;
  readonly most: number;
  readonly sum: number;
  readonly count: number;
}

export interface GaugeHistory {
  /** The window that is not over. */
  readonly open: GaugePeriod;
  /** Windows that are over and had a sample, oldest first. */
  readonly windows: readonly GaugePeriod[];
  readonly days: readonly GaugePeriod[];
}

/** More are not followed: memory has to be bounded. */
export const MOST_GAUGES = 32;

/** What was measured, by names such as `dirty`. */
export type Samples = ReadonlyMap<string, number>;

/** Adds what was measured at this time. */
export function addSamples(
  gauges: ReadonlyMap<string, GaugeHistory>,
  samples: Samples,
  time: number,
): ReadonlyMap<string, GaugeHistory> {
  const next = new Map(gauges);
  for (const [name, value] of samples) {
    const known = next.get(name);
    if (known === undefined && next.size >= MOST_GAUGES) continue;
    next.set(name, known === undefined ? begin(value, time) : addSample(known, value, time));
  }
  return next;
}

function begin(value: number, time: number): GaugeHistory {
  return { open: first(value, time), windows: [], days: [] };
}

function first(value: number, start: number): GaugePeriod {
  return { start, least: value, most: value, sum: value, count: 1 };
}

function addSample(history: GaugeHistory, value: number, time: number): GaugeHistory {
  const { open } = history;
  // A clock that began anew with a boot begins a history anew.
  if (time < open.start) return begin(value, time);
  if (time < open.start + WINDOW) return { ...history, open: merge(open, first(value, open.start)) };
  const windows = [...history.windows, open];
  // Windows stay in step with one another, however long nothing was measured.
  const start = time - ((time - open.start) % WINDOW);
  const isTwoDays = windows.length >= 2 * WINDOWS_A_DAY;
  return {
    open: first(value, start),
    windows: isTwoDays ? windows.slice(WINDOWS_A_DAY) : windows,
    days: isTwoDays
      ? [...history.days, windows.slice(0, WINDOWS_A_DAY).reduce(merge)].slice(-DAYS_KEPT)
      : history.days,
  };
}

function merge(before: GaugePeriod, after: GaugePeriod): GaugePeriod {
  return {
    start: before.start,
    least: Math.min(before.least, after.least),
    most: Math.max(before.most, after.most),
    sum: before.sum + after.sum,
    count: before.count + after.count,
  };
}
