// Reads /proc/partitions: devices and their sizes, and the counters that Linux 2.4 has in the same lines.
import { CounterSyntaxError, type Counters } from './counters.ts';
import { FIELDS, readCounters } from './diskstats.ts';
import { type Row, readCount, readRows, refuseTwice, type Word } from './rows.ts';

export interface Partition {
  readonly major: number;
  readonly minor: number;
  readonly name: string;
  /** Bytes; the kernel counts whole KiB. */
  readonly size: number;
  /** Of Linux 2.4 (2.4.20, or patched before); null in later ones, which have /proc/diskstats. */
  readonly counters: Counters | null;
}

const PLAIN = 4;
const WITH_COUNTERS = PLAIN + FIELDS.length;

/** The devices in the order of the text; `firstLine` is the number of its first line. Throws a CounterSyntaxError. */
export function parsePartitions(text: string, firstLine = 1): Partition[] {
  const rows = readRows(text, firstLine);
  const [head] = rows;
  if (head === undefined) return [];
  if (!isHead(head)) {
    const message = "/proc/partitions begins with 'major minor #blocks name'";
    throw new CounterSyntaxError(head.line, head.words[0]!.column, message);
  }
  const seen = new Set<string>();
  return rows.slice(1).map(row => readPartition(row, seen));
}

/** True for the first line of /proc/partitions. */
export function isHead({ words }: Row): boolean {
  return ['major', 'minor', '#blocks', 'name'].every((word, index) => words[index]?.text === word);
}

function readPartition(row: Row, seen: Set<string>): Partition {
  const { words, line } = row;
  if (words.length !== PLAIN && words.length !== WITH_COUNTERS) {
    const message = `/proc/partitions has ${PLAIN} or ${WITH_COUNTERS} columns, not ${words.length}`;
    throw new CounterSyntaxError(line, words.at(-1)!.column, message);
  }
  const [major, minor, blocks, name] = words as readonly [Word, Word, Word, Word];
  refuseTwice(row, name, seen);
  return {
    major: readCount(row, major, 'the major number'),
    minor: readCount(row, minor, 'the minor number'),
    name: name.text,
    size: readCount(row, blocks, 'the number of blocks') * 1024,
    counters: words.length === PLAIN ? null : readCounters(row, words.slice(PLAIN), FIELDS),
  };
}
