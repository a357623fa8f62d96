// Lines of words and numbers as the kernel prints them, each word with its place, so that a mistake can be pointed at.
import { CounterSyntaxError } from './counters.ts';

export interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

export interface Row {
  /** From 1. */
  readonly line: number;
  readonly words: readonly Word[];
}

/** Digits of the largest unsigned long of 64 bits. */
const MOST_DIGITS = 20;
/** A quoted word is cut to this length: the text may be anything. */
const LONGEST_QUOTE = 24;

/** The lines that are not empty; `firstLine` is the number of the first. */
export function readRows(text: string, firstLine = 1): Row[] {
  const rows: Row[] = [];
  text.split('\n').forEach((line, index) => {
    const words = Array.from(line.matchAll(/\S+/g), match => ({ text: match[0], column: match.index + 1 }));
    if (words.length > 0) rows.push({ line: firstLine + index, words });
  });
  return rows;
}

/** A count: decimal digits. Beyond 2^53 it is rounded. Throws a CounterSyntaxError. */
export function readCount({ line }: Row, word: Word, what: string): number {
  if (!/^\d+$/.test(word.text) || word.text.length > MOST_DIGITS) throw wrong(line, word, what);
  return Number(word.text);
}

/** Requests in flight: kernels of old let that number fall below 0. Throws a CounterSyntaxError. */
export function checkInFlight({ line }: Row, word: Word): void {
  if (!/^-?\d{1,20}$/.test(word.text)) throw wrong(line, word, 'the number of requests in flight');
}

function wrong(line: number, { text, column }: Word, what: string): CounterSyntaxError {
  const quoted = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
  return new CounterSyntaxError(line, column, `${what} should be a number, not '${quoted}'`);
}

/** Throws a CounterSyntaxError when a name stands there twice: then this is not one text of one moment. */
export function refuseTwice(row: Row, name: Word, seen: Set<string>): void {
  if (seen.has(name.text)) {
    throw new CounterSyntaxError(row.line, name.column, `'${name.text}' stands here a second time`);
  }
  seen.add(name.text);
}
