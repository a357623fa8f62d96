// Follows the counters of all disks and partitions: from reading to reading, what happened and what has to be told. Pure.
import { diskOf, isMemory } from './counters.ts';
import { type DeviceDifference, differ, type Reading } from './difference.ts';
import type { ForbiddenWrite } from './forecast.ts';
import { addShare, allPeriods, endOf, type History, newHistory, sumOf } from './history.ts';
import { plural } from './words.ts';

export interface Monitor {
  readonly last: Reading | null;
  /** What is kept of each device by its name, also of those that are gone. */
  readonly histories: ReadonlyMap<string, History>;
}

/** What is known from elsewhere about the time since the reading before. */
export interface Circumstances {
  /** Names of disks and partitions that nothing may write to, but for what is announced. */
  readonly readOnly: ReadonlySet<string>;
  /** Sectors that commits and upgrades announced, by device; of a partition for its disk too. */
  readonly permitted: ReadonlyMap<string, number>;
}

export type MonitorEvent =
  | { readonly type: 'appeared' | 'gone' | 'replaced'; readonly name: string }
  | { readonly type: 'rebooted'; readonly assumed: boolean }
  | ({ readonly type: 'forbidden write' } & ForbiddenWrite);

/** Sectors that were written to a device. */
export interface WrittenSectors {
  readonly sectors: number;
  /** Of these, announced ones. */
  readonly permitted: number;
}

export interface MonitorStep {
  readonly state: Monitor;
  readonly events: readonly MonitorEvent[];
  /** Since the reading before, by device; devices that nothing was written to are not in it. */
  readonly written: ReadonlyMap<string, WrittenSectors>;
}

/** More devices than this are not followed: a board has one card, and memory has to be bounded. */
const MOST_DEVICES = 32;

export const NEW_MONITOR: Monitor = { last: null, histories: new Map() };

/** Takes a reading. Throws a RangeError when time went back within one boot. */
export function observe(before: Monitor, reading: Reading, circumstances: Circumstances): MonitorStep {
  const devices = reading.devices.filter(({ name }) => !isMemory(name));
  const difference = differ(before.last, { ...reading, devices });
  const forbidden: ForbiddenWrite[] = [];
  const events: MonitorEvent[] = difference.gone.map(name => ({ type: 'gone', name }));
  if (difference.reboot !== 'no') {
    events.push({ type: 'rebooted', assumed: difference.reboot === 'assumed' });
  }
  const histories = new Map(before.histories);
  const written = new Map<string, WrittenSectors>();
  for (const device of difference.devices) {
    const { name, origin, counters } = device;
    if (origin === 'appeared' || origin === 'replaced') events.push({ type: origin, name });
    const permitted = Math.min(counters.sectorsWritten, circumstances.permitted.get(name) ?? 0);
    if (counters.sectorsWritten > 0) written.set(name, { sectors: counters.sectorsWritten, permitted });
    const sectors = counters.sectorsWritten - permitted;
    if (sectors > 0 && circumstances.readOnly.has(name)) forbidden.push({ name, sectors });
    makeRoom(histories, name, difference.gone);
    if (histories.size < MOST_DEVICES || histories.has(name)) {
      histories.set(name, extend(histories.get(name), device, difference.to, permitted));
    }
  }
  for (const write of oncePerWrite(forbidden)) events.push({ type: 'forbidden write', ...write });
  return { state: { last: { ...reading, devices }, histories }, events, written };
}

/** What was written, unannounced, to those devices that nothing may write to, as far back as histories go. */
export function forbiddenWrites(
  histories: ReadonlyMap<string, History>,
  readOnly: ReadonlySet<string>,
): ForbiddenWrite[] {
  const writes: ForbiddenWrite[] = [];
  for (const [name, history] of histories) {
    if (!readOnly.has(name)) continue;
    const { sectorsWritten, sectorsPermitted } = sumOf(allPeriods(history));
    if (sectorsWritten > sectorsPermitted) writes.push({ name, sectors: sectorsWritten - sectorsPermitted });
  }
  return oncePerWrite(writes);
}

/** What was written to a partition was written to its disk: the disk is left out unless more was written to it. */
function oncePerWrite(writes: readonly ForbiddenWrite[]): ForbiddenWrite[] {
  const names = writes.map(({ name }) => name);
  return writes.filter(({ name, sectors }) => {
    const partitions = writes.filter(each => diskOf(each.name, names) === name);
    return sectors > partitions.reduce((sum, each) => sum + each.sectors, 0);
  });
}

/** An event of the monitor in words. */
export function describeEvent(event: MonitorEvent): string {
  switch (event.type) {
    case 'appeared':
      return `${event.name} came`;
    case 'gone':
      return `${event.name} is gone`;
    case 'replaced':
      return `the counters of ${event.name} began anew: it was taken out, and it or another came`;
    case 'rebooted':
      return event.assumed
        ? 'all counters began anew: the system was rebooted, as it seems'
        : 'the system was rebooted; what was written just before is not known';
    case 'forbidden write':
      return `${plural(event.sectors, 'sector')} written to ${event.name}, which is read-only`;
  }
}

/** When all places are taken, a device that is gone gives way. */
function makeRoom(histories: Map<string, History>, name: string, gone: readonly string[]): void {
  if (histories.size < MOST_DEVICES || histories.has(name)) return;
  const [leaver] = gone.filter(each => histories.has(each));
  if (leaver !== undefined) histories.delete(leaver);
}

function extend(
  history: History | undefined,
  { counters, covered }: DeviceDifference,
  to: number,
  sectorsPermitted: number,
): History {
  const { sectorsRead, writes, sectorsWritten } = counters;
  const from = to - covered;
  // A clock that began anew with a boot begins a history anew.
  const state = history === undefined || to < endOf(history) ? newHistory(from) : history;
  return addShare(state, {
    from: Math.max(from, state.open.start),
    to,
    sectorsRead,
    writes,
    sectorsWritten,
    sectorsPermitted,
    bursts: sectorsWritten > 0 ? 1 : 0,
    readings: 1,
  });
}
