// Writes the words that a configuration puts on the kernel's command line into GRUB's environment block, when they are others.
import type { Platform } from '../../platform/platform.ts';
import { partitionDevice } from './disk.ts';
import { GRUBENV_LENGTH, GRUBENV_OFFSET, planGrubenv } from './grubenv.ts';
import { SECTOR } from './store.ts';
import type { WriteGate } from './write-gate.ts';
import { forgetCached, withWriteWindow } from './write-window.ts';
import { CardError, SETTLING } from './writer.ts';

const BOOT_PARTITION = 1;
/** The kernel's cache writes whole pages; behind the block lie zeros only. */
const PAGE = 4096;

/**
 * Puts `words` there in place of those with one of `names`, and reads them back. Resolves with the sectors written, 0 when it was all
 * there. Rejects with a CardError or a SystemError.
 */
export async function writeBootArguments(
  platform: Platform,
  disk: string,
  words: readonly string[],
  names: readonly string[],
  gate: WriteGate,
): Promise<number> {
  const device = partitionDevice(platform, disk, BOOT_PARTITION);
  if (device === null) {
    if (words.length === 0) return 0;
    throw new CardError(`${disk} has no boot partition`);
  }
  const page = readPage(platform, device);
  const plan = planGrubenv(page.subarray(0, GRUBENV_LENGTH), words, names);
  if (plan.kind === 'same') return 0;
  if (plan.kind === 'impossible') throw new CardError(plan.reason);
  page.set(plan.block);
  await gate.open([disk, device.slice('/dev/'.length)], PAGE / SECTOR);
  try {
    withWriteWindow(platform, `/dev/${disk}`, device, () => {
      const file = platform.files.open(device, 'read-write');
      try {
        file.writeAt(page, GRUBENV_OFFSET);
        file.sync();
      } finally {
        file.close();
      }
    });
    await new Promise<void>(resolve => platform.after(SETTLING, resolve));
  } finally {
    gate.close();
  }
  forgetCached(platform, device);
  const block = readPage(platform, device);
  if (!plan.block.every((byte, index) => byte === block[index]))
    throw new CardError('the environment block of GRUB is not what was written');
  return PAGE / SECTOR;
}

function readPage(platform: Platform, device: string): Uint8Array {
  const page = new Uint8Array(PAGE);
  const file = platform.files.open(device, 'read');
  try {
    file.readAt(page, GRUBENV_OFFSET);
  } finally {
    file.close();
  }
  return page;
}
