// Where the virtual addresses of an instance belong, the advertised and the excluded ones, as its configuration says it.
import { parseAddress } from '../address.ts';
import type { VirtualAddressConfig, VrrpInstanceConfig } from '../config/vrrp-config.ts';
import type { VirtualAddress } from './virtual-addresses.ts';
import { virtualMacName } from './virtual-mac.ts';

export interface VirtualPlace {
  /** Name of the interface that it is set on. */
  readonly interface: string;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly config: VirtualAddressConfig;
}

/** With `use_vmac` those of the instance's own interface are on that of the virtual MAC. */
export function virtualPlaces(instance: VrrpInstanceConfig): VirtualPlace[] {
  const vmac = virtualMacName(instance);
  return [...instance.virtualAddresses, ...instance.excludedAddresses].map(config => ({
    interface: config.interface === instance.interface ? (vmac ?? config.interface) : config.interface,
    address: parseAddress(config.address)!,
    config,
  }));
}

/** `index`: of its interface. */
export function virtualAddressOf({ address, config }: VirtualPlace, index: number): VirtualAddress {
  const { prefix, label, broadcast, scope } = config;
  return {
    interface: index,
    address,
    prefix,
    ...(label !== null && { label }),
    ...(broadcast !== null && { broadcast: parseAddress(broadcast)! }),
    ...(scope !== null && { scope }),
  };
}
