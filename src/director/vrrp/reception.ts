// What an advertisement does to an instance: RFC 9568, 6.4.2 and 6.4.3, and the checks of 7.1 that need to know the instance.
import { formatAddress } from '../address.ts';
import { announceVictory } from './announcement.ts';
import { raiseMark } from './authentication.ts';
import { compare } from './comparison.ts';
import { complain, count } from './complaint.ts';
import { CAUSE_OF_DISBELIEF, causeOfDefiance, suspect } from './duplicates.ts';
import type { AdvertisementEvent, InstanceEffect, MalformedEvent } from './instance.ts';
import { compareAddresses } from './order.ts';
import type { Malformation, ReceivedAdvertisement } from './packet.ts';
import { OWNER } from './priority.ts';
import { skewTime } from './timers.ts';
import { advertise, awaitMaster, becomeBackup, type Draft } from './transition.ts';

/** Intervals after which a sender that was not heard begins anew: by then somebody else is master. */
const CONVERSATION = 4;

export function onAdvertisement(
  draft: Draft,
  effects: InstanceEffect[],
  event: AdvertisementEvent,
  now: number,
): void {
  const { advertisement, sender, signature } = event;
  if (signature !== null) {
    const until = now + CONVERSATION * advertisement.interval;
    draft.marks = raiseMark(draft.marks, { address: sender, sequence: signature.sequence, until });
  }
  if (draft.phase !== 'BACKUP' && draft.phase !== 'MASTER') return;
  const objection = objectionTo(draft, advertisement, sender);
  if (objection !== null) {
    discard(draft, effects, sender, objection, now);
    const { priority, interval } = advertisement;
    if (!isOwnAddress(draft, sender)) suspect(draft, effects, sender, priority, interval, objection, now);
    return;
  }
  count(draft, 'received');
  if (advertisement.priority === 0) count(draft, 'priorityZeroReceived');
  if (draft.settings.checksum === 'auto') draft.checksumForm = advertisement.checksumForm;
  compare(draft, effects, event, now);
  if (draft.phase === 'BACKUP') asBackup(draft, advertisement, sender, now);
  else asMaster(draft, effects, advertisement, sender, now);
}

/** A message on this instance's group that failed a check. */
export function onMalformed(
  draft: Draft,
  effects: InstanceEffect[],
  { malformation, sender, priority, interval }: MalformedEvent,
  now: number,
): void {
  discard(draft, effects, sender, EXPLANATION[malformation], now);
  const cause = CAUSE_OF_DISBELIEF[malformation];
  if (cause === null || isOwnAddress(draft, sender)) return;
  suspect(draft, effects, sender, priority, interval || draft.settings.advertInterval, cause, now);
}

function discard(
  draft: Draft,
  effects: InstanceEffect[],
  sender: Uint8Array,
  reason: string,
  now: number,
): void {
  count(draft, 'discarded');
  complain(draft, effects, `advertisement from ${formatAddress(sender)} discarded: ${reason}`, now);
}

function isOwnAddress({ link }: Draft, sender: Uint8Array): boolean {
  return link.address !== null && compareAddresses(sender, link.address) === 0;
}

const EXPLANATION: Record<Malformation, string> = {
  hops: 'its TTL is not 255, so it may come from another network',
  source: 'it is not one of the unicast peers',
  version: 'unknown VRRP version',
  type: 'unknown type',
  length: 'shorter than it says',
  checksum: 'wrong checksum',
  count: 'no addresses',
  interval: 'interval 0',
  authentication: 'it is authenticated in another way than ours are (auth_type)',
  password: 'wrong password (auth_pass)',
  unsigned: 'it is not signed (auth_hmac)',
  trailer: 'it is signed in an unknown way (auth_hmac)',
  key: 'it is signed with a key that is not known here (auth_hmac)',
  signature: 'wrong signature: another key under the same number, or a forgery (auth_hmac)',
  stale: 'signed too long ago or in the future: clocks differ, or it is a repetition (time_window)',
  replay: 'a repetition: its sequence has been heard before',
};

