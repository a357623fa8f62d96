// Sizes, spans and shares in words, with as many digits as an estimate deserves.
import type { Range } from './card.ts';

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];
const YEAR = 365;
/** Nobody knows a card of this age: a longer forecast would only look exact. Years. */
const LONGEST = 100;

/** `512 B`, `4.0 KiB`, `64 KiB`, `1.5 MiB`. */
export function inBytes(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const next of UNITS) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${unit === 'B' || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** `40 min`, `17 hours`, `23 days`, `370 days`, `11 years`, `more than 100 years`: two digits. Infinity has no end. */
export function inDays(days: number): string {
  if (days > LONGEST * YEAR) return `more than ${LONGEST} years`;
  if (days >= 2 * YEAR) return `${twoDigits(days / YEAR)} years`;
  if (days >= 1) return plural(twoDigits(days), 'day');
  if (days * 24 >= 1) return plural(twoDigits(days * 24), 'hour');
  return inSpan(days * 86_400_000);
}

/** `from A to B`, or A alone when both read the same. */
export function inRange({ least, most }: Range, words: (value: number) => string): string {
  const [from, to] = [words(least), words(most)];
  return from === to ? from : `${from} to ${to}`;
}

/** `0.05 %`, `12 %`, `106 %`: two digits, and all of those before the point; what is less than 0.001 % is said to be that. */
export function inPercent(part: number): string {
  if (part > 0 && part < LEAST_PART) return 'less than 0.001 %';
  return `${part < 1 ? twoDigits(part * 100) : Math.round(part * 100)} %`;
}

const LEAST_PART = 1e-5;

/** `1,024`. */
export function inThousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 window`, `2 windows`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `40 s`, `19.9 s`, `10 min`, `4 h`, `3 days`: how long a span of milliseconds is. */
export function inSpan(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${oneDecimal(seconds)} s`;
  if (seconds < 7200) return `${oneDecimal(seconds / 60)} min`;
  if (seconds < 172_800) return `${oneDecimal(seconds / 3600)} h`;
  return `${oneDecimal(seconds / 86_400)} days`;
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
