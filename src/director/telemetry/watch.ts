// What the telemetry process knows, and what has to be told of it: a function of the counters, of who wrote, and of what was announced. Pure.
import { type BudgetState, describeBudget, LEVELS, newBudget, stepBudget } from '../flash/budget.ts';
import { diskOf, SECTOR_BYTES } from '../flash/counters.ts';
import type { Reading } from '../flash/difference.ts';
import { forbiddenWrites, type Monitor, NEW_MONITOR, observe } from '../flash/monitor.ts';
import type { CardEvent, TelemetrySlice } from '../protocol.ts';
import {
  attempts,
  budgetFinding,
  describeExposure,
  describeForbidden,
  exposure,
  type Finding,
  findingOf,
} from './findings.ts';
import { addSamples, type GaugeHistory, type Samples } from './gauges.ts';
import type { Writer } from './writers.ts';

export interface Watch {
  readonly monitor: Monitor;
  readonly gauges: ReadonlyMap<string, GaugeHistory>;
  /** Null: none is configured, or the director has no card. */
  readonly budget: BudgetState | null;
  /** What nothing may write to unless it is announced: devices that are read-only, and all of the director's card. */
  readonly guarded: ReadonlySet<string>;
  /** Of these, those that could be written to all the same at the last look. */
  readonly exposed: ReadonlySet<string>;
  /** Who wrote lately, and when, the last ones last: pages reach the disk half a minute after they were written to. */
  readonly recent: readonly { readonly writer: Writer; readonly time: number }[];
  /** Announced sectors of this boot that have been seen, by device. */
  readonly seen: ReadonlyMap<string, number>;
  /** When something was last told, by what it was about: one that goes on and on is told now and then. */
  readonly toldAt: ReadonlyMap<string, number>;
}

export interface Sight {
  readonly reading: Reading;
  /** Null: the kernel does not tell. */
  readonly readOnly: ReadonlySet<string> | null;
  readonly samples: Samples;
  /** Who wrote since the sight before. */
  readonly writers: readonly Writer[];
  /** Milliseconds since 1970. */
  readonly wall: number;
}

export interface WatchStep {
  readonly watch: Watch;
  readonly events: readonly CardEvent[];
}

/** Milliseconds until the same is told again. */
export const SILENCE = 600_000;

/** Milliseconds that who wrote is remembered: twice as long as pages stay dirty (vm.dirty_expire_centisecs). */
export const MEMORY = 60_000;
const MOST_REMEMBERED = 32;

export const NEW_WATCH: Watch = {
  monitor: NEW_MONITOR,
  gauges: new Map(),
  budget: null,
  guarded: new Set(),
  exposed: new Set(),
  recent: [],
  seen: new Map(),
  toldAt: new Map(),
};

/** Takes a look at the machine. Throws a RangeError when time went back within one boot. */
export function look(before: Watch, sight: Sight, slice: TelemetrySlice): WatchStep {
  const { reading, wall } = sight;
  const card = slice.card?.disk ?? null;
  const guarded = guardedOf(sight, card);
  const isReboot = before.monitor.last !== null && before.monitor.last.boot !== reading.boot;
  // Announcements are those of a boot.
  const earlier = isReboot ? new Map<string, number>() : before.seen;
  const permitted = new Map<string, number>();
  for (const [name, sectors] of Object.entries(slice.announced)) {
    permitted.set(name, Math.max(0, sectors - (earlier.get(name) ?? 0)));
  }
  const step = observe(before.monitor, reading, { readOnly: guarded, permitted });
  const seen = new Map(earlier);
  for (const [name, { permitted: used }] of step.written) seen.set(name, (seen.get(name) ?? 0) + used);
  // What was announced may take a card its time.
  const isOpen = (name: string) => sight.readOnly !== null && !sight.readOnly.has(name);
  const exposed = new Set([...guarded].filter(name => isOpen(name) && (permitted.get(name) ?? 0) === 0));
  const sectors = card === null ? 0 : (step.written.get(card)?.sectors ?? 0);
  const budget =
    before.budget && stepBudget(before.budget, { type: 'wrote', bytes: sectors * SECTOR_BYTES }, wall);
  const recent = [
    ...before.recent.filter(({ time }) => time <= reading.time && reading.time - time < MEMORY),
    ...sight.writers.map(writer => ({ writer, time: reading.time })),
  ].slice(-MOST_REMEMBERED);
  const suspects = recent.map(({ writer }) => writer);
  const expected = (name: string) => step.written.has(name) || (permitted.get(name) ?? 0) > 0;
  const found: Finding[] = [
    ...step.events.map(event => findingOf(event, suspects)),
    ...attempts(
      sight.writers.filter(({ device }) => device !== null && guarded.has(device) && !expected(device)),
    ),
    // One look may fall into a commit.
    ...[...exposed].filter(name => before.exposed.has(name)).map(exposure),
    ...(budget?.events ?? []).map(event => budgetFinding(event, budget!.state, card!)),
  ];
  const toldAt = new Map(before.toldAt);
  const events = found.flatMap(({ key, ...event }) => {
    const last = toldAt.get(key);
    if (last !== undefined && reading.time >= last && reading.time - last < SILENCE) return [];
    toldAt.set(key, reading.time);
    return [{ ...event, subject: 'CARD' as const, at: wall }];
  });
  // What may be told again anyway need not be remembered.
  for (const [key, last] of toldAt) if (reading.time - last >= SILENCE) toldAt.delete(key);
  return {
    watch: {
      monitor: step.state,
      gauges: addSamples(before.gauges, sight.samples, reading.time),
      budget: budget === null ? null : budget.state,
      guarded,
      exposed,
      recent,
      seen,
      toldAt,
    },
    events,
  };
}

