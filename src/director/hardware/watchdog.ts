// The board's watchdog timer: a chip that resets the board unless it is fed (Documentation/watchdog/watchdog-api.rst).
import { isSystemError, type OpenFile, type Platform } from '../../platform/platform.ts';

const DEVICE = '/dev/watchdog';

/** ioctl requests of <linux/watchdog.h>. */
const WDIOC_GETBOOTSTATUS = 0x80045702;
const WDIOC_KEEPALIVE = 0x80045705;
const WDIOC_SETTIMEOUT = 0xc0045706;
const WDIOF_CARDRESET = 0x20;

/** Seconds; every driver here takes them. A feed may come as late as the slowest boot of a role. */
export const TIMEOUT = 30;

export class Watchdog {
  readonly #file: OpenFile;
  /** It was this timer that reset the board last; false also when its driver cannot tell. */
  readonly hasReset: boolean;

  private constructor(file: OpenFile) {
    this.#file = file;
    this.hasReset = (asked(file, WDIOC_GETBOOTSTATUS) & WDIOF_CARDRESET) !== 0;
    const seconds = new Uint8Array(4);
    new DataView(seconds.buffer).setInt32(0, TIMEOUT, true);
    file.ioctl(WDIOC_SETTIMEOUT, seconds);
  }

  /** Starts the timer; nothing stops it again but a reset. Null when the board has none. Throws a SystemError. */
  static start(platform: Platform): Watchdog | null {
    try {
      return new Watchdog(platform.files.open(DEVICE, 'write'));
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ENODEV', 'ENXIO')) return null;
      throw error;
    }
  }

  /** Keeps the board from being reset for another `TIMEOUT` seconds. Throws a SystemError. */
  feed(): void {
    asked(this.#file, WDIOC_KEEPALIVE);
  }
}

function asked(file: OpenFile, request: number): number {
  const answer = new Uint8Array(4);
  file.ioctl(request, answer);
  return new DataView(answer.buffer).getInt32(0, true);
}
