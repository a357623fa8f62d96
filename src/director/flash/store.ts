// The format of a committed configuration on the card: one snapshot of header and text, written twice into the raw fourth partition
// (two copies, 4 MiB apart, the older one is overwritten). Pure: bytes in, bytes out.
import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes of a sector; snapshots are whole sectors. */
export const SECTOR = 512;
/** Where the two copies begin in the partition, in bytes: each in flash blocks of its own, so that one write can hurt only one. */
export const COPY_OFFSETS = [0, 4 << 20] as const;

// Header, little-endian: magic 0, version 8, sequence 12, time 16 (milliseconds, low word first), length 24, seed 28,
// digest 60; the sections begin behind it. The digest covers the header before it and the sections. A section is a tag of four
// letters, the length of its content, and that; one with an unknown tag is passed over, so that a later version can add some.
const MAGIC = [0x43, 0x44, 0x53, 0x54, 0x4f, 0x52, 0x45, 0x0a]; // "CDSTORE\n"
const VERSION = 2;
const SEED = 28;
const DIGEST = 60;
const SECTIONS = 92;
const SECTION_HEADER = 8;
/** In the order in which they are written. */
const TAGS = { config: 'CONF', comment: 'NOTE', history: 'HIST', odometer: 'ODOM' } as const;
/** The last millisecond that a Date can hold (ECMA-262, time values). */
const LAST_TIME = 8.64e15;
/** Bytes of the entropy seed. */
export const SEED_LENGTH = 32;
/** What the sections of one copy can hold together, in bytes. */
const MAXIMUM_LENGTH = COPY_OFFSETS[1] - SECTIONS;
/** The longest configuration that fits into one copy, in bytes, with nothing beside it. */
export const MAXIMUM_TEXT = MAXIMUM_LENGTH - SECTION_HEADER;

export interface Snapshot {
  /** 1..2^32-1; a later commit has a higher one. */
  readonly sequence: number;
  /** When it was committed, milliseconds since 1970. */
  readonly time: number;
  /** 32 secret bytes from the board's generator; all zero in a factory image, which has no secret. */
  readonly seed: Uint8Array;
  /** The configuration exactly as it was given, whatever its encoding. */
  readonly config: Uint8Array;
  /** What the person who committed it said of it, UTF-8. */
  readonly comment?: Uint8Array;
  /** Earlier configurations, as commit-history.ts encodes them. */
  readonly history?: Uint8Array;
  /** As odometer.ts encodes it. */
  readonly odometer?: Uint8Array;
}

/** Why a copy is of no use: nothing was ever written there, or what was written is not whole. */
export interface Unreadable {
  readonly state: 'empty' | 'damaged';
  readonly reason: string;
}

export type Decoded = { readonly state: 'valid'; readonly snapshot: Snapshot } | Unreadable;

