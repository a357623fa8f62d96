// The budget of a card: so many bytes a day. Told at 50, 80 and 100 %; when it is spent, commits ask and all else is refused. Pure.
import { inBytes, inPercent } from './words.ts';

/** Per cent of the budget at which something is told. */
export const LEVELS = [50, 80, 100] as const;
export type Level = (typeof LEVELS)[number];

export interface BudgetState {
  /** Bytes a day; above 0. */
  readonly perDay: number;
  /** The day that `spent` is of: days since 1970, UTC. */
  readonly day: number;
  /** Bytes written on that day. */
  readonly spent: number;
  /** The highest level that was told for that day; 0: none. */
  readonly told: 0 | Level;
}

export type BudgetEvent =
  | { readonly type: 'level'; readonly level: Level; readonly spent: number; readonly perDay: number }
  /** A new day, after one of which something had been told. */
  | { readonly type: 'renewed'; readonly spentBefore: number };

export type BudgetInput =
  | { readonly type: 'wrote'; readonly bytes: number }
  | { readonly type: 'configured'; readonly perDay: number }
  /** Time passes; often enough to notice a new day. */
  | { readonly type: 'tick' };

export interface BudgetStep {
  readonly state: BudgetState;
  readonly events: readonly BudgetEvent[];
}

const DAY = 86_400_000;

/** Days since 1970 of a wall clock in milliseconds. */
export function dayOf(wall: number): number {
  return Math.floor(wall / DAY);
}

/**
 * The budget as a start finds it. `kept` is what an odometer says of its last day: a box that loses its power every evening gets
 * no new budget each morning. `since`: bytes that are not in it yet. Of the levels that were reached before the start the highest alone
 * is told again. Throws a RangeError for a budget that is not above 0.
 */
export function newBudget(
  perDay: number,
  wall: number,
  kept: { readonly day: number; readonly spent: number } | null,
  since = 0,
): BudgetState {
  refuseNothing(perDay);
  const day = dayOf(wall);
  // A board without a battery may start with a clock of before the last commit: then its day still goes on.
  const isSameDay = kept !== null && kept.day >= day;
  const spent = (isSameDay ? kept.spent : 0) + since;
  const reached = LEVELS.filter(level => isReached(level, spent, perDay));
  return { perDay, day, spent, told: reached.at(-2) ?? 0 };
}

/** What an input makes of a budget at this time of the wall clock. Throws a RangeError for a budget that is not above 0. */
export function stepBudget(before: BudgetState, input: BudgetInput, wall: number): BudgetStep {
  const events: BudgetEvent[] = [];
  let state = enterDay(before, dayOf(wall), events);
  if (input.type === 'wrote') state = { ...state, spent: state.spent + input.bytes };
  if (input.type === 'configured') {
    refuseNothing(input.perDay);
    // Against another budget the same bytes are another part: what applies is told anew.
    if (input.perDay !== state.perDay) state = { ...state, perDay: input.perDay, told: 0 };
  }
  for (const level of LEVELS) {
    if (level <= state.told || !isReached(level, state.spent, state.perDay)) continue;
    state = { ...state, told: level };
    events.push({ type: 'level', level, spent: state.spent, perDay: state.perDay });
  }
  return { state, events };
}

function isReached(level: Level, spent: number, perDay: number): boolean {
  return spent * 100 >= level * perDay;
}

/** A new day renews the budget; a clock that is set back does not. */
function enterDay(state: BudgetState, day: number, events: BudgetEvent[]): BudgetState {
  if (day === state.day) return state;
  if (day < state.day) return { ...state, day };
  if (state.told > 0) events.push({ type: 'renewed', spentBefore: state.spent });
  return { ...state, day, spent: 0, told: 0 };
}

function refuseNothing(perDay: number): void {
  if (!(perDay > 0 && Number.isFinite(perDay))) {
    throw new RangeError(`a budget of ${perDay} bytes a day is none`);
  }
}

/** Somebody wants to write. */
export interface WriteRequest {
  readonly kind: 'commit' | 'other';
  /** Who, in words that can be shown: `director upgrade`. */
  readonly who: string;
  /** Bytes. */
  readonly size: number;
}

export type Verdict =
  | { readonly answer: 'allowed' }
  /** Only when the admin says yes to this. */
  | { readonly answer: 'ask'; readonly reason: string }
  | { readonly answer: 'refused'; readonly reason: string };

/** Whether a write fits the budget of this moment. A write that does not fit is not begun, so that 100 % is where it ends. */
export function judgeWrite(before: BudgetState, { kind, who, size }: WriteRequest, wall: number): Verdict {
  const { perDay, spent } = enterDay(before, dayOf(wall), []);
  if (spent + size <= perDay) return { answer: 'allowed' };
  const state = `${inBytes(spent)} of ${inBytes(perDay)} were written today, and this is ${inBytes(size)} more`;
  if (kind === 'commit')
    return { answer: 'ask', reason: `the flash budget does not cover this commit: ${state}` };
  return { answer: 'refused', reason: `the flash budget refuses ${who}: ${state}` };
}

/** `12 KiB of 64 KiB written today (19 %)`. */
export function describeBudget({ spent, perDay }: Pick<BudgetState, 'spent' | 'perDay'>): string {
  return `${inBytes(spent)} of ${inBytes(perDay)} written today (${inPercent(spent / perDay)})`;
}
