// One Ethernet segment, 10.9.0.0/24: a bridge, and namespaces on it in which routers and clients live.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { basename } from 'node:path';
import { type Place, until } from '../director/director.ts';

export interface Station extends Place {
  /** On its interface `va`. */
  readonly address: string;
  readonly hardware: string;
}

export interface Segment {
  /** Namespace of the bridge, which is called `bridge`. */
  readonly hub: string;
  /** 10.9.0.1, 10.9.0.2 and so on. */
  readonly stations: readonly Station[];
  /** Pulls or plugs the cable between a station and the bridge. */
  setCable(station: Station, plugged: boolean): void;
}

/** A segment with `count` stations. All of it ends with the namespaces that the suite runs in. */
export function createSegment(count: number): Segment {
  const hub = addNamespace();
  ip('-n', hub, 'link', 'add', 'bridge', 'type', 'bridge', 'mcast_snooping', '0');
  ip('-n', hub, 'link', 'set', 'bridge', 'up');
  const stations = Array.from({ length: count }, (_, index) => addStation(hub, index + 1));
  return {
    hub,
    stations,
    setCable(station, plugged) {
      ip('-n', hub, 'link', 'set', station.name, plugged ? 'up' : 'down');
    },
  };
}

function addStation(hub: string, number: number): Station {
  const folder = mkdtempSync('/run/scratch/s');
  const name = basename(folder);
  const address = `10.9.0.${number}`;
  const hardware = `02:00:00:09:00:0${number}`;
  ip('netns', 'add', name);
  ip('-n', hub, 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'va', 'netns', name);
  ip('-n', hub, 'link', 'set', name, 'master', 'bridge', 'up');
  ip('-n', name, 'link', 'set', 'va', 'address', hardware);
  ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'va');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  ip('-n', name, 'link', 'set', 'va', 'up');
  return { name, far: hub, folder, address, hardware };
}

function addNamespace(): string {
  const name = basename(mkdtempSync('/run/scratch/hub'));
  ip('netns', 'add', name);
  return name;
}

/** Runs ip(8). */
export function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}

/** True when the station has the address on its interface. */
export function holds(station: Station, address: string): boolean {
  return ip('-n', station.name, '-o', 'address', 'show', 'dev', 'va').includes(` ${address}/`);
}

/** True when the station has the address, of either family, on any interface, and may use it. */
export function has({ name }: Station, address: string): boolean {
  const lines = ip('-n', name, '-o', 'address', 'show').split('\n');
  return lines.some(line => line.includes(` ${address}/`) && !/tentative|dadfailed/.test(line));
}

/** Waits until stations may use their IPv6 link-local addresses, and returns the first station's. */
export async function linkLocal(...stations: readonly Station[]): Promise<string> {
  const all = stations.map(({ name }) =>
    until(
      () => {
        const words = `-n ${name} -6 -o address show dev va scope link -tentative`.split(' ');
        return /inet6 (fe80[^/]*)/.exec(ip(...words))?.[1] ?? '';
      },
      address => address !== '',
    ),
  );
  return (await Promise.all(all))[0]!;
}

/** MAC that the station has learnt for an address, null when none. */
export function neighbour(station: Station, address: string): string | null {
  return /lladdr (\S+)/.exec(ip('-n', station.name, 'neighbour', 'show', address))?.[1] ?? null;
}

/** True when the address answers an echo request from the station. */
export function answers(station: Station, address: string): boolean {
  try {
    execFileSync('ip', ping(station, address), { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The same without holding up the other scenarios of a test. */
export function isAnswered(station: Station, address: string): Promise<boolean> {
  return new Promise(resolve => {
    execFile('ip', ping(station, address), error => resolve(error === null));
  });
}

function ping(station: Station, address: string): string[] {
  return ['netns', 'exec', station.name, 'ping', '-c', '1', '-W', '1', address];
}
