// Recorded series of /proc/diskstats or /proc/partitions texts, each below a line
// `# SECONDS [boot ID] [uptime SECONDS] [read-only NAME,...]`.
import { CounterSyntaxError, type Device } from './counters.ts';
import type { Reading } from './difference.ts';
import { parseDiskstats } from './diskstats.ts';
import { isHead, parsePartitions } from './partitions.ts';
import { type Row, readRows, type Word } from './rows.ts';

export interface Trace {
  /** In the order of time, milliseconds since 1970. */
  readonly readings: readonly Reading[];
  /** Bytes of each device that some /proc/partitions named, the last word of each. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Disks and partitions that are read-only, as it was said last; null: it never was. */
  readonly readOnly: ReadonlySet<string> | null;
}

interface Moment {
  time: number;
  boot: string | null;
  uptime: number | null;
}

interface Head extends Moment {
  readOnly: ReadonlySet<string> | null;
}

/** The last second that a Date can hold (ECMA-262, time values). */
const LAST_SECOND = 8.64e12;

/**
 * Reads a trace. Two texts may share one time: /proc/partitions with the sizes, /proc/diskstats with the counters. Throws a
 * CounterSyntaxError for a text that is neither, for a time that goes back, and for a trace without any counters.
 */
export function parseTrace(text: string): Trace {
  const lines = text.split('\n');
  const heads: number[] = [];
  lines.forEach((line, index) => {
    if (line.startsWith('#')) heads.push(index);
  });
  const [first] = heads;
  const stray = readRows(lines.slice(0, first).join('\n'))[0];
  if (first === undefined || stray !== undefined) {
    const message = 'a trace begins with a line `# ` and the time in seconds since 1970';
    throw new CounterSyntaxError(stray?.line ?? 1, stray?.words[0]?.column ?? 1, message);
  }
  const readings: Reading[] = [];
  const sizes = new Map<string, number>();
  let readOnly: ReadonlySet<string> | null = null;
  let last = Number.NEGATIVE_INFINITY;
  heads.forEach((head, index) => {
    const { readOnly: said, ...moment } = readHead(lines[head]!, head + 1);
    readOnly = said ?? readOnly;
    if (moment.time < last) {
      throw new CounterSyntaxError(head + 1, 3, 'this time is before the one above');
    }
    last = moment.time;
    const block = lines.slice(head + 1, heads[index + 1]).join('\n');
    const devices = readBlock(block, head + 2, sizes);
    if (devices.length === 0) return;
    if (readings.at(-1)?.time === moment.time) {
      throw new CounterSyntaxError(head + 1, 3, 'there are counters of this time above');
    }
    readings.push({ ...moment, devices });
  });
  if (readings.length === 0) throw new CounterSyntaxError(1, 1, 'the trace has no counters in it');
  return { readings, sizes, readOnly };
}

function readBlock(block: string, firstLine: number, sizes: Map<string, number>): Device[] {
  const [row] = readRows(block, firstLine);
  if (row === undefined || !isHead(row)) return parseDiskstats(block, firstLine);
  const devices: Device[] = [];
  for (const { major, minor, name, size, counters } of parsePartitions(block, firstLine)) {
    sizes.set(name, size);
    if (counters !== null) devices.push({ major, minor, name, counters });
  }
  return devices;
}

function readHead(line: string, number: number): Head {
  const row: Row = readRows(line, number)[0]!;
  // `#1234` and `# 1234` are the same.
  const [mark, ...rest] = row.words as readonly [Word, ...Word[]];
  const words = mark.text === '#' ? rest : [{ text: mark.text.slice(1), column: mark.column + 1 }, ...rest];
  const time = words[0];
  const head: Head = {
    time: seconds(number, time, mark, 'the time') * 1000,
    boot: null,
    uptime: null,
    readOnly: null,
  };
  for (let at = 1; at < words.length; at += 2) {
    const key = words[at]!;
    const value = words[at + 1];
    if (key.text === 'boot' && value !== undefined) head.boot = value.text;
    else if (key.text === 'read-only' && value !== undefined) head.readOnly = new Set(value.text.split(','));
    else if (key.text === 'uptime') head.uptime = seconds(number, value, key, 'the uptime') * 1000;
    else {
      const message = `'${key.text.slice(0, 24)}' should be 'boot ID', 'uptime SECONDS' or 'read-only NAMES'`;
      throw new CounterSyntaxError(number, key.column, message);
    }
  }
  return head;
}

function seconds(line: number, word: Word | undefined, near: Word, what: string): number {
  if (word !== undefined && /^\d+(\.\d+)?$/.test(word.text) && Number(word.text) <= LAST_SECOND) {
    return Number(word.text);
  }
  throw new CounterSyntaxError(line, (word ?? near).column, `${what} should be a number of seconds`);
}
