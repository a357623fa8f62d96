// A configuration that the director and keepalived both understand.
import type { Timers } from './timers.ts';

/** One VRRP instance for each address, with virtual router ids from 1 up. */
export function instances(timers: Timers, priority: number, addresses: readonly string[]): string {
  return addresses
    .map(
      (address, index) => `
vrrp_instance group${index + 1} {
  state BACKUP
  interface port
  virtual_router_id ${index + 1}
  priority ${priority}
  version ${timers.version}
  advert_int ${timers.interval / 1000}
  virtual_ipaddress {
    ${address}
  }
}
`,
    )
    .join('');
}
