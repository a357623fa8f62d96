// A second master of the group: a router that goes on advertising while this one is master. Neither gives way, mostly because one
// does not hear or not believe the other; so the likely cause is told, because both sides have to be looked at.
import { formatAddress } from '../address.ts';
import { hasSameAddresses } from './comparison.ts';
import type { InstanceEffect } from './instance.ts';
import { compareAddresses } from './order.ts';
import type { Malformation, ReceivedAdvertisement } from './packet.ts';
import type { Draft } from './transition.ts';

/** Somebody who may be a second master, or is one. */
export interface Rival {
  readonly address: Uint8Array;
  /** Since when it has been heard, and when last. */
  readonly first: number;
  readonly last: number;
  readonly heard: number;
  /** Milliseconds between its advertisements, as far as they say so. */
  readonly interval: number;
}

/** A duel that the timers explain is over sooner. */
const ADVERTISEMENTS = 3;
const INTERVALS = 2;
/** Intervals of silence after which it is gone. */
const SILENCE = 3;

/** An advertisement of `sender` did not make this master yield: with a priority that is not 0 it is a sign of a second one. */
export function suspect(
  draft: Draft,
  effects: InstanceEffect[],
  sender: Uint8Array,
  priority: number,
  interval: number,
  cause: string,
  now: number,
): void {
  const { phase, rival } = draft;
  if (phase !== 'MASTER' || priority === 0) return;
  if (rival === null || compareAddresses(rival.address, sender) !== 0) {
    // One at a time: the first is watched until it is silent.
    if (rival === null) draft.rival = { address: sender.slice(), first: now, last: now, heard: 1, interval };
    return;
  }
  const heard = rival.heard + 1;
  draft.rival = { ...rival, last: now, heard, interval };
  if (heard < ADVERTISEMENTS || now - rival.first < INTERVALS * interval) return;
  const { duplicate } = draft;
  if (duplicate?.cause === cause && duplicate.priority === priority) return;
  const address = formatAddress(sender);
  draft.duplicate = { address, priority, cause };
  if (duplicate !== null) return;
  const text = `${address} is master too, with priority ${priority}: ${cause}`;
  effects.push({ kind: 'alarm', text });
}

/** To be called whenever time has passed: a rival that is silent is none. */
export function forgetSilentRival(draft: Draft, effects: InstanceEffect[], now: number): void {
  const { rival, duplicate } = draft;
  if (rival === null || now - rival.last <= SILENCE * rival.interval) return;
  draft.rival = null;
  draft.duplicate = null;
  if (duplicate === null) return;
  effects.push({ kind: 'report', severity: 'info', text: `${duplicate.address} is not heard any more` });
}

/** Why a router whose advertisements are in order does not yield to one that has the higher priority. */
export function causeOfDefiance(draft: Draft, theirs: ReceivedAdvertisement): string {
  const { settings, checksumForm } = draft;
  if (!hasSameAddresses(draft, theirs.addresses)) {
    return 'its virtual addresses differ from ours, and it may discard our advertisements for that, as keepalived does';
  }
  if (settings.version === 2 && theirs.interval !== settings.advertInterval) {
    return 'its interval differs from ours, and by RFC 3768 it discards our advertisements for that';
  }
  if (settings.version === 3 && theirs.checksumForm !== checksumForm) {
    return `it may discard our checksum, which is ${FORM[checksumForm]} while its own is ${FORM[theirs.checksumForm]} (vrrp_checksum)`;
  }
  return 'it does not hear us (a link that works one way, a filter, unicast_peer) or discards what we send (keys, TTL)';
}

const FORM = { plain: "the RFC's", 'pseudo-header': "keepalived's" } as const;

/** Why its advertisements are not believed here; null for what no router sends. */
export const CAUSE_OF_DISBELIEF: Record<Malformation, string | null> = {
  hops: 'its advertisements come with a TTL that is not accepted here',
  source: 'it is not among the unicast peers that are configured here',
  version: null,
  type: null,
  length: null,
  checksum: 'its checksums are wrong, in every form',
  count: 'it has no virtual addresses',
  interval: 'it advertises interval 0',
  authentication: 'its auth_type differs from ours',
  password: 'its auth_pass differs from ours',
  unsigned: 'it does not sign, which auth_hmac wants here',
  trailer: 'it signs in a way that is not known here',
  key: 'it signs with a key that is not known here (auth_hmac)',
  signature: 'its key differs from ours (auth_hmac)',
  stale: 'its clock and ours differ by more than time_window',
  replay: 'its clock was set back, or somebody repeats its advertisements',
};
