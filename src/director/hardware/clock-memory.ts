// The bytes of battery-backed memory beside the board's clock (drivers/rtc/rtc-cmos.c).
import { isSystemError, type Platform } from '../../platform/platform.ts';

const PATH = '/sys/bus/nvmem/devices/cmos_nvram0/nvmem';

/** Some bytes of it. */
export interface ClockPlace {
  readonly offset: number;
  readonly length: number;
}

/**
 * What lies where, in the last 16 of the 114 bytes: what firmware keeps for itself lies before (CMOS addresses 0x10 to 0x3f, SeaBIOS
 * up to 0x5f).
 */
export const CLOCK_MEMORY = {
  epitaph: { offset: 98, length: 10 },
  wish: { offset: 108, length: 4 },
} as const satisfies Record<string, ClockPlace>;

/** Null when the board has none. */
export function readClockMemory(platform: Platform, { offset, length }: ClockPlace): Uint8Array | null {
  const bytes = new Uint8Array(length);
  return withMemory(platform, 'read', file => file.readAt(bytes, offset)) === length ? bytes : null;
}

/** False when the board has none. */
export function writeClockMemory(platform: Platform, { offset }: ClockPlace, bytes: Uint8Array): boolean {
  return (
    withMemory(platform, 'write', file => {
      file.writeAt(bytes, offset);
      return true;
    }) ?? false
  );
}

function withMemory<T>(
  platform: Platform,
  access: 'read' | 'write',
  work: (file: ReturnType<Platform['files']['open']>) => T,
): T | null {
  try {
    const file = platform.files.open(PATH, access);
    try {
      return work(file);
    } finally {
      file.close();
    }
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
