// From the lines of track blocks to what is tracked: names are looked up, weights taken from the trackers, nonsense told.
import type { ServiceKey, VirtualServerConfig } from './config.ts';
import { nearest } from './nearest.ts';
import { placeOf, type Reading } from './reading.ts';
import { serviceWords, type TrackLine, type TrackServiceLine, type TrackValues } from './track.ts';
import type { Tracker } from './track-script.ts';
import type { Statement } from './tree.ts';
import type { Located } from './vocabulary.ts';
import type {
  TrackConfig,
  TrackFileConfig,
  TrackProcessConfig,
  TrackScriptConfig,
  TracksConfig,
} from './vrrp-config.ts';
import type { Weight } from './weight.ts';

/** All that can be tracked by name. */
export interface Trackers {
  readonly scripts: readonly Located<Tracker<TrackScriptConfig>>[];
  readonly files: readonly Located<Tracker<TrackFileConfig>>[];
  readonly processes: readonly Located<Tracker<TrackProcessConfig>>[];
  readonly services: readonly Located<VirtualServerConfig>[];
}

/** Whoever tracks. */
export interface Follower {
  /** Null for a sync group. */
  readonly priority: number | null;
  /** A member of a sync group whose priorities must not differ: keepalived takes weights for 0, and so does this. */
  readonly isLevel: boolean;
}

/** What the blocks of an instance or a group mean. */
export function resolveTracks(
  values: TrackValues,
  trackers: Trackers,
  follower: Follower,
  reading: Reading,
): TracksConfig {
  const resolve = (
    what: string,
    listed: readonly Located<TrackLine>[] | undefined,
    known: readonly Located<Tracker<{ readonly name: string }>>[] | null,
  ) => resolveNamed(what, listed ?? [], known, follower, reading);
  return {
    interfaces: resolve('interface', values.track_interface?.flat(), null),
    scripts: resolve('vrrp_script', values.track_script?.flat(), trackers.scripts),
    files: resolve('track_file', values.track_file?.flat(), trackers.files),
    processes: resolve('vrrp_track_process', values.track_process?.flat(), trackers.processes),
    services: resolveServices(values.track_service?.flat() ?? [], trackers.services, follower, reading),
  };
}

const FAULT: Weight = { weight: 0, reverse: false };

function resolveNamed(
  what: string,
  listed: readonly Located<TrackLine>[],
  known: readonly Located<Tracker<{ readonly name: string }>>[] | null,
  follower: Follower,
  reading: Reading,
): TrackConfig[] {
  const found = new Map<string, TrackConfig>();
  for (const { value: line, statement } of listed) {
    const tracker = known?.find(each => each.value.config.name === line.name);
    if (known !== null && tracker === undefined) {
      const likely = nearest(
        line.name,
        known.map(each => each.value.config.name),
      );
      const advice = likely === null ? `add ${what} ${line.name} { ... }` : `did you mean ${likely}?`;
      reading.error(statement, 0, `there is no ${what} ${line.name}`, advice);
    } else if (found.has(line.name)) {
      reading.warning(statement, 0, `${line.name} is listed twice`, 'the first one counts: delete this line');
    } else {
      const weight = decideWeight(line, tracker?.value.weight ?? FAULT, statement, follower, reading);
      found.set(line.name, { name: line.name, ...weight });
    }
  }
  return [...found.values()];
}

function decideWeight(
  line: TrackLine | TrackServiceLine,
  own: Weight,
  statement: Statement,
  follower: Follower,
  reading: Reading,
): { readonly weight: number | null; readonly reverse: boolean } {
  const weight = line.weight ?? own.weight;
  const reverse = line.reverse ?? own.reverse;
  if (weight === 0) return { weight: null, reverse };
  if (follower.isLevel) {
    const message = 'a weight has no effect in a sync group without sync_group_tracking_weight';
    const advice = 'write weight 0: FAULT while it is down, or track it in the vrrp_sync_group';
    reading.warning(statement, line.word, message, advice);
    return { weight: null, reverse };
  }
  const { priority } = follower;
  const isUseless =
    priority === 255 ||
    (priority === 254 && weight > 0 && !reverse) ||
    (priority === 1 && weight < 0 && !reverse);
  if (isUseless) {
    const message = `a weight of ${weight} never changes priority ${priority}`;
    reading.warning(statement, line.word, message, 'the priority stays from 1 to 254, and 255 is the owner');
  }
  return { weight, reverse };
}

function resolveServices(
  listed: readonly Located<TrackServiceLine>[],
  services: readonly Located<VirtualServerConfig>[],
  follower: Follower,
  reading: Reading,
): TracksConfig['services'] {
  return listed.flatMap(({ value: line, statement }) => {
    const meant = services.filter(({ value }) =>
      (value.group?.keys ?? [value.key]).some(key => isMeant(line.service, key)),
    );
    // A group is told of by its first key.
    const key = meant[0]?.value.key;
    if (key === undefined || meant.length > 1) {
      const known = services.map(each => serviceWords(each.value.key)).slice(0, 10);
      const message =
        key === undefined
          ? `there is no virtual_server ${serviceWords(line.service)}`
          : `there are several virtual servers ${serviceWords(line.service)}`;
      const advice = known.length === 0 ? 'add it' : `there are ${known.join(', ')}`;
      reading.error(statement, 0, message, advice);
      return [];
    }
    return [{ key, ...decideWeight(line, FAULT, statement, follower, reading) }];
  });
}

function isMeant(service: TrackServiceLine['service'], key: ServiceKey): boolean {
  if ('mark' in service) {
    const isFamily = key.kind === 'fwmark' && (service.family === null || key.family === service.family);
    return key.kind === 'fwmark' && key.mark === service.mark && isFamily;
  }
  return (
    key.kind === 'address' &&
    key.address === service.address &&
    key.port === service.port &&
    (service.protocol === null || key.protocol === service.protocol)
  );
}

/** Names are unique, and each tracker has somebody who follows it. */
export function checkTrackers(
  what: string,
  trackers: readonly Located<Tracker<{ readonly name: string }>>[],
  followed: ReadonlySet<string>,
  reading: Reading,
): void {
  const names = new Set<string>();
  for (const { value, statement } of trackers) {
    const { name } = value.config;
    if (names.has(name)) {
      reading.error(statement, 1, `${what} ${name} is here a second time`, 'give it a name of its own');
    } else if (!followed.has(name)) {
      const advice = 'name it in a track block of an instance or a sync group, or delete it';
      reading.warning(placeOf(statement), 1, `nothing tracks ${name}`, advice);
    }
    names.add(name);
  }
}
