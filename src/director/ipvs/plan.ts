// What must be changed to turn one table into another: no more than that, and in an order that never leaves a service short.
import type { ServiceKey } from '../config/config.ts';
import {
  type IpvsDestination,
  type IpvsEntry,
  type IpvsService,
  type IpvsTable,
  sameDestination,
  sameService,
} from './table.ts';

export type IpvsChange =
  | { readonly kind: 'add service'; readonly service: IpvsService }
  | { readonly kind: 'set service'; readonly service: IpvsService; readonly before: IpvsService }
  | { readonly kind: 'delete service'; readonly service: IpvsService }
  | { readonly kind: 'add destination'; readonly key: ServiceKey; readonly destination: IpvsDestination }
  | {
      readonly kind: 'set destination';
      readonly key: ServiceKey;
      readonly destination: IpvsDestination;
      readonly before: IpvsDestination;
    }
  | { readonly kind: 'delete destination'; readonly key: ServiceKey; readonly destination: IpvsDestination };

const NOTHING: readonly IpvsChange[] = [];
const NONE: ReadonlyMap<string, IpvsDestination> = new Map();

/**
 * The changes that turn `actual` into `desired`, one for each entry that differs. Carried out in order, a service never has
 * fewer servers that take connections than it had before or will have after; services that go are deleted last. `only`: the services
 * that may differ.
 */
export function plan(desired: IpvsTable, actual: IpvsTable, only?: Iterable<string>): IpvsChange[] {
  if (only !== undefined) return plan(chosen(desired, only), chosen(actual, only));
  const changes: IpvsChange[] = [];
  for (const [id, entry] of desired) {
    for (const change of planEntry(entry, actual.get(id) ?? null)) changes.push(change);
  }
  for (const [id, { service }] of actual) {
    if (!desired.has(id)) changes.push({ kind: 'delete service', service });
  }
  return changes;
}

function chosen(table: IpvsTable, ids: Iterable<string>): IpvsTable {
  const some = new Map<string, IpvsEntry>();
  for (const id of ids) {
    const entry = table.get(id);
    if (entry !== undefined) some.set(id, entry);
  }
  return some;
}

/** The changes for one service that should be there; `actual` is null when it is not. */
export function planEntry(desired: IpvsEntry, actual: IpvsEntry | null): readonly IpvsChange[] {
  if (desired === actual) return NOTHING;
  const changes: IpvsChange[] = [];
  const { service } = desired;
  if (actual === null) {
    changes.push({ kind: 'add service', service });
  } else if (!sameService(service, actual.service)) {
    changes.push({ kind: 'set service', service, before: actual.service });
  }
  changes.push(...planDestinations(service.key, desired.destinations, actual?.destinations ?? NONE));
  return changes;
}

/** The changes to the destinations of one service. */
export function planDestinations(
  key: ServiceKey,
  desired: ReadonlyMap<string, IpvsDestination>,
  actual: ReadonlyMap<string, IpvsDestination>,
): readonly IpvsChange[] {
  if (desired === actual) return NOTHING;
  const gains: IpvsChange[] = [];
  const losses: IpvsChange[] = [];
  for (const [id, destination] of desired) {
    const before = actual.get(id);
    if (before === undefined) {
      gains.push({ kind: 'add destination', key, destination });
    } else if (!sameDestination(destination, before)) {
      const loses = destination.weight === 0 && before.weight > 0;
      (loses ? losses : gains).push({ kind: 'set destination', key, destination, before });
    }
  }
  for (const [id, destination] of actual) {
    if (!desired.has(id)) losses.push({ kind: 'delete destination', key, destination });
  }
  return [...gains, ...losses];
}
