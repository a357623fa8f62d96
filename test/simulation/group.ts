// The configurations of a group of directors, drawn by chance: alike, as they should be, or not.
import type { VrrpInstanceConfig } from '../../src/director/config/config.ts';
import type { SyncGroupConfig, VirtualAddressConfig } from '../../src/director/config/vrrp-config.ts';
import {
  INSTANCE_DEFAULTS,
  MULTICAST_GROUP,
  NO_NOTIFICATIONS,
  NO_TRACKS,
} from '../../src/director/config/vrrp-defaults.ts';
import { drawAuthentication } from './keys.ts';
import type { Random } from './random.ts';
import { tracks } from './trackers.ts';

/** What one director is configured with. */
export interface Plan {
  /** For each segment. */
  readonly instances: readonly VrrpInstanceConfig[];
  readonly group: SyncGroupConfig | null;
}

/** Hundredths of a second in 12 bits, as milliseconds. */
export const LONGEST_INTERVAL = 40_950;

const USUAL = {
  ...INSTANCE_DEFAULTS,
  interface: 'eth0',
  virtualRouterId: 51,
  addresses: [],
} as const;

/** The plan of each director. */
export function drawGroup(random: Random): Plan[] {
  const version = random.pick([2, 3, 3] as const);
  const family = random.pick(version === 3 ? ([4, 4, 6] as const) : ([4] as const));
  const interval = version === 2 ? random.pick([1000, 2000]) : random.pick([10, 20, 100, 1000]);
  const count = random.pick([2, 2, 2, 3, 3, 4]);
  const segments = random.chance(0.25) ? 2 : 1;
  const isUniform = random.chance(0.7);
  // As RFC 3768 has it, other intervals make two masters.
  const strict = isUniform && random.chance(0.1);
  const equalPriorities = random.chance(0.15);
  const preemptDelay = random.chance(0.2) ? interval * random.pick([1, 5, 20]) : 0;
  const downTimerAdverts = random.pick([3, 3, 3, 2, 5]);
  const authentication = drawAuthentication(random, version);
  const isUnicast = random.chance(0.15);
  return Array.from({ length: count }, (_, index) => {
    const director = {
      priority: equalPriorities ? 100 : random.chance(0.1) ? 255 : random.integer(1, 254),
      preempt: random.chance(0.7),
      preemptDelay: random.chance(0.5) ? preemptDelay : 0,
      checksum: random.pick(['auto', 'auto', 'rfc9568', 'keepalived'] as const),
      answersLowerPriority: random.chance(0.9),
      answersHigherPriority: random.chance(0.1),
    };
    const weight = random.pick([-253, -60, -5, 5, 60, 253]);
    const instances = Array.from({ length: segments }, (_, segment) => ({
      ...USUAL,
      ...director,
      name: `segment${segment}`,
      version,
      family,
      multicastGroup: MULTICAST_GROUP[family],
      advertInterval: isUniform
        ? interval
        : Math.min(LONGEST_INTERVAL, interval * random.pick([1, 2, 3, 10])),
      virtualAddresses: [virtualAddress(family, isUniform ? 100 : random.integer(100, 101 + index))],
      downTimerAdverts,
      authentication,
      strict,
      unicast: isUnicast ? unicast(family, count, index) : null,
      tracks: segments === 1 ? tracks(weight) : NO_TRACKS,
    }));
    return { instances, group: segments === 1 ? null : syncGroup(segments, weight) };
  });
}

function syncGroup(segments: number, weight: number): SyncGroupConfig {
  return {
    name: 'both',
    members: Array.from({ length: segments }, (_, segment) => `segment${segment}`),
    tracks: tracks(weight),
    trackingWeight: false,
    notify: NO_NOTIFICATIONS,
  };
}

/** Of a node's interface, as text: 10.99.0.x or fe80::x, x being its index and 1. */
export function addressOf(family: 4 | 6, index: number): string {
  return family === 4 ? `10.99.0.${index + 1}` : `fe80::${index + 1}`;
}

export function virtualAddress(family: 4 | 6, number: number): VirtualAddressConfig {
  const address = family === 4 ? `10.99.0.${number}` : `fe80::${number}`;
  const prefix = family === 4 ? 32 : 128;
  return { address, prefix, interface: 'eth0', label: null, broadcast: null, scope: null, tracked: true };
}

function unicast(family: 4 | 6, count: number, own: number): VrrpInstanceConfig['unicast'] {
  const others = Array.from({ length: count }, (_, index) => index).filter(index => index !== own);
  const peers = others.map(index => ({ address: addressOf(family, index), minimumTtl: 0, maximumTtl: 255 }));
  return { peers, ttl: 255, checkSource: true };
}
