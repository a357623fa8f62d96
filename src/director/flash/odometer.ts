// What was written to this card in its life. It is kept in the snapshots that are written anyway, so it costs no write of its own.
import { dayOf } from './budget.ts';
import { SECTOR_BYTES } from './counters.ts';
import type { EraseCount } from './smart.ts';

export interface Odometer {
  /** Serial number of the card (ATA IDENTIFY DEVICE, words 10 to 19), without spaces around; '' when the card has none. */
  readonly card: string;
  /** Sectors of 512 bytes. */
  readonly sectors: number;
  /** Write requests. */
  readonly writes: number;
  /** Milliseconds in which it was powered and observed. */
  readonly powered: number;
  /** Commits. */
  readonly commits: number;
  /** The day of the last write, days since 1970, and the bytes written on it: what is left of the budget. */
  readonly day: number;
  readonly spent: number;
  /** What the card's own count of erasures was when it was first asked, and `sectors` then. Not there: it has none that is known. */
  readonly erased?: EraseCount & { readonly sectors: number };
}

/** Bytes of an encoded odometer without `erased`, and with it. */
export const ODOMETER_LENGTH = 68;
export const WHOLE_LENGTH = 88;
// Little-endian: version 0 (2 bytes), zero 2 (2), commits 4 (4), sectors 8, writes 16, powered 24, spent 32 (8 each, low word first),
// day 40 (4), zero 44 (4), serial number 48 (20, padded with zeros). With `erased`: number of the attribute 68 (4), its value 72,
// sectors then 80 (8 each). What it rides in has a checksum.
const VERSION = 1;
const SERIAL = 48;
const SERIAL_LENGTH = 20;
const ERASED = 68;
const WORD = 2 ** 32;

/** An odometer that has counted nothing, for the card with this serial number. */
export function newOdometer(serial: string): Odometer {
  return { card: presentable(serial), sectors: 0, writes: 0, powered: 0, commits: 0, day: 0, spent: 0 };
}

/** What happened to the card since it was last added. */
export interface Distance {
  readonly sectors: number;
  readonly writes: number;
  /** Milliseconds. */
  readonly powered: number;
}

/** Goes on by what happened, at this time of the wall clock. Counts stop at 2^53 - 1. */
export function advance(odometer: Odometer, { sectors, writes, powered }: Distance, wall: number): Odometer {
  const today = Math.max(dayOf(wall), odometer.day);
  const bytes = sectors * SECTOR_BYTES;
  const isLater = today > odometer.day && bytes > 0;
  return {
    ...odometer,
    sectors: atMost(odometer.sectors + sectors),
    writes: atMost(odometer.writes + writes),
    powered: atMost(odometer.powered + powered),
    day: isLater ? today : odometer.day,
    spent: isLater ? bytes : atMost(odometer.spent + bytes),
  };
}

/**
 * The odometer as a commit of so many sectors takes it along: the commit itself is counted before it is written. When the counters
 * show these sectors later they must not be added again: advance by what is observed less what commits have counted.
 */
export function withCommit(odometer: Odometer, sectors: number, wall: number): Odometer {
  const further = advance(odometer, { sectors, writes: 1, powered: 0 }, wall);
  return { ...further, commits: Math.min(further.commits + 1, WORD - 1) };
}

/**
 * The odometer to go on with when a card has been read. One that came with an image from another card says nothing about this
 * one; a card that has no serial number, or had none then, is taken for the same.
 */
export function odometerOf(serial: string, stored: Odometer | null): Odometer {
  const card = presentable(serial);
  if (stored === null) return newOdometer(card);
  if (stored.card === '' || card === '') return { ...stored, card: stored.card || card };
  return stored.card === card ? stored : newOdometer(card);
}

/**
 * The odometer with what the card says of its erasures before a commit. The first reading stays, since the longer the distance the better what
 * it tells; another attribute, or one that has begun anew, is a first reading.
 */
export function withErasures(odometer: Odometer, count: EraseCount | null): Odometer {
  const { erased, sectors } = odometer;
  if (count === null || (erased?.id === count.id && erased.raw <= count.raw)) return odometer;
  return { ...odometer, erased: { ...count, sectors } };
}

/** Throws a RangeError for values that are no counts. */
export function encodeOdometer(odometer: Odometer): Uint8Array {
  const { erased } = odometer;
  const bytes = new Uint8Array(erased === undefined ? ODOMETER_LENGTH : WHOLE_LENGTH);
  const view = new DataView(bytes.buffer);
  const put = (at: number, count: number) => {
    const value = checked(count, Number.MAX_SAFE_INTEGER);
    view.setUint32(at, value % WORD, true);
    view.setUint32(at + 4, Math.floor(value / WORD), true);
  };
  view.setUint16(0, VERSION, true);
  view.setUint32(4, checked(odometer.commits, WORD - 1), true);
  [odometer.sectors, odometer.writes, odometer.powered, odometer.spent].forEach((count, index) => {
    put(8 + index * 8, count);
  });
  view.setUint32(40, checked(odometer.day, WORD - 1), true);
  const serial = presentable(odometer.card);
  for (let at = 0; at < serial.length; at++) bytes[SERIAL + at] = serial.charCodeAt(at);
  if (erased !== undefined) {
    view.setUint32(ERASED, checked(erased.id, 0xff), true);
    put(ERASED + 4, erased.raw);
    put(ERASED + 12, erased.sectors);
  }
  return bytes;
}

/** Reads back what `encodeOdometer` made; null for anything else, as from a version to come. Longer input is fine. */
export function decodeOdometer(bytes: Uint8Array): Odometer | null {
  if (bytes.length < ODOMETER_LENGTH) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0, true) !== VERSION) return null;
  const count = (at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * WORD;
  const [sectors, writes, powered, spent] = [count(8), count(16), count(24), count(32)];
  if (![sectors, writes, powered, spent].every(Number.isSafeInteger)) return null;
  const serial = String.fromCharCode(...bytes.subarray(SERIAL, SERIAL + SERIAL_LENGTH)).replace(/\0+$/, '');
  if (presentable(serial) !== serial) return null;
  const id = bytes.length < WHOLE_LENGTH ? 0 : view.getUint32(ERASED, true);
  const erased = id === 0 || id > 0xff ? null : { id, raw: count(ERASED + 4), sectors: count(ERASED + 12) };
  const isWhole = erased !== null && Number.isSafeInteger(erased.raw) && Number.isSafeInteger(erased.sectors);
  return {
    card: serial,
    sectors,
    writes,
    powered,
    commits: view.getUint32(4, true),
    day: view.getUint32(40, true),
    spent,
    ...(isWhole && { erased }),
  };
}

/** A serial number as it can be stored and shown: printable ASCII, 20 characters at most. */
function presentable(serial: string): string {
  const printable = serial.replace(/[^ -~]/g, '?');
  return printable.trim().slice(0, SERIAL_LENGTH).trimEnd();
}

function atMost(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}

function checked(count: number, most: number): number {
  if (!Number.isInteger(count) || count < 0 || count > most) {
    throw new RangeError(`an odometer cannot hold ${count}`);
  }
  return count;
}