/** Why an advertisement takes no part in the election; null when it does. */
function objectionTo(draft: Draft, advertisement: ReceivedAdvertisement, sender: Uint8Array): string | null {
  const { settings } = draft;
  if (settings.priority === OWNER && settings.ownerIgnoresAdverts) {
    return 'as the owner of the addresses this router listens to nobody';
  }
  if (advertisement.version !== settings.version) {
    return `VRRP version ${advertisement.version}, ours is ${settings.version}`;
  }
  if (isOwnAddress(draft, sender)) {
    return 'our own address: another host has it too, or the network returns our packets';
  }
  if (
    settings.version === 2 &&
    !settings.deviations.acceptOtherIntervals &&
    advertisement.interval !== settings.advertInterval
  ) {
    return `interval ${advertisement.interval} ms, ours is ${settings.advertInterval} ms`;
  }
  return null;
}

function asBackup(draft: Draft, advertisement: ReceivedAdvertisement, sender: Uint8Array, now: number): void {
  const { settings, priority } = draft;
  if (advertisement.priority === 0) {
    draft.master = null;
    draft.timer = now + skewTime(settings.version, priority, draft.masterInterval);
    return;
  }
  remember(draft, advertisement.priority, sender);
  if (advertisement.priority >= priority) draft.preemptAt = null;
  else if (preempts(draft, now)) return;
  draft.masterInterval = advertisement.interval;
  awaitMaster(draft, now);
}

/** Whether a master of lower priority is not waited for (any more). An owner always preempts (RFC 9568, 6.1). */
function preempts(draft: Draft, now: number): boolean {
  const { preempt, preemptDelay, priority } = draft.settings;
  if (priority === OWNER) return true;
  if (!preempt) return false;
  draft.preemptAt ??= now + preemptDelay;
  return now >= draft.preemptAt;
}

function asMaster(
  draft: Draft,
  effects: InstanceEffect[],
  advertisement: ReceivedAdvertisement,
  sender: Uint8Array,
  now: number,
): void {
  const { settings } = draft;
  if (advertisement.priority === 0) {
    advertise(draft, effects, draft.priority);
    draft.timer = now + settings.advertInterval;
    announceVictory(draft, effects, now);
  } else if (loses(draft, advertisement.priority, sender)) {
    if (settings.answersHigherPriority) advertise(draft, effects, draft.priority);
    complainOfFlapping(draft, effects, sender, now);
    draft.masterInterval = advertisement.interval;
    remember(draft, advertisement.priority, sender);
    becomeBackup(draft, effects, `${formatAddress(sender)} has priority ${advertisement.priority}`, now);
  } else {
    const answers = settings.version === 3 || settings.deviations.answerLosingAdvertisement;
    if (answers && settings.answersLowerPriority) advertise(draft, effects, draft.priority);
    announceVictory(draft, effects, now);
    const { priority, interval } = advertisement;
    suspect(draft, effects, sender, priority, interval, causeOfDefiance(draft, advertisement), now);
  }
}

/** RFC 9568, 2.5: at short intervals a router that is too slow to hear takes over from a master that was there all the time. */
function complainOfFlapping(draft: Draft, effects: InstanceEffect[], sender: Uint8Array, now: number): void {
  const { predecessor, since, settings } = draft;
  if (predecessor === null || compareAddresses(predecessor, sender) !== 0) return;
  if (now - since > settings.downTimerAdverts * settings.advertInterval) return;
  const text = `${formatAddress(sender)} was master all the time: its advertisements are lost, or heard too late for advert_int`;
  complain(draft, effects, text, now);
}

/** RFC 9568, 6.4.3: the higher priority wins, and among equals the greater address. */
function loses({ priority, link }: Draft, theirs: number, sender: Uint8Array): boolean {
  if (theirs !== priority) return theirs > priority;
  return link.address !== null && compareAddresses(sender, link.address) > 0;
}

function remember(draft: Draft, priority: number, sender: Uint8Array): void {
  const { master } = draft;
  if (master !== null && master.priority === priority && compareAddresses(master.address, sender) === 0)
    return;
  draft.master = { address: sender.slice(), priority };
}
