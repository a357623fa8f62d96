// A sync group: instances that are master together or not at all. Pure: the members as they are -> what each is to be told.
import type { TracksConfig } from '../config/vrrp-config.ts';
import type { VrrpInstanceStatus } from '../protocol.ts';
import type { InstanceEvent, Phase } from './instance.ts';
import { type Known, merge, type Tracking, trackingOf } from './tracking.ts';

/** A member as its group sees it. */
export interface Member {
  readonly name: string;
  readonly phase: Phase;
  readonly willing: boolean;
  /** It hears a master and leaves that one in office. */
  readonly yields: boolean;
  /** Its own reasons for FAULT, without those that it has from this group. */
  readonly ownFaults: readonly string[];
}

export interface Order {
  /** Name of the member. */
  readonly to: string;
  readonly event: Extract<InstanceEvent, { readonly kind: 'promote' | 'demote' }>;
}

/**
 * Who has to become master or to give it up. All become master when every one of them would by itself; when one has lost, the others
 * follow it. One that has not found out yet, because it has joined them just now, is waited for. A member in FAULT gives the others a
 * fault, too (`inheritedFaults`).
 */
export function ordersOf(group: string, members: readonly Member[]): Order[] {
  const masters = members.filter(({ phase }) => phase === 'MASTER');
  if (masters.length === members.length) return [];
  if (members.every(({ phase, willing }) => phase === 'MASTER' || (phase === 'BACKUP' && willing))) {
    const reason = `all of sync group ${group} can be master`;
    return members
      .filter(({ phase }) => phase !== 'MASTER')
      .map(({ name }) => ({ to: name, event: { kind: 'promote', reason } }));
  }
  const loser = members.find(({ phase, yields }) => phase === 'FAULT' || yields);
  if (loser === undefined) return [];
  const reason = `${loser.name} of sync group ${group} is not master any more`;
  return masters.map(({ name }) => ({ to: name, event: { kind: 'demote', reason } }));
}

/** What a member has to be in FAULT for because of the others. */
export function inheritedFaults(name: string, members: readonly Member[]): string[] {
  return members
    .filter(member => member.name !== name && member.ownFaults.length > 0)
    .map(member => `${member.name} of the same sync group: ${member.ownFaults.join(', ')}`);
}

/**
 * The state of the group as a whole: that of its members when they agree, FAULT when one of them is there; null while some are master
 * and others are not yet, or not any more.
 */
export function groupState(members: readonly Pick<Member, 'phase'>[]): VrrpInstanceStatus['state'] | null {
  const phases = members.map(({ phase }) => phase);
  if (phases.includes('FAULT')) return 'FAULT';
  if (phases.includes('MASTER')) return phases.every(phase => phase === 'MASTER') ? 'MASTER' : null;
  return phases.every(phase => phase === 'INITIALIZE') ? 'INITIALIZE' : 'BACKUP';
}

/**
 * What a member is adjusted by: the trackers of the group for all alike, and its own. Priorities inside a group must not drift apart,
 * or its members would lose to different routers. So weights of members' trackers count for all members with
 * `sync_group_tracking_weight`; without it, as with keepalived, they do not count, but for interfaces, whose loss is a fault.
 */
export function trackingInGroup(
  own: TracksConfig,
  group: { readonly tracks: TracksConfig; readonly trackingWeight: boolean },
  others: readonly TracksConfig[],
  known: Known,
): Tracking {
  const ofGroup = trackingOf(group.tracks, known);
  if (!group.trackingWeight) return merge([ofGroup, trackingOf(withoutWeights(own), known)]);
  const shared = others.map(tracks => ({ ...trackingOf(tracks, known), faults: [], unknown: [] }));
  return merge([ofGroup, trackingOf(own, known), ...shared]);
}

function withoutWeights(tracks: TracksConfig): TracksConfig {
  const unweighted = <T extends { readonly weight: number | null }>(list: readonly T[]) =>
    list.filter(({ weight }) => weight === null);
  return {
    interfaces: tracks.interfaces.map(each => ({ ...each, weight: null })),
    scripts: unweighted(tracks.scripts),
    files: unweighted(tracks.files),
    processes: unweighted(tracks.processes),
    services: unweighted(tracks.services),
  };
}
