// Writes the archives that GRUB reads on the card as file systems: POSIX.1-1988 ustar, the same bytes for the same members.
import { SOURCE_DATE_EPOCH } from './exec.ts';

export interface Member {
  /** At most 100 bytes, no folders needed. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** Bytes of a header and the unit that data is padded to. */
export const BLOCK = 512;

/** The archive, closed by two empty blocks. Everything belongs to root, is readable by all and dates from the build epoch. */
export function ustar(members: readonly Member[]): Buffer {
  const parts = members.flatMap(({ name, data }) => [header(name, data.length), data, padding(data.length)]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** Bytes that a member of `length` bytes takes in the archive. */
export function memberLength(length: number): number {
  return BLOCK + Math.ceil(length / BLOCK) * BLOCK;
}

function padding(length: number): Buffer {
  return Buffer.alloc(memberLength(length) - BLOCK - length);
}

function header(name: string, length: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`name too long for ustar: ${name}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(length, 11), 124);
  block.write(octal(SOURCE_DATE_EPOCH, 11), 136);
  block.fill(' ', 148, 156);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  block.write('root', 265);
  block.write('root', 297);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}
