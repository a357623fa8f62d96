// Which trackers a configuration asks for: those that some instance or sync group names. The others are not looked at.
import type { Config } from '../config/config.ts';
import type { TracksConfig } from '../config/vrrp-config.ts';
import { serviceId } from '../ipvs/table.ts';
import { HEAT_TRACKER, type TrackReport } from '../protocol.ts';

/** A tracker by kind and name, in one word. */
export function trackerId({ kind, name }: Pick<TrackReport, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** The ids of all trackers that count. */
export function trackedBy({ vrrp, vrrpInstances }: Config): Set<string> {
  return new Set([...vrrpInstances, ...vrrp.syncGroups].flatMap(({ tracks }) => idsOf(tracks)));
}

function idsOf({ scripts, files, processes, services, heat }: TracksConfig): string[] {
  return [
    ...scripts.map(({ name }) => trackerId({ kind: 'script', name })),
    ...files.map(({ name }) => trackerId({ kind: 'file', name })),
    ...processes.map(({ name }) => trackerId({ kind: 'process', name })),
    ...services.map(({ key }) => trackerId({ kind: 'service', name: serviceId(key) })),
    ...(heat === undefined ? [] : [trackerId({ kind: 'heat', name: HEAT_TRACKER })]),
  ];
}
