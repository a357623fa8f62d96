// What `director flash` shows, as data: devices, what was written to them, and a forecast for each card.
import { type CardProfile, withCapacity } from './card.ts';
import { diskOf, SECTOR_BYTES } from './counters.ts';
import { type Forecast, forecast } from './forecast.ts';
import { allPeriods, type History, type Period, sumOf, WINDOWS_A_DAY } from './history.ts';
import { describeEvent, forbiddenWrites, type Monitor, NEW_MONITOR, observe } from './monitor.ts';
import { type Calibration, readSmart, type SmartAttribute, type SmartWear } from './smart.ts';
import type { Trace } from './trace.ts';

/** Bytes read and written in a time. */
export interface Amounts {
  /** Milliseconds that were observed. */
  readonly observed: number;
  readonly read: number;
  readonly written: number;
  /** Requests. */
  readonly writes: number;
}

export interface DeviceReport {
  readonly name: string;
  /** The disk that it is a partition of; null for a disk. */
  readonly disk: string | null;
  /** Bytes; null when the kernel did not tell. */
  readonly size: number | null;
  /** Null when that was not recorded. */
  readonly readOnly: boolean | null;
  /** The last window, over or not; a day of windows with it; all that is kept. */
  readonly window: Amounts;
  readonly day: Amounts;
  readonly month: Amounts;
  /** Bytes written in each window of the last two days, oldest first; null: it had no reading of its own. */
  readonly windows: readonly (number | null)[];
  /** Bytes written in each day before. */
  readonly days: readonly (number | null)[];
}

export interface CardReport {
  readonly disk: string;
  /** Name of the profile. */
  readonly card: string;
  readonly forecast: Forecast;
}

export interface FlashReport {
  readonly devices: readonly DeviceReport[];
  /** One for each disk. */
  readonly cards: readonly CardReport[];
  /** What happened meanwhile and has to be known to judge the numbers, in words. */
  readonly notes: readonly string[];
}

/** What is known beside the counters. */
export interface Knowledge {
  readonly card: CardProfile;
  /** Names of disks and partitions; null when it is not known which they are. */
  readonly readOnly: ReadonlySet<string> | null;
  /** What nothing may write to unless it is announced, read-only or not; when it is not there, that is what is read-only. */
  readonly guarded?: ReadonlySet<string>;
  /** Bytes of each device. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Bytes of the card that hold something; null when unknown. */
  readonly held: number | null;
  readonly smart: SmartWear | null;
  /** The same of each disk that says it, before it is known which profile reads it. */
  readonly attributes?: ReadonlyMap<string, readonly SmartAttribute[]>;
  readonly calibration: Calibration | null;
  /** Bytes written in the card's life; null without an odometer. */
  readonly written: number | null;
}

/** The report on what was observed so far. */
export function reportFlash(
  { histories }: Pick<Monitor, 'histories'>,
  knowledge: Knowledge,
  notes: readonly string[] = [],
): FlashReport {
  const names = [...histories.keys()];
  const devices = names.map(name => reportDevice(name, names, histories.get(name)!, knowledge));
  const disks = devices.filter(({ disk }) => disk === null);
  return {
    notes,
    devices: disks.flatMap(disk => [disk, ...devices.filter(each => each.disk === disk.name)]),
    cards: disks.map(({ name }) => reportCard(name, names, histories, knowledge)),
  };
}

/** The report on a recorded series; what it says to be read-only is so unless it is known better. Nothing in it was announced. */
export function reportTrace(trace: Trace, knowledge: Omit<Knowledge, 'sizes'>): FlashReport {
  const readOnly = knowledge.readOnly ?? trace.readOnly;
  const circumstances = {
    readOnly: readOnly ?? new Set<string>(),
    permitted: new Map<string, number>(),
  };
  const notes: string[] = [];
  let state = NEW_MONITOR;
  for (const reading of trace.readings) {
    const step = observe(state, reading, circumstances);
    state = step.state;
    notes.push(...step.events.map(event => `${timeOf(reading.time)}: ${describeEvent(event)}`));
  }
  return reportFlash(state, { ...knowledge, readOnly, sizes: trace.sizes }, bounded(notes));
}

/** A trace of a device that comes and goes all the time would have no end of notes. */
const MOST_NOTES = 20;

function bounded(notes: readonly string[]): readonly string[] {
  if (notes.length <= MOST_NOTES) return notes;
  return [...notes.slice(0, MOST_NOTES), `and ${notes.length - MOST_NOTES} more`];
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function reportCard(
  disk: string,
  names: readonly string[],
  histories: ReadonlyMap<string, History>,
  knowledge: Knowledge,
): CardReport {
  const { card, sizes, readOnly, guarded } = knowledge;
  const attributes = knowledge.attributes?.get(disk);
  const size = sizes.get(disk);
  const forbidden = forbiddenWrites(histories, guarded ?? readOnly ?? new Set()).filter(
    ({ name }) => name === disk || diskOf(name, names) === disk,
  );
  return {
    disk,
    card: card.name,
    forecast: forecast({
      ...knowledge,
      card: size === undefined ? card : withCapacity(card, size),
      smart: attributes === undefined ? knowledge.smart : readSmart(card, attributes),
      history: histories.get(disk)!,
      forbidden,
    }),
  };
}

function reportDevice(
  name: string,
  names: readonly string[],
  history: History,
  { sizes, readOnly }: Knowledge,
): DeviceReport {
  const { windows, days, open } = history;
  // When a window has just ended, it is the one to show.
  const shown = open.observed === 0 ? windows : [...windows, open];
  return {
    name,
    disk: diskOf(name, names),
    size: sizes.get(name) ?? null,
    readOnly: readOnly === null ? null : readOnly.has(name),
    window: amounts(shown.at(-1) ?? open),
    day: amounts(sumOf(shown.slice(-WINDOWS_A_DAY))),
    month: amounts(sumOf(allPeriods(history))),
    windows: shown.map(writtenIn),
    days: days.map(writtenIn),
  };
}

function amounts({ observed, sectorsRead, sectorsWritten, writes }: Period): Amounts {
  return { observed, read: sectorsRead * SECTOR_BYTES, written: sectorsWritten * SECTOR_BYTES, writes };
}

function writtenIn({ readings, sectorsWritten }: Period): number | null {
  return readings === 0 ? null : sectorsWritten * SECTOR_BYTES;
}
