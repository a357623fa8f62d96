// New settings for a running instance: it stays what it is, and tells its peers at once what they need to know.

import type { InstanceEffect, InstanceSettings } from './instance.ts';
import { compareAddresses } from './order.ts';
import { downInterval } from './timers.ts';
import { advertise, announce, type Draft } from './transition.ts';

export function onSettings(
  draft: Draft,
  effects: InstanceEffect[],
  settings: InstanceSettings,
  now: number,
): void {
  const before = draft.settings;
  draft.settings = settings;
  if (draft.phase === 'MASTER') asMaster(draft, effects, before, now);
  else if (draft.phase === 'BACKUP') asBackup(draft, before, now);
}

function asMaster(draft: Draft, effects: InstanceEffect[], before: InstanceSettings, now: number): void {
  const { settings } = draft;
  const newAddresses = !sameList(before.addresses, settings.addresses);
  const newTerms = before.priority !== settings.priority || before.advertInterval !== settings.advertInterval;
  if (newAddresses || newTerms) {
    draft.masterInterval = settings.advertInterval;
    advertise(draft, effects, settings.priority);
    draft.timer = now + settings.advertInterval;
  }
  // Always: where and with which prefix an address is set may have changed, which peers do not see.
  effects.push({ kind: 'hold' });
  if (newAddresses) announce(draft, effects, now);
}

/** The down timer moves by as much as the down interval changes: the silence so far counts. */
function asBackup(draft: Draft, before: InstanceSettings, now: number): void {
  const { settings } = draft;
  const waited = downInterval(before.version, before.priority, draft.masterInterval);
  if (draft.master === null) draft.masterInterval = settings.advertInterval;
  const waiting = downInterval(settings.version, settings.priority, draft.masterInterval);
  if (draft.timer !== null) draft.timer = Math.max(now, draft.timer - waited + waiting);
}

function sameList(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return (
    one.length === other.length &&
    one.every((address, index) => compareAddresses(address, other[index]!) === 0)
  );
}
