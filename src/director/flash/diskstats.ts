// Reads /proc/diskstats of every kernel that has it (2.6 and later): 7, 14, 18 or 20 columns, which may differ from line to line.
import { CounterSyntaxError, type Counters, type Device } from './counters.ts';
import { checkInFlight, type Row, readCount, readRows, refuseTwice, type Word } from './rows.ts';

// Columns behind major, minor and name (Documentation/admin-guide/iostats.rst).
/** All of a partition in Linux 2.6.0 to 2.6.24. */
const PARTITION = ['reads', 'sectors read', 'writes', 'sectors written'];
/** Those of 2.6, and behind the name in the /proc/partitions of 2.4. */
export const FIELDS = [
  'reads',
  'reads merged',
  'sectors read',
  'milliseconds reading',
  'writes',
  'writes merged',
  'sectors written',
  'milliseconds writing',
  'requests in flight',
  'milliseconds busy',
  'weighted milliseconds',
];
const IN_FLIGHT = FIELDS.indexOf('requests in flight');
/** Since 4.18. */
const DISCARDS = ['discards', 'discards merged', 'sectors discarded', 'milliseconds discarding'];
/** Since 5.5. */
const FLUSHES = ['flushes', 'milliseconds flushing'];

/** The columns by their number, those before the fields included. */
const WIDTHS = new Map(
  [PARTITION, FIELDS, [...FIELDS, ...DISCARDS], [...FIELDS, ...DISCARDS, ...FLUSHES]].map(fields => [
    3 + fields.length,
    fields,
  ]),
);

/** The devices in the order of the text; `firstLine` is the number of its first line. Throws a CounterSyntaxError. */
export function parseDiskstats(text: string, firstLine = 1): Device[] {
  const seen = new Set<string>();
  return readRows(text, firstLine).map(row => readDevice(row, seen));
}

function readDevice(row: Row, seen: Set<string>): Device {
  const fields = WIDTHS.get(row.words.length);
  if (fields === undefined) {
    const last = row.words.at(-1)!;
    throw new CounterSyntaxError(
      row.line,
      last.column,
      `/proc/diskstats has 7, 14, 18 or 20 columns, not ${row.words.length}`,
    );
  }
  const [major, minor, name] = row.words as readonly [Word, Word, Word];
  refuseTwice(row, name, seen);
  return {
    major: readCount(row, major, 'the major number'),
    minor: readCount(row, minor, 'the minor number'),
    name: name.text,
    counters: readCounters(row, row.words.slice(3), fields),
  };
}

/** The counters of a row, whose words stand for `fields`. Throws a CounterSyntaxError. */
export function readCounters(row: Row, words: readonly Word[], fields: readonly string[]): Counters {
  const values = words.map((word, index) => {
    if (index !== IN_FLIGHT) return readCount(row, word, fields[index]!);
    checkInFlight(row, word);
    return 0;
  });
  const value = (field: string) => values[fields.indexOf(field)] ?? null;
  return {
    reads: value('reads')!,
    sectorsRead: value('sectors read')!,
    writes: value('writes')!,
    sectorsWritten: value('sectors written')!,
    sectorsDiscarded: value('sectors discarded'),
    flushes: value('flushes'),
  };
}
