// How hot the board has been: a day of hours and a month of days, in memory. Cards wear out and forget sooner in the heat, so this
// stands beside the forecast of their life. Pure.

/** What was measured in an hour or a day. Degrees Celsius. */
export interface HeatSpan {
  /** Monotonic milliseconds of its beginning. */
  readonly from: number;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
  /** Readings it is made of. */
  readonly count: number;
  /** Readings at which the board was warm or worse. */
  readonly warm: number;
}

export interface HeatHistory {
  /** The oldest first; the last one goes on. */
  readonly hours: readonly HeatSpan[];
  readonly days: readonly HeatSpan[];
}

export const NO_HEAT: HeatHistory = { hours: [], days: [] };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOURS = 24;
const DAYS = 31;

/** Another reading at `now`; `isWarm`: it was above the first limit. */
export function remember(
  { hours, days }: HeatHistory,
  celsius: number,
  isWarm: boolean,
  now: number,
): HeatHistory {
  return {
    hours: added(hours, HOUR, HOURS, celsius, isWarm, now),
    days: added(days, DAY, DAYS, celsius, isWarm, now),
  };
}

function added(
  spans: readonly HeatSpan[],
  length: number,
  most: number,
  celsius: number,
  isWarm: boolean,
  now: number,
): readonly HeatSpan[] {
  const last = spans.at(-1);
  const warm = isWarm ? 1 : 0;
  if (last === undefined || now - last.from >= length) {
    // A gap, as while no sensor could be read, moves no beginning.
    const from = last === undefined ? now : last.from + Math.floor((now - last.from) / length) * length;
    return [...spans, { from, least: celsius, mean: celsius, most: celsius, count: 1, warm }].slice(-most);
  }
  const count = last.count + 1;
  const grown: HeatSpan = {
    from: last.from,
    least: Math.min(last.least, celsius),
    mean: last.mean + (celsius - last.mean) / count,
    most: Math.max(last.most, celsius),
    count,
    warm: last.warm + warm,
  };
  return [...spans.slice(0, -1), grown];
}
