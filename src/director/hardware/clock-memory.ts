// The bytes of battery-backed memory beside the board's clock (drivers/rtc/rtc-cmos.c).
import { isSystemError, type Platform } from '../../platform/platform.ts';

const PATH = '/sys/bus/nvmem/devices/cmos_nvram0/nvmem';
/** The last 16 of the 114: what firmware keeps for itself lies before (CMOS addresses 0x10 to 0x3f, SeaBIOS up to 0x5f). */
const OFFSET = 98;

/** Null when the board has none. */
export function readClockMemory(platform: Platform, length: number): Uint8Array | null {
  const bytes = new Uint8Array(length);
  return withMemory(platform, 'read', file => file.readAt(bytes, OFFSET)) === length ? bytes : null;
}

/** False when the board has none. */
export function writeClockMemory(platform: Platform, bytes: Uint8Array): boolean {
  return (
    withMemory(platform, 'write', file => {
      file.writeAt(bytes, OFFSET);
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
