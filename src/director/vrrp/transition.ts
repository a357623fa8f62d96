// How an instance changes its phase, and what its timers and its interface do to it.
import { announceDue, announceTakeover } from './announcement.ts';
import { count } from './complaint.ts';
import { forgetSilentRival } from './duplicates.ts';
import type { InstanceEffect, InstanceState, Link, Phase } from './instance.ts';
import { OWNER } from './priority.ts';
import { downInterval } from './timers.ts';

/** A state under construction, seen only inside one step. */
export type Draft = { -readonly [Key in keyof InstanceState]: InstanceState[Key] };

export function advertise(draft: Draft, effects: InstanceEffect[], priority: number): void {
  effects.push({ kind: 'advertise', priority });
  count(draft, 'sent');
  if (priority === 0) count(draft, 'priorityZeroSent');
}

function enter(draft: Draft, effects: InstanceEffect[], phase: Phase, reason: string, now: number): void {
  if (draft.phase === 'MASTER') effects.push({ kind: 'leave' });
  draft.phase = phase;
  draft.since = now;
  draft.willing = false;
  draft.preemptAt = null;
  draft.predecessor = phase === 'MASTER' ? (draft.master?.address ?? null) : null;
  draft.rival = null;
  draft.duplicate = null;
  if (phase === 'MASTER') announceTakeover(draft, effects, now);
  else draft.announcing = null;
  effects.push({ kind: 'report', severity: 'info', text: `entering ${phase}: ${reason}` });
}

/** The new master's advertisement goes first: it is what stops the other backups. */
export function becomeMaster(draft: Draft, effects: InstanceEffect[], reason: string, now: number): void {
  const { advertInterval } = draft.settings;
  advertise(draft, effects, draft.priority);
  effects.push({ kind: 'hold' });
  enter(draft, effects, 'MASTER', reason, now);
  draft.timer = now + advertInterval;
  draft.masterInterval = advertInterval;
  draft.master = null;
  count(draft, 'becameMaster');
}

/** The Active_Down_Interval as things are. */
export function silenceAllowed({ settings, priority, masterInterval }: Draft): number {
  return downInterval(settings.version, priority, masterInterval, settings.downTimerAdverts);
}

/** Restarts the Active_Down_Timer. */
export function awaitMaster(draft: Draft, now: number): void {
  draft.willing = false;
  draft.timer = now + silenceAllowed(draft);
}

export function becomeBackup(draft: Draft, effects: InstanceEffect[], reason: string, now: number): void {
  enter(draft, effects, 'BACKUP', reason, now);
  awaitMaster(draft, now);
}

/** Every reason for being in FAULT, in words; none when the instance can work. */
export function faultsOf({ link, faults, settings }: InstanceState): readonly string[] {
  if (!link.up) return ['the interface is down or missing', ...faults];
  if (link.address === null)
    return [
      `the interface has no IPv${settings.family} address that advertisements may come from`,
      ...faults,
    ];
  return faults;
}

function canSpeak({ link }: Draft): boolean {
  return link.up && link.address !== null;
}

function isUsable(draft: Draft): boolean {
  return canSpeak(draft) && draft.faults.length === 0;
}

/** A master that can still speak gives the group up: nobody has to wait for its silence. */
function becomeFaulty(draft: Draft, effects: InstanceEffect[], now: number): void {
  if (draft.phase === 'MASTER' && canSpeak(draft)) advertise(draft, effects, 0);
  enter(draft, effects, 'FAULT', faultsOf(draft).join(', '), now);
  draft.timer = null;
  draft.master = null;
}

/** Goes to FAULT or leaves it, as the link and the faults want it. */
export function reconsider(draft: Draft, effects: InstanceEffect[], now: number): void {
  if (draft.phase === 'INITIALIZE') return;
  const usable = isUsable(draft);
  if (usable && draft.phase === 'FAULT') onStart(draft, effects, now);
  else if (!usable && draft.phase !== 'FAULT') becomeFaulty(draft, effects, now);
}

/** RFC 9568, 6.4.1. `state MASTER` in a configuration changes nothing here, as with keepalived: only an owner starts as master. */
export function onStart(draft: Draft, effects: InstanceEffect[], now: number): void {
  if (draft.phase === 'BACKUP' || draft.phase === 'MASTER') return;
  const { settings } = draft;
  draft.masterInterval = settings.advertInterval;
  draft.master = null;
  if (!isUsable(draft)) becomeFaulty(draft, effects, now);
  else if (settings.priority !== OWNER) becomeBackup(draft, effects, 'started', now);
  else if (!settings.synced) becomeMaster(draft, effects, 'owner of the addresses', now);
  else {
    becomeBackup(draft, effects, 'owner of the addresses, waits for its sync group', now);
    draft.willing = true;
  }
}

export function onStop(draft: Draft, effects: InstanceEffect[], now: number): void {
  if (draft.phase === 'INITIALIZE') return;
  if (draft.phase === 'MASTER') advertise(draft, effects, 0);
  enter(draft, effects, 'INITIALIZE', 'stopped', now);
  draft.timer = null;
  draft.master = null;
}

export function onTimer(draft: Draft, effects: InstanceEffect[], now: number): void {
  if (draft.timer !== null && now >= draft.timer) {
    if (draft.phase === 'MASTER') {
      advertise(draft, effects, draft.priority);
      draft.timer = nextBeat(draft.timer, draft.settings.advertInterval, now);
    } else if (draft.settings.synced) {
      draft.willing = true;
      draft.timer = now + draft.masterInterval;
    } else {
      becomeMaster(draft, effects, 'no advertisement from a master', now);
    }
  }
  announceDue(draft, effects, now);
  forgetSilentRival(draft, effects, now);
}

/** The next advertisement keeps the rhythm of the last ones, unless so late that two would follow each other closely. */
function nextBeat(due: number, interval: number, now: number): number {
  return now - due < interval / 2 ? due + interval : now + interval;
}

export function onLink(draft: Draft, effects: InstanceEffect[], link: Link, now: number): void {
  draft.link = link;
  reconsider(draft, effects, now);
}