function guardedOf({ reading, readOnly }: Sight, card: string | null): ReadonlySet<string> {
  const names = reading.devices.map(({ name }) => name);
  const ours = names.filter(name => name === card || (card !== null && diskOf(name, names) === card));
  return new Set([...(readOnly ?? []), ...ours]);
}

/** What the control process has told applies from now on. To be called after the first look. */
export function configure(watch: Watch, { budget: perDay, card }: TelemetrySlice, wall: number): WatchStep {
  if (perDay === null || card === null) return { watch: { ...watch, budget: null }, events: [] };
  const begun = watch.budget ?? beginBudget(watch, perDay, card, wall);
  const { state, events } = stepBudget(begun, { type: 'configured', perDay }, wall);
  return {
    watch: { ...watch, budget: state },
    events: events.map(event => {
      const { key: _, ...told } = budgetFinding(event, state, card.disk);
      return { ...told, subject: 'CARD', at: wall };
    }),
  };
}

/** What was announced so far has been written, or never will be. */
export function settled(watch: Watch, { announced }: TelemetrySlice): Watch {
  return { ...watch, seen: new Map(Object.entries(announced)) };
}

/** Bytes written in the card's life: by its odometer, and since; null without one. */
export function writtenInLife(watch: Watch, card: TelemetrySlice['card']): number | null {
  if (card === null) return null;
  return (card.sectors + sinceCounted(watch, card)) * SECTOR_BYTES;
}

/** The day of the odometer goes on; what was written since it was read is added. */
function beginBudget(
  watch: Watch,
  perDay: number,
  card: NonNullable<TelemetrySlice['card']>,
  wall: number,
): BudgetState {
  return newBudget(perDay, wall, card, sinceCounted(watch, card) * SECTOR_BYTES);
}

/** Sectors that the kernel has counted of the card beyond those that are in its odometer. */
function sinceCounted({ monitor }: Watch, { disk, counted }: NonNullable<TelemetrySlice['card']>): number {
  const device = monitor.last?.devices.find(({ name }) => name === disk);
  return Math.max(0, (device?.counters.sectorsWritten ?? counted) - counted);
}

/** What is wrong now, in words. */
export function troublesOf({ monitor, budget, guarded, exposed }: Watch): string[] {
  const troubles: string[] = [];
  const recent = [...monitor.histories].map(([name, history]) => [name, { ...history, days: [] }] as const);
  for (const write of forbiddenWrites(new Map(recent), guarded)) {
    troubles.push(`ALARM: ${describeForbidden(write)}`);
  }
  for (const name of exposed) troubles.push(`ALARM: ${describeExposure(name)}`);
  if (budget !== null && budget.told >= LEVELS[1]) troubles.push(`flash budget: ${describeBudget(budget)}`);
  return troubles;
}
