// The network devices of a real server on Linux.
import { familyOf } from '../address.ts';
import type { Duty, TunnelDuty } from './duty.ts';

export interface TunnelDevice {
  readonly name: string;
  /** The kernel module that brings it; null: it is made by the command. */
  readonly module: string | null;
  readonly make: string | null;
}

/** The device that decapsulates. What it is called, and whether it must be made first. */
export function tunnelDevice(own: string, { address, type, hasChecksum }: TunnelDuty): TunnelDevice {
  const outer = familyOf(own);
  const inner = familyOf(address);
  if (type === 'gre') {
    const name = `lvs-gre${outer}`;
    const kind = outer === 4 ? 'gre' : 'ip6gre';
    return {
      name,
      module: null,
      make: `ip link add ${name} type ${kind} local ${own}${hasChecksum ? ' icsum' : ''}`,
    };
  }
  if (outer === 4) {
    return inner === 4
      ? { name: 'tunl0', module: 'ipip', make: null }
      : { name: 'sit0', module: 'sit', make: null };
  }
  return inner === 6
    ? { name: 'ip6tnl0', module: 'ip6_tunnel', make: null }
    : {
        name: 'lvs-tnl6',
        module: null,
        make: `ip link add lvs-tnl6 type ip6tnl mode ipip6 local ${own} remote ::`,
      };
}

/** Where the host has each virtual address. */
export function homesOf({ address: own, direct, tunnels }: Duty): ReadonlyMap<string, readonly string[]> {
  const homes = new Map<string, string[]>();
  const add = (address: string, name: string) => {
    const known = homes.get(address) ?? [];
    if (!known.includes(name)) homes.set(address, [...known, name]);
  };
  for (const address of direct) add(address, 'lo');
  for (const tunnel of tunnels) add(tunnel.address, tunnelDevice(own, tunnel).name);
  return homes;
}

/** Prints the interface that has the address. */
export function interfaceOf(address: string): string {
  return `ip -o -${familyOf(address)} address show to ${address} | sed -n '1s/^[0-9]*: *\\([^ ]*\\) .*/\\1/p'`;
}
