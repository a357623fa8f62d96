// The way that an instance's advertisements travel: instances with the same one share a socket that hears them.
import { parseAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/vrrp-config.ts';

export interface Way {
  /** The same for equal ways. */
  readonly key: string;
  /** Name. */
  readonly interface: string;
  readonly family: 4 | 6;
  /** The multicast group; null: unicast. */
  readonly group: Uint8Array | null;
}

export function wayOf({ interface: name, family, unicast, multicastGroup }: VrrpInstanceConfig): Way {
  const group = unicast === null ? multicastGroup : null;
  return {
    key: `${name} ${family} ${group ?? 'unicast'}`,
    interface: name,
    family,
    group: group === null ? null : parseAddress(group),
  };
}
