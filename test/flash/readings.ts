// Readings for tests: what is not named is zero.
import type { Counters, Device } from '../../src/director/flash/counters.ts';
import type { Reading } from '../../src/director/flash/difference.ts';

export function counters(changes: Partial<Counters> = {}): Counters {
  return {
    reads: 0,
    sectorsRead: 0,
    writes: 0,
    sectorsWritten: 0,
    sectorsDiscarded: null,
    flushes: null,
    ...changes,
  };
}

export function device(name: string, changes: Partial<Counters> = {}): Device {
  return { major: 8, minor: Number(/\d+$/.exec(name)?.[0] ?? 0), name, counters: counters(changes) };
}

export function reading(time: number, devices: readonly Device[], changes: Partial<Reading> = {}): Reading {
  return { time, uptime: null, boot: 'boot-1', devices, ...changes };
}
