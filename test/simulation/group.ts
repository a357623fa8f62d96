// The configurations of a group of directors, drawn by chance: alike, as they should be, or not.
import { INSTANCE_DEFAULTS, MULTICAST_GROUP } from '../../src/director/config/vrrp-defaults.ts';
import { NO_DEVIATIONS } from '../../src/director/vrrp/deviations.ts';
import { type InstanceSettings, settingsOf } from '../../src/director/vrrp/settings.ts';
import { drawAuthentication } from './keys.ts';
import type { Random } from './random.ts';

const USUAL = settingsOf(
  {
    ...INSTANCE_DEFAULTS,
    name: 'web',
    version: 3,
    family: 4,
    interface: 'eth0',
    virtualRouterId: 51,
    virtualAddresses: [],
    multicastGroup: MULTICAST_GROUP[4],
  },
  false,
);

/** The settings of each director. */
export function drawGroup(random: Random): InstanceSettings[] {
  const version = random.pick([2, 3, 3] as const);
  const interval = version === 2 ? random.pick([1000, 2000]) : random.pick([10, 20, 100, 1000]);
  const count = random.pick([2, 2, 2, 3, 3, 4]);
  const isUniform = random.chance(0.7);
  const equalPriorities = random.chance(0.15);
  const preemptDelay = random.chance(0.2) ? interval * random.pick([1, 5, 20]) : 0;
  const downTimerAdverts = random.pick([3, 3, 3, 2, 5]);
  const authentication = drawAuthentication(random, version);
  // As the RFC has it, other intervals make two masters in version 2.
  const isStrict = isUniform && random.chance(0.1);
  return Array.from({ length: count }, (_, index) => ({
    ...USUAL,
    version,
    priority: equalPriorities ? 100 : random.chance(0.1) ? 255 : random.integer(1, 254),
    advertInterval: isUniform ? interval : Math.min(40_000, interval * random.pick([1, 2, 3, 10])),
    preempt: random.chance(0.7),
    preemptDelay: random.chance(0.5) ? preemptDelay : 0,
    addresses: [Uint8Array.of(10, 99, 0, isUniform ? 100 : random.integer(100, 101 + index))],
    authentication,
    checksum: random.pick(['auto', 'auto', 'rfc9568', 'keepalived'] as const),
    downTimerAdverts,
    answersLowerPriority: random.chance(0.9),
    answersHigherPriority: random.chance(0.1),
    deviations: isStrict ? NO_DEVIATIONS : USUAL.deviations,
  }));
}
