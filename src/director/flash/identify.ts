// The answer to IDENTIFY DEVICE: 256 words, little-endian (ATA-3, 8.10; CompactFlash 4.1, 6.2.1.6). Pure.

export interface CardIdentity {
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  /** Sectors of 512 bytes. */
  readonly sectors: number;
  /** Word 0, or the CFA feature set of word 83, says that it is CompactFlash. */
  readonly isCompactFlash: boolean;
  /** SMART is there and switched on. */
  readonly hasSmart: boolean;
  /** It takes TRIM. */
  readonly hasTrim: boolean;
  /** Sectors of one transfer (READ and WRITE MULTIPLE), as it is set; 0: one each. */
  readonly multiple: number;
}

const LENGTH = 512;
/** General configuration of a CompactFlash card that is no fixed disk. */
const COMPACT_FLASH = 0x848a;

/** Null for an answer that says nothing: all zero, or too short. */
export function parseIdentity(bytes: Uint8Array): CardIdentity | null {
  if (bytes.length < LENGTH || bytes.every(byte => byte === 0)) return null;
  const word = (index: number) => bytes[index * 2]! | (bytes[index * 2 + 1]! << 8);
  const double = (index: number) => word(index) + word(index + 1) * 0x10000;
  /** Words 83 and 87 hold something when their two highest bits are 01. */
  const isTold = (index: number) => word(index) >> 14 === 1;
  const bit = (index: number, number: number) => ((word(index) >> number) & 1) === 1;
  const has48Bits = isTold(83) && bit(83, 10);
  return {
    serial: textOf(bytes, 10, 19),
    firmware: textOf(bytes, 23, 26),
    model: textOf(bytes, 27, 46),
    sectors: has48Bits ? double(100) + double(102) * 2 ** 32 : double(60),
    isCompactFlash: word(0) === COMPACT_FLASH || (isTold(83) && bit(83, 2)),
    hasSmart: isTold(83) && bit(82, 0) && bit(85, 0),
    hasTrim: word(169) !== 0xffff && bit(169, 0),
    multiple: bit(59, 8) ? word(59) & 0xff : 0,
  };
}

/** Two characters a word, the first in the high byte. */
function textOf(bytes: Uint8Array, first: number, last: number): string {
  let text = '';
  for (let index = first; index <= last; index++) {
    text += String.fromCharCode(bytes[index * 2 + 1]!, bytes[index * 2]!);
  }
  return text.replace(/[^ -~]/g, ' ').trim();
}
