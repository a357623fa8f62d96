// Whether enough processes run: which ones count, and how long a change must last, as pure functions.
import type { TrackProcessConfig } from '../config/vrrp-config.ts';

export interface ProcessView {
  /** /proc/PID/comm: at most 15 bytes. */
  readonly name: string;
  /** /proc/PID/cmdline: argv; empty for a kernel thread. */
  readonly words: readonly string[];
}

/** Longest name that comm(5) holds whole. */
const LONGEST_NAME = 15;

export function matches(process: ProcessView, { words, match }: TrackProcessConfig): boolean {
  const [program = '', ...wanted] = words;
  if (match === 'name' && program.length <= LONGEST_NAME && !program.includes('/'))
    return process.name === program;
  const [first, ...given] = process.words;
  if (first !== program) return false;
  switch (match) {
    case 'name':
    case 'full-command':
      return true;
    case 'exact':
      return given.length === wanted.length && startsWith(given, wanted);
    case 'partial':
      return startsWith(given, wanted);
    case 'initial': {
      const last = wanted.at(-1) ?? '';
      const others = wanted.slice(0, -1);
      return startsWith(given, others) && (given[others.length] ?? '').startsWith(last);
    }
  }
}

function startsWith(given: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word, at) => given[at] === word);
}

export interface ProcessState {
  /** Null: nobody has looked yet. */
  readonly up: boolean | null;
  /** How many there were when that was decided. */
  readonly count: number;
  /** Since when it looks otherwise; monotonic milliseconds, null when it does not. */
  readonly otherSince: number | null;
}

export const NEW_PROCESS: ProcessState = { up: null, count: 0, otherSince: null };

/** What it makes of a look that found `count` processes. The first look decides alone. */
export function afterLook(
  state: ProcessState,
  count: number,
  { quorum, quorumMax, forkDelay, terminateDelay }: TrackProcessConfig,
  now: number,
): ProcessState {
  const up = count >= quorum && (quorumMax === null || count <= quorumMax);
  if (state.up === null || state.up === up) return { up, count, otherSince: null };
  const since = state.otherSince ?? now;
  const delay = count > state.count ? forkDelay : terminateDelay;
  return now - since >= delay ? { up, count, otherSince: null } : { ...state, otherSince: since };
}
