// The whole card as one file, laid out without root rights and loop mounts. Parts nobody fills stay holes in the file.
import { closeSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { COPY_OFFSETS, encodeSnapshot, SEED_LENGTH } from '../src/director/flash/store.ts';
import type { Board } from './board.ts';
import { SOURCE_DATE_EPOCH } from './exec.ts';
import { bootPartition, CORE_LIMIT, diskSignature } from './grub.ts';
import { DISK_LENGTH, PARTITIONS, SECTOR } from './layout.ts';
import { masterBootRecord } from './mbr.ts';

export interface DiskParts {
  readonly board: Board;
  /** GRUB's boot.img and core.img, and its configuration. */
  readonly boot: Uint8Array;
  readonly core: Uint8Array;
  readonly configuration: string;
  /** The archive that goes into both slots, so that the second is there to fall back to from the first day. */
  readonly slot: Uint8Array;
  /** The site's configuration, or null for a card that starts without one. */
  readonly config: Uint8Array | null;
}

/** A run of bytes at its place on the card. */
export interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Everything on the card that is not zero, by rising offset. */
export function diskPieces({ board, boot, core, configuration, slot, config }: DiskParts): Piece[] {
  if (core.length > CORE_LIMIT) throw new RangeError(`GRUB's core of ${core.length} bytes does not fit`);
  const [bootPart, slotA, slotB, store] = PARTITIONS;
  const pieces: Piece[] = [
    { offset: 0, data: masterBootRecord(boot, diskSignature(board), PARTITIONS) },
    { offset: SECTOR, data: core },
    { offset: bootPart.start, data: bootPartition(configuration) },
    { offset: slotA.start, data: slot },
    { offset: slotB.start, data: slot },
  ];
  if (config) pieces.push({ offset: store.start + COPY_OFFSETS[0], data: factorySnapshot(config) });
  return pieces;
}

/** The first commit. Its seed is zero: an image that anybody can have holds no secret. */
function factorySnapshot(config: Uint8Array): Uint8Array {
  const time = SOURCE_DATE_EPOCH * 1000;
  return encodeSnapshot({ sequence: 1, time, seed: new Uint8Array(SEED_LENGTH), config });
}

/** Writes the image, under another name first so that a half-written one is never found. */
export function writeDisk(file: string, pieces: readonly Piece[]): void {
  const temporary = `${file}.tmp-${process.pid}`;
  const disk = openSync(temporary, 'w', 0o644);
  ftruncateSync(disk, DISK_LENGTH);
  for (const { offset, data } of pieces) writeSparse(disk, offset, data);
  closeSync(disk);
  renameSync(temporary, file);
}

const HOLE = 64 * 1024;
const ZEROS = Buffer.alloc(HOLE);

function writeSparse(disk: number, offset: number, data: Uint8Array): void {
  for (let at = 0; at < data.length; at += HOLE) {
    const part = data.subarray(at, at + HOLE);
    if (ZEROS.subarray(0, part.length).equals(part)) continue;
    if (writeSync(disk, part, 0, part.length, offset + at) !== part.length)
      throw new Error('the disk is full');
  }
}

/** Where the results of a board are put. */
export function resultFile(out: string, board: Board, extension: string): string {
  return join(out, `${board.name}.${extension}`);
}
