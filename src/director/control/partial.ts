// A configuration put in force in part, as `director apply --only` asks: some kinds of its differences, and not the others.
import type { CheckConfig, Config, RealServerConfig, VirtualServerConfig } from '../config/config.ts';
import { destinationId, keysOf, serviceId, serviceName } from '../ipvs/table.ts';
import type { Running } from './running.ts';

/**
 * Kinds of differences: virtual services and real servers that are new, weights of real servers, other settings of services and
 * servers, services and servers that are gone, and all that is no virtual service.
 */
export const KINDS = ['add', 'weight', 'change', 'delete', 'rest'] as const;
export type Kind = (typeof KINDS)[number];

/** console -> control: command `apply`. */
export interface ApplyDemand {
  /** Null: the director reads its own file. */
  readonly given: Running | null;
  readonly only: readonly Kind[];
  /** Nothing is changed: what would be is the answer. */
  readonly dry: boolean;
}

/**
 * What is in force with those of `next`'s differences that are wanted. Throws an Error when nothing is in force, and when two
 * services would have one address.
 */
export function partOf(present: Config | undefined, next: Config, only: readonly Kind[]): Config {
  if (present === undefined) throw new Error('nothing is in force yet of which a part could change');
  const virtualServers = mergeServices(present.virtualServers, next.virtualServers, new Set(only));
  checkKeys(virtualServers);
  return { ...(only.includes('rest') ? next : present), virtualServers };
}

function mergeServices(
  present: readonly VirtualServerConfig[],
  next: readonly VirtualServerConfig[],
  only: ReadonlySet<Kind>,
): VirtualServerConfig[] {
  return merge(present, next, serviceName, only, (before, after) => ({
    ...(only.has('change') ? after : before),
    realServers: merge(before.realServers, after.realServers, destinationId, only, (old, server) => {
      const base = only.has('change') ? server : old;
      return withWeight(base, (only.has('weight') ? server : old).weight);
    }),
  }));
}

/** In the order of `next`; what only `present` has follows. */
function merge<T>(
  present: readonly T[],
  next: readonly T[],
  idOf: (each: T) => string,
  only: ReadonlySet<Kind>,
  both: (before: T, after: T) => T,
): T[] {
  const left = new Map(present.map(each => [idOf(each), each]));
  const merged: T[] = [];
  for (const after of next) {
    const before = left.get(idOf(after));
    left.delete(idOf(after));
    if (before !== undefined) merged.push(both(before, after));
    else if (only.has('add')) merged.push(after);
  }
  return only.has('delete') ? merged : [...merged, ...left.values()];
}

/** Checks that say weights begin with the configured one. */
function withWeight(server: RealServerConfig, weight: number): RealServerConfig {
  if (server.weight === weight) return server;
  return { ...server, weight, checks: server.checks.map(check => checkWithWeight(check, weight)) };
}

function checkWithWeight(check: CheckConfig, weight: number): CheckConfig {
  if (check.kind === 'MISC_CHECK' && check.dynamicFrom !== null) return { ...check, dynamicFrom: weight };
  return 'weightFrom' in check ? { ...check, weightFrom: weight } : check;
}

function checkKeys(services: readonly VirtualServerConfig[]): void {
  const owners = new Map<string, string>();
  for (const service of services) {
    const name = serviceName(service);
    for (const id of keysOf(service).map(serviceId)) {
      const other = owners.get(id);
      if (other !== undefined && other !== name) {
        throw new Error(
          `${other} and ${name} would both be ${id}: apply what is deleted and changed as well`,
        );
      }
      owners.set(id, name);
    }
  }
}
