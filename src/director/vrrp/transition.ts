// How an instance changes its phase, and what its timers and its interface do to it.
import type { VrrpCounters } from '../protocol.ts';
import type { InstanceEffect, InstanceState, Link, Phase } from './instance.ts';
import { downInterval } from './timers.ts';

/** A state under construction, seen only inside one step. */
export type Draft = { -readonly [Key in keyof InstanceState]: InstanceState[Key] };

/** keepalived's garp_master_delay: the addresses are announced a second time this long after a takeover. */
const SECOND_ANNOUNCEMENT = 5000;
/** Announcements are at least this far apart, however fast a rival advertises. */
const ANNOUNCEMENT_SPACING = 1000;

export function count(draft: Draft, counter: keyof VrrpCounters): void {
  draft.counters = { ...draft.counters, [counter]: draft.counters[counter] + 1 };
}

/** Remembers what is wrong and reports it once, until it changes. */
export function complain(draft: Draft, effects: InstanceEffect[], text: string): void {
  if (draft.trouble === text) return;
  draft.trouble = text;
  effects.push({ kind: 'report', severity: 'warning', text });
}

export function advertise(draft: Draft, effects: InstanceEffect[], priority: number): void {
  effects.push({ kind: 'advertise', priority });
  count(draft, 'sent');
  if (priority === 0) count(draft, 'priorityZeroSent');
}

/** Announces the addresses now, or as soon as the spacing allows. */
export function announce(draft: Draft, effects: InstanceEffect[], now: number): void {
  const earliest = draft.announcedAt + ANNOUNCEMENT_SPACING;
  if (now < earliest) {
    draft.announceAt = Math.min(draft.announceAt ?? earliest, earliest);
    return;
  }
  effects.push({ kind: 'announce' });
  draft.announcedAt = now;
  const second = draft.since + SECOND_ANNOUNCEMENT;
  draft.announceAt = now < second ? second : null;
}

function enter(draft: Draft, effects: InstanceEffect[], phase: Phase, reason: string, now: number): void {
  if (draft.phase === 'MASTER') effects.push({ kind: 'leave' });
  draft.phase = phase;
  draft.since = now;
  draft.announceAt = null;
  if (phase === 'MASTER') {
    draft.announcedAt = Number.NEGATIVE_INFINITY;
    announce(draft, effects, now);
  }
  effects.push({ kind: 'report', severity: 'info', text: `entering ${phase}: ${reason}` });
}

/** The new master's advertisement goes first: it is what stops the other backups. */
function becomeMaster(draft: Draft, effects: InstanceEffect[], reason: string, now: number): void {
  const { settings } = draft;
  advertise(draft, effects, settings.priority);
  effects.push({ kind: 'hold' });
  enter(draft, effects, 'MASTER', reason, now);
  draft.timer = now + settings.advertInterval;
  draft.masterInterval = settings.advertInterval;
  draft.master = null;
  count(draft, 'becameMaster');
}

/** Restarts the Active_Down_Timer. */
export function awaitMaster(draft: Draft, now: number): void {
  const { version, priority } = draft.settings;
  draft.timer = now + downInterval(version, priority, draft.masterInterval);
}

export function becomeBackup(draft: Draft, effects: InstanceEffect[], reason: string, now: number): void {
  enter(draft, effects, 'BACKUP', reason, now);
  awaitMaster(draft, now);
}

function becomeFaulty(draft: Draft, effects: InstanceEffect[], now: number): void {
  const reason = draft.link.up ? 'the interface has no IPv4 address' : 'the interface is down or missing';
  enter(draft, effects, 'FAULT', reason, now);
  draft.timer = null;
  draft.master = null;
}

/** RFC 9568, 6.4.1. `state MASTER` in a configuration changes nothing here, as with keepalived: only an owner starts as master. */
export function onStart(draft: Draft, effects: InstanceEffect[], now: number): void {
  if (draft.phase === 'BACKUP' || draft.phase === 'MASTER') return;
  const { settings, link } = draft;
  draft.masterInterval = settings.advertInterval;
  draft.master = null;
  if (!link.up || link.address === null) becomeFaulty(draft, effects, now);
  else if (settings.priority === 255) becomeMaster(draft, effects, 'owner of the addresses', now);
  else becomeBackup(draft, effects, 'started', now);
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
      advertise(draft, effects, draft.settings.priority);
      draft.timer = nextBeat(draft.timer, draft.settings.advertInterval, now);
    } else {
      becomeMaster(draft, effects, 'no advertisement from a master', now);
    }
  }
  if (draft.announceAt !== null && now >= draft.announceAt) {
    draft.announceAt = null;
    announce(draft, effects, now);
  }
}

/** The next advertisement keeps the rhythm of the last ones, unless so late that two would follow each other closely. */
function nextBeat(due: number, interval: number, now: number): number {
  return now - due < interval / 2 ? due + interval : now + interval;
}

export function onLink(draft: Draft, effects: InstanceEffect[], link: Link, now: number): void {
  draft.link = link;
  if (draft.phase === 'INITIALIZE') return;
  const usable = link.up && link.address !== null;
  if (usable && draft.phase === 'FAULT') onStart(draft, effects, now);
  else if (!usable && draft.phase !== 'FAULT') becomeFaulty(draft, effects, now);
}
