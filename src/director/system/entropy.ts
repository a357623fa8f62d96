// Gives the kernel's random generator the secret that was committed with the configuration: the oldest boards have neither a
// hardware source nor a clock that differs from one boot to the next.
import type { Platform } from '../../platform/platform.ts';

/** _IOW('R', 3, int [2]) of <linux/random.h>: adds bytes and says how many bits of them nobody can guess. */
const RNDADDENTROPY = 0x40085203;

/**
 * Mixes in `seed` and the clocks. A seed that is not all zero is the output of a board's own generator and counts in full: the
 * kernel then answers at once and never with bytes made before the seed went in. The same seed serves every boot until the next
 * commit; what keeps two boots apart are the clocks, the timing of interrupts and the network addresses, which the kernel mixes
 * in by itself. A factory seed is zero, is no secret and counts nothing. Throws a SystemError.
 */
export function seedRandom(platform: Platform, seed: Uint8Array): void {
  const { clock, files } = platform;
  const pool = new Uint8Array(8 + seed.length + 16);
  const view = new DataView(pool.buffer);
  view.setInt32(0, seed.some(byte => byte !== 0) ? seed.length * 8 : 0, true);
  view.setInt32(4, pool.length - 8, true);
  pool.set(seed, 8);
  view.setFloat64(8 + seed.length, clock.monotonic(), true);
  view.setFloat64(16 + seed.length, clock.wall(), true);
  const device = files.open('/dev/urandom', 'write');
  try {
    device.ioctl(RNDADDENTROPY, pool);
  } finally {
    device.close();
  }
}
