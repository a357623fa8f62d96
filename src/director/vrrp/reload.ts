// New settings or a new priority for a running instance: it stays what it is, and tells its peers at once what they need to know.
import { announceChange, rescheduleRefresh } from './announcement.ts';
import type { InstanceEffect, InstanceSettings } from './instance.ts';
import { compareAddresses } from './order.ts';
import { effectivePriority } from './priority.ts';
import { firstChecksumForm } from './settings.ts';
import { advertise, type Draft, silenceAllowed } from './transition.ts';

export function onSettings(
  draft: Draft,
  effects: InstanceEffect[],
  settings: InstanceSettings,
  now: number,
): void {
  const { settings: before, priority } = draft;
  const allowed = silenceAllowed(draft);
  draft.settings = settings;
  draft.otherList = null;
  draft.priority = effectivePriority(settings.priority, draft.adjustment);
  if (settings.checksum !== before.checksum || settings.deviations !== before.deviations) {
    draft.checksumForm = firstChecksumForm(settings);
  }
  if (draft.phase === 'MASTER') asMaster(draft, effects, before, priority, now);
  else if (draft.phase === 'BACKUP') {
    if (draft.master === null) draft.masterInterval = settings.advertInterval;
    moveDownTimer(draft, allowed, now);
  }
}

function asMaster(
  draft: Draft,
  effects: InstanceEffect[],
  before: InstanceSettings,
  priority: number,
  now: number,
): void {
  const { settings } = draft;
  const newAddresses = !sameList(before.addresses, settings.addresses);
  if (newAddresses || draft.priority !== priority || before.advertInterval !== settings.advertInterval) {
    draft.masterInterval = settings.advertInterval;
    advertiseAnew(draft, effects, now);
  }
  // Always: where and with which prefix an address is set may have changed, which peers do not see.
  effects.push({ kind: 'hold' });
  if (newAddresses) announceChange(draft, effects, now);
  rescheduleRefresh(draft, before.announcements, now);
}

/** The trackers changed the priority. */
export function adoptPriority(draft: Draft, effects: InstanceEffect[], priority: number, now: number): void {
  if (priority === draft.priority) return;
  const allowed = silenceAllowed(draft);
  draft.priority = priority;
  const text = `priority ${priority}, configured ${draft.settings.priority}`;
  effects.push({ kind: 'report', severity: 'info', text });
  if (draft.phase === 'MASTER') advertiseAnew(draft, effects, now);
  else if (draft.phase === 'BACKUP') moveDownTimer(draft, allowed, now);
}

function advertiseAnew(draft: Draft, effects: InstanceEffect[], now: number): void {
  advertise(draft, effects, draft.priority);
  draft.timer = now + draft.settings.advertInterval;
}

/** The down timer moves by as much as the down interval has changed since it was `before`: the silence so far counts. */
function moveDownTimer(draft: Draft, before: number, now: number): void {
  if (draft.timer !== null) draft.timer = Math.max(now, draft.timer - before + silenceAllowed(draft));
}

function sameList(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return (
    one.length === other.length &&
    one.every((address, index) => compareAddresses(address, other[index]!) === 0)
  );
}
