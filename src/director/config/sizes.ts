// Amounts of bytes and other large numbers, with or without a unit, and ranges of them.
import type { Range } from '../flash/card.ts';
import type { ValueType } from './vocabulary.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes: a whole number, with k, m or g behind it for KiB, MiB or GiB. */
export const size: ValueType<number> = {
  name: 'SIZE',
  description: 'a number of bytes above 0, or of k, m or g (1024 bytes each step)',
  parse: readSize,
};

/** `SIZE` or `SIZE-SIZE`: one that is known, or both ends of what it may be. */
export const sizeRange: ValueType<Range> = {
  name: 'SIZE[-SIZE]',
  description: 'a size such as 128k, or a range of sizes such as 64k-128k',
  parse: word => readRange(word, readSize),
};

/** `NUMBER` or `NUMBER-NUMBER`, above 0. */
export const countRange: ValueType<Range> = {
  name: 'NUMBER[-NUMBER]',
  description: 'a whole number above 0, or a range of them such as 500-3000',
  parse: word => readRange(word, each => (/^[0-9]+$/.test(each) ? readSize(each) : undefined)),
};

function readSize(word: string): number | undefined {
  const parts = /^([0-9]{1,15})([kmg]?)$/i.exec(word);
  if (parts === null) return undefined;
  const bytes = Number(parts[1]) * UNITS[parts[2]!.toLowerCase()]!;
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

function readRange(word: string, read: (word: string) => number | undefined): Range | undefined {
  const dash = word.indexOf('-');
  const least = read(dash < 0 ? word : word.slice(0, dash));
  const most = dash < 0 ? least : read(word.slice(dash + 1));
  return least !== undefined && most !== undefined && least <= most ? { least, most } : undefined;
}
