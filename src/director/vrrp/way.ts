// The way that an instance's advertisements travel: instances with the same one share a socket that hears them.
import { parseAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/vrrp-config.ts';
import { virtualMacName } from './virtual-mac.ts';

export interface Way {
  /** The same for equal ways. */
  readonly key: string;
  /** Name. */
  readonly interface: string;
  readonly family: 4 | 6;
  /** The multicast group; null: unicast. */
  readonly group: Uint8Array | null;
}

export function wayOf(config: VrrpInstanceConfig): Way {
  return wayOver(config.interface, config);
}

/**
 * With a virtual MAC, while its interface is up: the kernel hands it, and not the interface below, what another router sends from the
 * same MAC. Null without one, and by unicast.
 */
export function virtualWayOf(config: VrrpInstanceConfig): Way | null {
  const name = virtualMacName(config);
  return name === null || config.unicast !== null ? null : wayOver(name, config);
}

function wayOver(name: string, { family, unicast, multicastGroup }: VrrpInstanceConfig): Way {
  const group = unicast === null ? multicastGroup : null;
  return {
    key: `${name} ${family} ${group ?? 'unicast'}`,
    interface: name,
    family,
    group: group === null ? null : parseAddress(group),
  };
}
