// What was read and written lately, in bounded memory: windows of four hours for a day, days for a month. Pure data.

/** Milliseconds of a window, of a day and of all that is kept. */
export const WINDOW = 4 * 3_600_000;
export const WINDOWS_A_DAY = 6;
export const DAY = WINDOW * WINDOWS_A_DAY;
export const DAYS_KEPT = 30;
/** With the windows, a month. */
const KEPT = DAY * (DAYS_KEPT + 1);

/** A window or a day. */
export interface Period {
  /** When it began, milliseconds of the clock that the readings have. */
  readonly start: number;
  /** Milliseconds of it that were observed. */
  readonly observed: number;
  readonly sectorsRead: number;
  readonly writes: number;
  readonly sectorsWritten: number;
  /** Of `sectorsWritten`, those of a commit or an upgrade, which had been announced. */
  readonly sectorsPermitted: number;
  /** Differences in which something was written: writes that come together are one event. */
  readonly bursts: number;
  /** Readings that were taken in it. Without any, it has but its part of a longer time and says nothing of its own. */
  readonly readings: number;
}

/** What is added: everything that happened between two moments. */
export interface Share extends Omit<Period, 'start' | 'observed'> {
  readonly from: number;
  readonly to: number;
}

export interface History {
  /** The window that is not over. */
  readonly open: Period;
  /** Windows that are over, oldest first: those of the last day, and those since. */
  readonly windows: readonly Period[];
  /** The days before, oldest first. */
  readonly days: readonly Period[];
}

/** Nothing was observed yet; the first window begins at `start`. */
export function newHistory(start: number): History {
  return { open: emptyPeriod(start), windows: [], days: [] };
}

/** When what was added last ended, if nothing was missed within the window. */
export function endOf({ open }: History): number {
  return open.start + open.observed;
}

/**
 * Adds what happened. What lies on both sides of the end of a window is divided by time. Of more than a month only the last
 * month is placed. Throws a RangeError when it begins before the window that is open.
 */
export function addShare(history: History, share: Share): History {
  if (!(share.from >= history.open.start && share.to >= share.from)) {
    throw new RangeError(`${share.from} to ${share.to} ms is before the window of ${history.open.start} ms`);
  }
  let state = history;
  let rest = share.to - share.from > KEPT ? lastMonth(share) : share;
  // After a gap of more than a month nothing of before is left.
  if (rest.from - state.open.start > KEPT) state = newHistory(rest.from);
  while (rest.from >= state.open.start + WINDOW) state = closeWindow(state);
  while (rest.to > state.open.start + WINDOW) {
    const [first, second] = divide(rest, state.open.start + WINDOW);
    state = closeWindow({ ...state, open: extend(state.open, first) });
    rest = second;
  }
  state = { ...state, open: extend(state.open, rest) };
  return rest.to === state.open.start + WINDOW ? closeWindow(state) : state;
}

/** All that was observed, oldest first: days, then windows, then the window that is not over. */
export function allPeriods({ days, windows, open }: History): Period[] {
  return [...days, ...windows, open];
}

/** The sum of periods, which begins with the first. */
export function sumOf(periods: readonly Period[]): Period {
  return periods.reduce(merge, emptyPeriod(periods[0]?.start ?? 0));
}

function emptyPeriod(start: number): Period {
  return {
    start,
    observed: 0,
    sectorsRead: 0,
    writes: 0,
    sectorsWritten: 0,
    sectorsPermitted: 0,
    bursts: 0,
    readings: 0,
  };
}

function closeWindow({ open, windows, days }: History): History {
  const closed = [...windows, open];
  const isTwoDays = closed.length === 2 * WINDOWS_A_DAY;
  return {
    open: emptyPeriod(open.start + WINDOW),
    windows: isTwoDays ? closed.slice(WINDOWS_A_DAY) : closed,
    days: isTwoDays ? [...days, sumOf(closed.slice(0, WINDOWS_A_DAY))].slice(-DAYS_KEPT) : days,
  };
}

function merge(sum: Period, period: Period): Period {
  return {
    start: sum.start,
    observed: sum.observed + period.observed,
    sectorsRead: sum.sectorsRead + period.sectorsRead,
    writes: sum.writes + period.writes,
    sectorsWritten: sum.sectorsWritten + period.sectorsWritten,
    sectorsPermitted: sum.sectorsPermitted + period.sectorsPermitted,
    bursts: sum.bursts + period.bursts,
    readings: sum.readings + period.readings,
  };
}

function extend(period: Period, { from, to, ...amounts }: Share): Period {
  return merge(period, { start: period.start, observed: to - from, ...amounts });
}

/** What is kept of a longer time. Something that happened once may have happened in it: no count but that of nothing becomes 0. */
function lastMonth(share: Share): Share {
  const [, rest] = divide(share, share.to - KEPT);
  const some = (part: number, whole: number) => Math.max(part, Math.min(1, whole));
  const sectorsPermitted = some(rest.sectorsPermitted, share.sectorsPermitted);
  const unannounced = share.sectorsWritten - share.sectorsPermitted;
  return {
    ...rest,
    sectorsRead: some(rest.sectorsRead, share.sectorsRead),
    writes: some(rest.writes, share.writes),
    sectorsPermitted,
    sectorsWritten: sectorsPermitted + some(rest.sectorsWritten - rest.sectorsPermitted, unannounced),
    bursts: some(rest.bursts, share.bursts),
  };
}

/** Both sides of a moment within a share; counts stay whole, and their sum stays what it was. */
function divide(share: Share, at: number): [Share, Share] {
  const part = (at - share.from) / (share.to - share.from);
  const first = (count: number) => Math.round(count * part);
  const before = {
    from: share.from,
    to: at,
    sectorsRead: first(share.sectorsRead),
    writes: first(share.writes),
    sectorsWritten: first(share.sectorsWritten),
    sectorsPermitted: first(share.sectorsPermitted),
    bursts: first(share.bursts),
    readings: 0,
  };
  const after = {
    from: at,
    to: share.to,
    sectorsRead: share.sectorsRead - before.sectorsRead,
    writes: share.writes - before.writes,
    sectorsWritten: share.sectorsWritten - before.sectorsWritten,
    sectorsPermitted: share.sectorsPermitted - before.sectorsPermitted,
    bursts: share.bursts - before.bursts,
    readings: share.readings,
  };
  return [before, after];
}
