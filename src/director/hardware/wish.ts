// The wish for the factory configuration at the next boot, in the bytes beside the board's clock: it outlives a reset, costs the card
// no write, and is forgotten by a board without a battery when its power is cut.
import type { Platform } from '../../platform/platform.ts';
import { CLOCK_MEMORY, readClockMemory, writeClockMemory } from './clock-memory.ts';

/** "FCTY": nothing that memory holds by chance. */
const WISHED = [0x46, 0x43, 0x54, 0x59];

export function isFactoryWished(platform: Platform): boolean {
  const bytes = readClockMemory(platform, CLOCK_MEMORY.wish);
  return bytes !== null && WISHED.every((byte, index) => bytes[index] === byte);
}

/** False when the board has no such memory. */
export function wishForFactory(platform: Platform, isWished: boolean): boolean {
  const bytes = isWished ? Uint8Array.from(WISHED) : new Uint8Array(CLOCK_MEMORY.wish.length);
  return writeClockMemory(platform, CLOCK_MEMORY.wish, bytes);
}
