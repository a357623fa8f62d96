// What an advertisement does to an instance: RFC 9568, 6.4.2 and 6.4.3, the checks of 7.1 that need to know the instance, and
// the comparison with what is configured here.
import { formatAddress } from '../address.ts';
import type { InstanceEffect, InstanceSettings } from './instance.ts';
import { compareAddresses, includesAddress } from './order.ts';
import type { Malformation, ReceivedAdvertisement } from './packet.ts';
import { skewTime } from './timers.ts';
import { advertise, announce, awaitMaster, becomeBackup, complain, count, type Draft } from './transition.ts';

export function onAdvertisement(
  draft: Draft,
  effects: InstanceEffect[],
  advertisement: ReceivedAdvertisement,
  sender: Uint8Array,
  now: number,
): void {
  if (draft.phase !== 'BACKUP' && draft.phase !== 'MASTER') return;
  const objection = objectionTo(draft, advertisement, sender);
  if (objection !== null) {
    count(draft, 'discarded');
    complain(draft, effects, objection);
    return;
  }
  count(draft, 'received');
  if (advertisement.priority === 0) count(draft, 'priorityZeroReceived');
  draft.checksumForm = advertisement.checksumForm;
  compare(draft, effects, advertisement, sender);
  if (draft.phase === 'BACKUP') asBackup(draft, advertisement, sender, now);
  else asMaster(draft, effects, advertisement, sender, now);
}

/** A message on this instance's group that failed a check. */
export function onMalformed(
  draft: Draft,
  effects: InstanceEffect[],
  malformation: Malformation,
  sender: Uint8Array,
): void {
  count(draft, 'discarded');
  complain(
    draft,
    effects,
    `advertisement from ${formatAddress(sender)} discarded: ${EXPLANATION[malformation]}`,
  );
}

const EXPLANATION: Record<Malformation, string> = {
  hops: 'its TTL is not 255, so it may come from another network',
  version: 'unknown VRRP version',
  type: 'unknown type',
  length: 'shorter than it says',
  checksum: 'wrong checksum',
  count: 'no addresses',
  interval: 'interval 0',
  authentication: 'it is authenticated, here nothing is',
};

/** Why an advertisement takes no part in the election. */
function objectionTo(draft: Draft, advertisement: ReceivedAdvertisement, sender: Uint8Array): string | null {
  const { settings, link } = draft;
  if (advertisement.version !== settings.version) {
    return discarded(sender, `VRRP version ${advertisement.version}, ours is ${settings.version}`);
  }
  if (link.address !== null && compareAddresses(sender, link.address) === 0) {
    return discarded(sender, 'our own address: another host has it too, or the network returns our packets');
  }
  if (
    settings.version === 2 &&
    !settings.deviations.acceptOtherIntervals &&
    advertisement.interval !== settings.advertInterval
  ) {
    return discarded(sender, `interval ${advertisement.interval} ms, ours is ${settings.advertInterval} ms`);
  }
  return null;
}

function discarded(sender: Uint8Array, reason: string): string {
  return `advertisement from ${formatAddress(sender)} discarded: ${reason}`;
}

function asBackup(draft: Draft, advertisement: ReceivedAdvertisement, sender: Uint8Array, now: number): void {
  const { version, priority, preempt } = draft.settings;
  if (advertisement.priority === 0) {
    draft.master = null;
    draft.timer = now + skewTime(version, priority, draft.masterInterval);
    return;
  }
  remember(draft, advertisement.priority, sender);
  const preempting = preempt || priority === 255;
  if (preempting && advertisement.priority < priority) return;
  draft.masterInterval = advertisement.interval;
  awaitMaster(draft, now);
}

function asMaster(
  draft: Draft,
  effects: InstanceEffect[],
  advertisement: ReceivedAdvertisement,
  sender: Uint8Array,
  now: number,
): void {
  const { settings, link } = draft;
  if (advertisement.priority === 0) {
    advertise(draft, effects, settings.priority);
    draft.timer = now + settings.advertInterval;
    announce(draft, effects, now);
    return;
  }
  const loses =
    advertisement.priority > settings.priority ||
    (advertisement.priority === settings.priority &&
      link.address !== null &&
      compareAddresses(sender, link.address) > 0);
  if (loses) {
    draft.masterInterval = advertisement.interval;
    remember(draft, advertisement.priority, sender);
    becomeBackup(draft, effects, `${formatAddress(sender)} has priority ${advertisement.priority}`, now);
    return;
  }
  if (settings.version === 2 && !settings.deviations.answerLosingAdvertisement) return;
  advertise(draft, effects, settings.priority);
  announce(draft, effects, now);
}

function remember(draft: Draft, priority: number, sender: Uint8Array): void {
  const { master } = draft;
  if (master !== null && master.priority === priority && compareAddresses(master.address, sender) === 0)
    return;
  draft.master = { address: sender.slice(), priority };
}

/** Differences are reported and nothing else: they must not make two masters. */
function compare(
  draft: Draft,
  effects: InstanceEffect[],
  advertisement: ReceivedAdvertisement,
  sender: Uint8Array,
): void {
  const difference = differenceFrom(draft.settings, advertisement);
  if (difference === null) draft.trouble = null;
  else complain(draft, effects, `${formatAddress(sender)} ${difference}`);
}

function differenceFrom(settings: InstanceSettings, advertisement: ReceivedAdvertisement): string | null {
  if (settings.priority === 255 && advertisement.priority === 255) {
    return 'has priority 255 too: only one router can own the addresses';
  }
  if (advertisement.interval !== settings.advertInterval) {
    return `advertises every ${advertisement.interval} ms, here ${settings.advertInterval} ms are configured`;
  }
  if (!sameAddresses(settings.addresses, advertisement.addresses)) {
    return `has other virtual addresses: ${advertisement.addresses.map(formatAddress).join(' ')}`;
  }
  return null;
}

function sameAddresses(ours: readonly Uint8Array[], theirs: readonly Uint8Array[]): boolean {
  if (ours.length !== theirs.length) return false;
  return theirs.every(address => includesAddress(ours, address));
}
