// What an instance counts and complains about.
import type { VrrpCounters } from '../protocol.ts';
import type { InstanceEffect } from './instance.ts';
import type { Draft } from './transition.ts';

export function count(draft: Draft, counter: keyof VrrpCounters): void {
  draft.counters = { ...draft.counters, [counter]: draft.counters[counter] + 1 };
}

/** Remembers what is wrong and reports it once, until it changes. */
export function complain(draft: Draft, effects: InstanceEffect[], text: string): void {
  if (draft.trouble === text) return;
  draft.trouble = text;
  effects.push({ kind: 'report', severity: 'warning', text });
}
