// What trackers and sync groups do to an instance.
import type { InstanceEffect } from './instance.ts';
import { effectivePriority } from './priority.ts';
import { adoptPriority } from './reload.ts';
import { advertise, becomeBackup, becomeMaster, type Draft, reconsider } from './transition.ts';

export function onTracking(
  draft: Draft,
  effects: InstanceEffect[],
  adjustment: number,
  faults: readonly string[],
  now: number,
): void {
  draft.adjustment = adjustment;
  draft.faults = faults;
  // First, so that an instance that has to leave says only that.
  reconsider(draft, effects, now);
  adoptPriority(draft, effects, effectivePriority(draft.settings.priority, adjustment), now);
}

export function onPromote(draft: Draft, effects: InstanceEffect[], reason: string, now: number): void {
  if (draft.phase === 'BACKUP') becomeMaster(draft, effects, reason, now);
}

/** The group is given up with a priority of 0: the others of the sync group are leaving too, and nobody has to wait for the silence. */
export function onDemote(draft: Draft, effects: InstanceEffect[], reason: string, now: number): void {
  if (draft.phase !== 'MASTER') return;
  advertise(draft, effects, 0);
  becomeBackup(draft, effects, reason, now);
}
