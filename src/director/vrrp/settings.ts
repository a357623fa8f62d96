// What an instance's configuration means to its state machine.
import { parseAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/config.ts';
import { OUR_DEVIATIONS } from './deviations.ts';
import type { InstanceSettings } from './instance.ts';

/**
 * `yielding`: for now a master is left in place whatever its priority.
 * Throws an Error that names the instance when it has a virtual address that is not IPv4.
 */
export function settingsOf(config: VrrpInstanceConfig, yielding: boolean): InstanceSettings {
  const { name, version, virtualRouterId, priority, advertInterval, preempt } = config;
  const addresses = config.virtualAddresses.map(({ address }) => {
    const bytes = parseAddress(address);
    if (bytes?.length !== 4) throw new Error(`vrrp_instance ${name}: ${address} is not an IPv4 address`);
    return bytes;
  });
  return {
    version,
    virtualRouterId,
    priority,
    advertInterval,
    preempt: preempt && !yielding,
    addresses,
    deviations: OUR_DEVIATIONS,
  };
}

/** True when both are the same group to other routers: an instance can go on as the other without leaving it. */
export function isSameGroup(one: VrrpInstanceConfig, other: VrrpInstanceConfig): boolean {
  return (
    one.interface === other.interface &&
    one.version === other.version &&
    one.virtualRouterId === other.virtualRouterId
  );
}
