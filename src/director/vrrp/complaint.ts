// What an instance counts and complains about. However many packets are wrong, and in however many ways, the log stays readable.
import type { VrrpCounters } from '../protocol.ts';
import type { InstanceEffect } from './instance.ts';
import type { Draft } from './transition.ts';

/** A text that was reported. */
export interface Complaint {
  readonly text: string;
  readonly at: number;
}

/** For ten minutes nothing is reported twice, and not more than eight texts in all. */
const QUIET = 600_000;
const MOST = 8;

export function count(draft: Draft, counter: keyof VrrpCounters): void {
  draft.counters = { ...draft.counters, [counter]: draft.counters[counter] + 1 };
}

/** Remembers what is wrong and reports it, unless that has just been done. */
export function complain(draft: Draft, effects: InstanceEffect[], text: string, now: number): void {
  if (draft.trouble === text) return;
  draft.trouble = text;
  const recent = draft.complaints.filter(({ at }) => now < at + QUIET);
  if (recent.length >= MOST || recent.some(complaint => complaint.text === text)) return;
  draft.complaints = [...recent, { text, at: now }];
  effects.push({ kind: 'report', severity: 'warning', text });
}
