// What was read and written between two readings of the counters: wrap-around told from reboots, devices that come and go.
import type { Counters, Device } from './counters.ts';

/** The counters at one moment. */
export interface Reading {
  /** Milliseconds, of a clock that does not step while the system runs; it may begin anew with a boot. */
  readonly time: number;
  /** Milliseconds since the kernel started (/proc/uptime); null when not recorded. */
  readonly uptime: number | null;
  /** /proc/sys/kernel/random/boot_id; null when not recorded. */
  readonly boot: string | null;
  readonly devices: readonly Device[];
}

/**
 * Where a device's difference comes from:
 * - `baseline`: this is the first that is known, so nothing is counted
 * - `counted`: later less earlier
 * - `booted`: all since the system started; what was between the reading before and its end is lost
 * - `appeared`: all since the device came
 * - `replaced`: its counters began anew while the system went on, so it was taken out and another (or the same) came
 */
export type Origin = 'baseline' | 'counted' | 'booted' | 'appeared' | 'replaced';

export interface DeviceDifference {
  readonly name: string;
  readonly origin: Origin;
  /** What was added to each counter. */
  readonly counters: Counters;
  /** Milliseconds before `to` that the counts cover. */
  readonly covered: number;
}

export interface Difference {
  /** Time of the later reading. */
  readonly to: number;
  /** `assumed`: neither boot ids nor uptimes were recorded, and the counters look like it. */
  readonly reboot: 'no' | 'yes' | 'assumed';
  readonly devices: readonly DeviceDifference[];
  /** Names of those that are there no more. */
  readonly gone: readonly string[];
}

/** Where unsigned long has 32 bits, counters begin anew at this value. */
const WRAP = 2 ** 32;
/** No card or disk of these boards moves more in a millisecond (1 GiB/s): what would, did not wrap but began anew. */
const FASTEST_SECTORS = 2 ** 21 / 1000;
/** Nor does one complete more requests in a millisecond. */
const FASTEST_REQUESTS = 1000;
/** However long it took: a counter in its lower half did not wrap, or a trace with hours between readings would hide reboots. */
const MOST_ADVANCE = WRAP / 2;
/** Milliseconds by which uptime and clock may disagree, as a clock that is being set does. */
const CLOCK_SLACK = 60_000;

const KEYS = [
  'reads',
  'sectorsRead',
  'writes',
  'sectorsWritten',
  'sectorsDiscarded',
  'flushes',
] as const satisfies readonly (keyof Counters)[];

/**
 * What happened from one reading to the next; without an earlier one, since the system started, if it is known when that was.
 * Throws a RangeError when time went back although the system was not started anew.
 */
export function differ(before: Reading | null, after: Reading): Difference {
  if (before === null) return { to: after.time, reboot: 'no', devices: sinceStart(after), gone: [] };
  const reboot = judgeReboot(before, after);
  if (reboot === 'no' && after.time < before.time) {
    throw new RangeError(`a reading of ${after.time} ms cannot follow one of ${before.time} ms`);
  }
  const names = new Set(after.devices.map(({ name }) => name));
  const gone = before.devices.map(({ name }) => name).filter(name => !names.has(name));
  if (reboot !== 'no') return { to: after.time, reboot, devices: sinceReboot(before, after), gone };
  const earlier = new Map(before.devices.map(device => [device.name, device]));
  const elapsed = after.time - before.time;
  const devices = after.devices.map(device => differDevice(earlier.get(device.name), device, elapsed));
  return { to: after.time, reboot, devices, gone };
}

function sinceStart({ devices, uptime }: Reading): DeviceDifference[] {
  return devices.map(({ name, counters }) =>
    uptime === null
      ? { name, origin: 'baseline', counters: none(counters), covered: 0 }
      : { name, origin: 'booted', counters, covered: uptime },
  );
}

function sinceReboot(before: Reading, { devices, uptime, time }: Reading): DeviceDifference[] {
  // A clock that began anew with the boot says nothing about the time between.
  const elapsed = time < before.time ? Number.POSITIVE_INFINITY : time - before.time;
  const covered = Math.min(uptime ?? Number.POSITIVE_INFINITY, elapsed);
  return devices.map(({ name, counters }) => ({
    name,
    origin: 'booted',
    counters,
    covered: Number.isFinite(covered) ? covered : 0,
  }));
}

function differDevice(before: Device | undefined, after: Device, elapsed: number): DeviceDifference {
  const { name, counters } = after;
  if (before === undefined) return { name, origin: 'appeared', counters, covered: elapsed };
  const difference = subtract(before.counters, counters, elapsed);
  // Another number is another device behind an old name.
  const isSame = before.major === after.major && before.minor === after.minor;
  return difference === null || !isSame
    ? { name, origin: 'replaced', counters, covered: elapsed }
    : { name, origin: 'counted', counters: difference, covered: elapsed };
}

function judgeReboot(before: Reading, after: Reading): Difference['reboot'] {
  if (before.boot !== null && after.boot !== null) return before.boot === after.boot ? 'no' : 'yes';
  if (before.uptime !== null && after.uptime !== null) {
    const startedBetween = after.uptime + CLOCK_SLACK < after.time - before.time;
    return after.uptime < before.uptime || startedBetween ? 'yes' : 'no';
  }
  return looksRebooted(before, after) ? 'assumed' : 'no';
}

/** Every device that did anything began anew: a wrap hits one counter, a card that is replaced one device and its partitions. */
function looksRebooted(before: Reading, after: Reading): boolean {
  const later = new Map(after.devices.map(device => [device.name, device]));
  let busy = 0;
  let anew = 0;
  for (const device of before.devices) {
    if (device.counters.reads + device.counters.writes === 0) continue;
    const match = later.get(device.name);
    if (match === undefined) continue;
    busy++;
    if (subtract(device.counters, match.counters, Math.max(0, after.time - before.time)) === null) anew++;
  }
  return busy > 0 && busy === anew;
}

/** Later less earlier, over wraps of 32 bits; null when the counters began anew. Two do not wrap at once: when two fell, all did. */
function subtract(before: Counters, after: Counters, elapsed: number): Counters | null {
  const difference: Record<keyof Counters, number | null> = { ...none(after) };
  let fallen = 0;
  for (const key of KEYS) {
    const from = before[key];
    const to = after[key];
    if (from === null || to === null) continue;
    const fastest = key.startsWith('sectors') ? FASTEST_SECTORS : FASTEST_REQUESTS;
    const more = advance(from, to, Math.min(fastest * elapsed, MOST_ADVANCE));
    if (to < from) fallen++;
    if (more === null || fallen > 1) return null;
    difference[key] = more;
  }
  return difference as Counters;
}

/** By how much a counter went on; null when it fell and cannot have wrapped, as that would have been more than `most`. */
function advance(from: number, to: number, most: number): number | null {
  if (to >= from) return to - from;
  if (from >= WRAP) return null;
  const more = to + WRAP - from;
  return more <= most ? more : null;
}

function none({ sectorsDiscarded, flushes }: Counters): Counters {
  return {
    reads: 0,
    sectorsRead: 0,
    writes: 0,
    sectorsWritten: 0,
    sectorsDiscarded: sectorsDiscarded === null ? null : 0,
    flushes: flushes === null ? null : 0,
  };
}
