// What an instance's configuration means to its state machine and to its advertisements.
import { parseAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/vrrp-config.ts';
import type { AnnouncementTiming } from './announcement.ts';
import { type Authentication, authenticationOf } from './authentication.ts';
import type { ChecksumForm } from './checksum.ts';
import { type Deviations, NO_DEVIATIONS, OUR_DEVIATIONS } from './deviations.ts';

/** Durations are milliseconds, addresses 4 or 16 bytes. */
export interface InstanceSettings {
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly virtualRouterId: number;
  /** As configured. */
  readonly priority: number;
  readonly advertInterval: number;
  readonly preempt: boolean;
  /** How long a master of lower priority is left in office after it was first heard. */
  readonly preemptDelay: number;
  /** The virtual addresses as they stand in our advertisements. */
  readonly addresses: readonly Uint8Array[];
  /** Where each advertisement goes: to the multicast group, or to every unicast peer. */
  readonly destinations: readonly Uint8Array[];
  /** Null: multicast. */
  readonly unicast: UnicastSettings | null;
  readonly checksum: VrrpInstanceConfig['checksum'];
  readonly authentication: Authentication;
  readonly announcements: AnnouncementTiming;
  /** A master answers an advertisement of lower priority at once. */
  readonly answersLowerPriority: boolean;
  /** A master that loses says so once more. */
  readonly answersHigherPriority: boolean;
  /** Intervals of silence until a master counts as gone; the RFCs' 3. */
  readonly downTimerAdverts: number;
  /** With priority 255: other masters are not heard. */
  readonly ownerIgnoresAdverts: boolean;
  /** A member of a sync group: becomes master by order only. */
  readonly synced: boolean;
  readonly deviations: Deviations;
}

export interface UnicastSettings {
  readonly peers: readonly UnicastPeer[];
  /** Only peers may speak. */
  readonly checkSource: boolean;
}

export interface UnicastPeer {
  readonly address: Uint8Array;
  /** Which TTL or hop limit its advertisements may arrive with. */
  readonly minimumTtl: number;
  readonly maximumTtl: number;
}

/**
 * `yielding`: for now a master is left in place whatever its priority. `synced`: a member of a sync group.
 * Throws an Error that names the instance when an address in `config` is not of its family.
 */
export function settingsOf(config: VrrpInstanceConfig, yielding: boolean, synced = false): InstanceSettings {
  const bytesOf = (address: string): Uint8Array => {
    const bytes = parseAddress(address);
    if (bytes === null || bytes.length !== (config.family === 4 ? 4 : 16)) {
      throw new Error(`vrrp_instance ${config.name}: ${address} is not an IPv${config.family} address`);
    }
    return bytes;
  };
  const unicast = config.unicast && {
    peers: config.unicast.peers.map(peer => ({ ...peer, address: bytesOf(peer.address) })),
    checkSource: config.unicast.checkSource,
  };
  return {
    version: config.version,
    family: config.family,
    virtualRouterId: config.virtualRouterId,
    priority: config.priority,
    advertInterval: config.advertInterval,
    preempt: config.preempt && !yielding,
    preemptDelay: config.preemptDelay,
    addresses: config.virtualAddresses.map(({ address }) => bytesOf(address)),
    destinations: unicast?.peers.map(({ address }) => address) ?? [bytesOf(config.multicastGroup)],
    unicast,
    checksum: config.checksum,
    authentication: authenticationOf(config.authentication),
    announcements: config.announcements,
    answersLowerPriority: config.answersLowerPriority,
    answersHigherPriority: config.answersHigherPriority,
    downTimerAdverts: config.downTimerAdverts,
    ownerIgnoresAdverts: config.ownerIgnoresAdverts,
    synced,
    deviations: config.strict ? NO_DEVIATIONS : OUR_DEVIATIONS,
  };
}

/** The checksum form of the first advertisement; with `auto` the peers' form follows. */
export function firstChecksumForm({ checksum, deviations }: InstanceSettings): ChecksumForm {
  if (checksum === 'auto') return deviations.startWithPseudoHeader ? 'pseudo-header' : 'plain';
  return checksum === 'keepalived' ? 'pseudo-header' : 'plain';
}

/** True when both are the same group to other routers: an instance can go on as the other without leaving it. */
export function isSameGroup(one: VrrpInstanceConfig, other: VrrpInstanceConfig): boolean {
  return (
    one.interface === other.interface &&
    one.family === other.family &&
    one.version === other.version &&
    one.virtualRouterId === other.virtualRouterId
  );
}
