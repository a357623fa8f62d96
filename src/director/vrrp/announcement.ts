// When the neighbours are told where the addresses are (gratuitous ARP, unsolicited neighbour advertisements), and how often each time.
import type { AnnouncementConfig } from '../config/vrrp-config.ts';
import type { InstanceEffect } from './instance.ts';
import type { Draft } from './transition.ts';

/** Durations in milliseconds; see AnnouncementConfig. */
export type AnnouncementTiming = Pick<
  AnnouncementConfig,
  | 'delay'
  | 'repeat'
  | 'refresh'
  | 'refreshRepeat'
  | 'lowerPriorityDelay'
  | 'lowerPriorityRepeat'
  | 'extraRefresh'
>;

/** What a master has announced and has yet to announce. NEVER stands for what is not due. */
export interface Announcing {
  /** When the addresses were last announced. */
  readonly last: number;
  /** When a duel was last won. */
  readonly wonAt: number;
  /** When they are announced once more because of the takeover, because of a duel, and to refresh; on other interfaces only: `extra`. */
  readonly second: number;
  readonly duel: number;
  readonly refresh: number;
  readonly extra: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Announcements because of duels are at least this far apart, however fast a rival advertises. */
const SPACING = 1000;

/** Null when nothing is due. */
export function nextAnnouncement({ second, duel, refresh, extra }: Announcing): number | null {
  const next = Math.min(second, duel, refresh, extra);
  return next === NEVER ? null : next;
}

/** A new master announces at once, once more after the configured delay, and then at each refresh. */
export function announceTakeover(draft: Draft, effects: InstanceEffect[], now: number): void {
  const { delay, repeat, refresh, extraRefresh } = draft.settings.announcements;
  push(effects, repeat);
  draft.announcing = {
    last: now,
    wonAt: now,
    second: after(delay, now),
    duel: NEVER,
    refresh: after(refresh, now),
    extra: after(extraRefresh, now),
  };
}

/**
 * A rival gave way, or is about to: until then the neighbours may have believed it. Announces now, or as soon as the spacing allows,
 * and once more after the configured delay.
 */
export function announceVictory(draft: Draft, effects: InstanceEffect[], now: number): void {
  const { announcing } = draft;
  const { lowerPriorityDelay, lowerPriorityRepeat } = draft.settings.announcements;
  if (announcing === null || lowerPriorityRepeat === 0) return;
  const earliest = announcing.last + SPACING;
  if (now < earliest) {
    draft.announcing = { ...announcing, wonAt: now, duel: Math.min(announcing.duel, earliest) };
    return;
  }
  push(effects, lowerPriorityRepeat);
  draft.announcing = { ...announcing, last: now, wonAt: now, duel: after(lowerPriorityDelay, now) };
}

/** The addresses are not the same any more: announces them at once. */
export function announceChange(draft: Draft, effects: InstanceEffect[], now: number): void {
  if (draft.announcing === null) return;
  push(effects, draft.settings.announcements.repeat);
  draft.announcing = { ...draft.announcing, last: now };
}

/** To be called whenever time has passed. */
export function announceDue(draft: Draft, effects: InstanceEffect[], now: number): void {
  const { announcing } = draft;
  if (announcing === null || now < (nextAnnouncement(announcing) ?? NEVER)) return;
  const timing = draft.settings.announcements;
  let { last, second, duel, refresh, extra } = announcing;
  let rounds = 0;
  if (now >= second) {
    rounds = timing.repeat;
    second = NEVER;
  }
  if (now >= duel) {
    rounds = Math.max(rounds, timing.lowerPriorityRepeat);
    const once = announcing.wonAt + timing.lowerPriorityDelay;
    duel = once > now ? once : NEVER;
  }
  if (now >= refresh) {
    rounds = Math.max(rounds, timing.refreshRepeat);
    refresh = after(timing.refresh, now);
  }
  if (rounds > 0) {
    push(effects, rounds);
    last = now;
  } else if (now >= extra) {
    effects.push({ kind: 'announce', rounds: 1, elsewhere: true });
  }
  if (now >= extra) extra = after(timing.extraRefresh, now);
  draft.announcing = { last, wonAt: announcing.wonAt, second, duel, refresh, extra };
}

/** New settings: a refresh that was not asked for before, or at another pace, counts from now. */
export function rescheduleRefresh(draft: Draft, before: AnnouncementTiming, now: number): void {
  const { announcing } = draft;
  const { refresh, extraRefresh } = draft.settings.announcements;
  if (announcing === null) return;
  draft.announcing = {
    ...announcing,
    refresh: refresh === before.refresh ? announcing.refresh : after(refresh, now),
    extra: extraRefresh === before.extraRefresh ? announcing.extra : after(extraRefresh, now),
  };
}

function push(effects: InstanceEffect[], rounds: number): void {
  if (rounds > 0) effects.push({ kind: 'announce', rounds, elsewhere: false });
}

/** A duration of 0 means never. */
function after(duration: number, now: number): number {
  return duration > 0 ? now + duration : NEVER;
}