/** The bytes of a snapshot, padded with zeros to whole sectors. Throws a RangeError for values that the format cannot hold. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const { sequence, time, seed } = snapshot;
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 0xffffffff) {
    throw new RangeError(`snapshot sequence ${sequence} is not within 1..4294967295`);
  }
  if (!Number.isInteger(time) || time < 0 || time > LAST_TIME)
    throw new RangeError(`snapshot time ${time} is not a time`);
  if (seed.length !== SEED_LENGTH) throw new RangeError(`snapshot seed has ${seed.length} bytes, not 32`);
  const length = sectionsLength(snapshot);
  if (length > MAXIMUM_LENGTH) {
    const excess = length - MAXIMUM_LENGTH;
    throw new RangeError(`a configuration of ${snapshot.config.length} bytes is too long by ${excess}`);
  }
  const bytes = new Uint8Array(wholeSectors(SECTIONS + length));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, 0);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, sequence, true);
  view.setUint32(16, time % 0x100000000, true);
  view.setUint32(20, Math.floor(time / 0x100000000), true);
  view.setUint32(24, length, true);
  bytes.set(seed, SEED);
  putSections(view, snapshot);
  bytes.set(digest(bytes, length), DIGEST);
  return bytes;
}

type SectionName = keyof typeof TAGS;

function sectionsOf(snapshot: Snapshot): [tag: string, content: Uint8Array][] {
  return (Object.keys(TAGS) as SectionName[]).flatMap(name => {
    const content = snapshot[name];
    return content === undefined ? [] : [[TAGS[name], content] as [string, Uint8Array]];
  });
}

function sectionsLength(snapshot: Snapshot): number {
  return sectionsOf(snapshot).reduce((sum, [, content]) => sum + SECTION_HEADER + content.length, 0);
}

function putSections(view: DataView, snapshot: Snapshot): void {
  let at = SECTIONS;
  for (const [tag, content] of sectionsOf(snapshot)) {
    for (let letter = 0; letter < tag.length; letter++) view.setUint8(at + letter, tag.charCodeAt(letter));
    view.setUint32(at + 4, content.length, true);
    new Uint8Array(view.buffer).set(content, at + SECTION_HEADER);
    at += SECTION_HEADER + content.length;
  }
}

/** How many bytes have to be read, header included, given the copy's first sector; or why there is nothing to read. */
export function snapshotLength(sector: Uint8Array): number | Unreadable {
  if (sector.length < SECTOR)
    return { state: 'damaged', reason: `only ${sector.length} bytes could be read` };
  if (!MAGIC.every((byte, index) => sector[index] === byte)) {
    const first = sector[0];
    const blank = (first === 0 || first === 0xff) && sector.every(byte => byte === first);
    if (blank) return { state: 'empty', reason: 'nothing was ever written here' };
    return { state: 'damaged', reason: 'it does not begin with the mark of a snapshot' };
  }
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  const version = view.getUint32(8, true);
  if (version !== VERSION) {
    return { state: 'damaged', reason: `it has format ${version}, this version reads ${VERSION}` };
  }
  const length = view.getUint32(24, true);
  if (length > MAXIMUM_LENGTH)
    return { state: 'damaged', reason: `its length of ${length} bytes is impossible` };
  return wholeSectors(SECTIONS + length);
}

/** Reads back what `encodeSnapshot` made; longer input is fine. Never throws: whatever is not whole is `damaged`. */
export function decodeSnapshot(bytes: Uint8Array): Decoded {
  const needed = snapshotLength(bytes);
  if (typeof needed !== 'number') return needed;
  if (bytes.length < needed) {
    return { state: 'damaged', reason: `only ${bytes.length} of its ${needed} bytes could be read` };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(24, true);
  const expected = digest(bytes, length);
  if (!expected.every((byte, index) => bytes[DIGEST + index] === byte)) {
    return { state: 'damaged', reason: 'its checksum does not match' };
  }
  const sequence = view.getUint32(12, true);
  const time = view.getUint32(20, true) * 0x100000000 + view.getUint32(16, true);
  if (time > LAST_TIME) return { state: 'damaged', reason: 'its time is impossible' };
  const sections = readSections(view, length);
  if (sections === null) return { state: 'damaged', reason: 'it has no configuration' };
  const seed = bytes.slice(SEED, SEED + SEED_LENGTH);
  return { state: 'valid', snapshot: { sequence, time, seed, ...sections } };
}

/** Null when they are not what `encodeSnapshot` wrote. */
function readSections(view: DataView, length: number): Pick<Snapshot, SectionName> | null {
  const found: { -readonly [K in SectionName]?: Uint8Array } = {};
  const end = SECTIONS + length;
  let at = SECTIONS;
  while (at + SECTION_HEADER <= end) {
    const tag = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
    const start = at + SECTION_HEADER;
    at = start + view.getUint32(at + 4, true);
    if (at > end) return null;
    const name = (Object.keys(TAGS) as SectionName[]).find(each => TAGS[each] === tag);
    if (name !== undefined)
      found[name] = new Uint8Array(view.buffer, view.byteOffset + start, at - start).slice();
  }
  const { config, ...rest } = found;
  return config === undefined ? null : { config, ...rest };
}

/** The index of the newest valid copy, or null when none is. */
export function chooseNewest(copies: readonly Decoded[]): number | null {
  let newest: number | null = null;
  let highest = 0;
  copies.forEach((copy, index) => {
    if (copy.state !== 'valid' || copy.snapshot.sequence <= highest) return;
    newest = index;
    highest = copy.snapshot.sequence;
  });
  return newest;
}

function wholeSectors(length: number): number {
  return Math.ceil(length / SECTOR) * SECTOR;
}

function digest(bytes: Uint8Array, length: number): Uint8Array {
  return sha256
    .create()
    .update(bytes.subarray(0, DIGEST))
    .update(bytes.subarray(SECTIONS, SECTIONS + length))
    .digest();
}
