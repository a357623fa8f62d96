// The answers to SMART READ DATA and SMART READ THRESHOLDS: 30 entries of 12 bytes behind a version, and a checksum (SFF-8035i 2.0). Pure.
import type { SmartAttribute } from './smart.ts';

const LENGTH = 512;
const ENTRIES = { start: 2, count: 30, length: 12 };

/** The attributes that are there; null when the checksum is wrong. */
export function parseSmartData(bytes: Uint8Array): SmartAttribute[] | null {
  return (
    entriesOf(bytes)?.map(entry => ({
      id: entry[0]!,
      value: entry[3]!,
      raw: entry.slice(5, 11).reduceRight((sum, byte) => sum * 256 + byte, 0),
    })) ?? null
  );
}

/** Threshold by attribute; null when the checksum is wrong. */
export function parseThresholds(bytes: Uint8Array): Map<number, number> | null {
  const entries = entriesOf(bytes);
  return entries && new Map(entries.map(entry => [entry[0]!, entry[1]!]));
}

/** A threshold of 0 is never reached. */
export function failingAttributes(
  attributes: readonly SmartAttribute[],
  thresholds: ReadonlyMap<number, number>,
): number[] {
  return attributes.filter(({ id, value }) => value <= (thresholds.get(id) || -1)).map(({ id }) => id);
}

function entriesOf(bytes: Uint8Array): Uint8Array[] | null {
  if (bytes.length < LENGTH) return null;
  if (bytes.subarray(0, LENGTH).reduce((sum, byte) => (sum + byte) & 0xff, 0) !== 0) return null;
  const { start, count, length } = ENTRIES;
  const entries = Array.from({ length: count }, (_, index) =>
    bytes.slice(start + index * length, start + (index + 1) * length),
  );
  return entries.filter(([id]) => id !== 0);
}
