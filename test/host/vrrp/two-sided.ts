// Routers between two segments: outside on `va` in 10.9.0.0/24, inside on `vi` in 10.8.0.0/24, with one group on each.
import { basename } from 'node:path';
import { until } from '../director/director.ts';
import { createSegment, ip, type Segment, type Station } from './segment.ts';

/** Virtual addresses of the two groups. */
export const OUTSIDE = '10.9.0.100';
export const INSIDE = '10.8.0.100';

export interface TwoSided extends Segment {
  /** Pulls or plugs the cable of a station's `vi`. */
  setInnerCable(station: Station, plugged: boolean): void;
}

/** A segment whose stations have a second one, 10.8.0.N, on `vi`. */
export function createTwoSided(count: number): TwoSided {
  const segment = createSegment(count);
  const { hub } = segment;
  ip('-n', hub, 'link', 'add', 'inner', 'type', 'bridge', 'mcast_snooping', '0');
  ip('-n', hub, 'link', 'set', 'inner', 'up');
  for (const [index, station] of segment.stations.entries()) addInnerLeg(hub, station, index + 1);
  return {
    ...segment,
    setInnerCable(station, plugged) {
      ip('-n', hub, 'link', 'set', innerName(station), plugged ? 'up' : 'down');
    },
  };
}

function addInnerLeg(hub: string, station: Station, number: number): void {
  const outer = innerName(station);
  ip('-n', hub, 'link', 'add', outer, 'type', 'veth', 'peer', 'name', 'vi', 'netns', station.name);
  ip('-n', hub, 'link', 'set', outer, 'master', 'inner', 'up');
  ip('-n', station.name, 'address', 'add', `10.8.0.${number}/24`, 'dev', 'vi');
  ip('-n', station.name, 'link', 'set', 'vi', 'up');
}

function innerName({ name }: Station): string {
  return `i-${basename(name)}`;
}

export interface TwoGroups {
  readonly priority: number;
  /** Further lines of `vrrp_instance outside`, and of both. */
  readonly outside?: string;
  readonly both?: string;
  /** Without it there is no sync group. */
  readonly syncGroup?: string;
}

/** Two instances of version 3 at 0.2 s, in keepalived's language. */
export function twoGroups({ priority, outside = '', both = '', syncGroup }: TwoGroups): string {
  const group = `vrrp_sync_group sides {
  group {
    outside
    inside
  }
  ${syncGroup}
}`;
  return `
${syncGroup === undefined ? '' : group}
${side('outside', 'va', 51, priority, OUTSIDE, `${both}\n  ${outside}`)}
${side('inside', 'vi', 52, priority, INSIDE, both)}
`;
}

/** One instance. */
export function side(
  name: string,
  device: string,
  id: number,
  priority: number,
  vip: string,
  more: string,
): string {
  return `vrrp_instance ${name} {
  state BACKUP
  interface ${device}
  virtual_router_id ${id}
  priority ${priority}
  version 3
  advert_int 0.2
  virtual_ipaddress {
    ${vip}
  }
  ${more}
}`;
}

/** A line of its own for each, as keepalived reads blocks. */
export function trackInterface(line: string): string {
  return `track_interface {
    ${line}
  }`;
}

/** The virtual addresses that a station has, on whatever interface. */
export function virtuals(station: Station): string[] {
  const text = ip('-n', station.name, '-4', '-o', 'address', 'show');
  return [OUTSIDE, INSIDE].filter(address => text.includes(` ${address}/`));
}

/** Waits until a station has exactly these virtual addresses. */
export async function has(station: Station, ...addresses: readonly string[]): Promise<void> {
  await until(
    () => virtuals(station),
    held => held.length === addresses.length && addresses.every(address => held.includes(address)),
  );
}
