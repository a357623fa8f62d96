// Writes the words that a configuration puts on the kernel's command line into GRUB's environment block, when they are others.
import type { Platform } from '../../platform/platform.ts';
import { type CardIo, PAGE } from './card-io.ts';
import { partitionDevice } from './disk.ts';
import { GRUBENV_LENGTH, GRUBENV_OFFSET, planGrubenv } from './grubenv.ts';
import { SECTOR } from './store.ts';
import type { WriteGate } from './write-gate.ts';
import { CardError, SETTLING } from './writer.ts';

const BOOT_PARTITION = 1;

/**
 * Puts `words` there in place of those with one of `names`, and reads them back. Resolves with the sectors written, 0 when it was all
 * there. Rejects with an Error. Behind the block, in the page that is written, lie zeros only.
 */
export async function writeBootArguments(
  platform: Platform,
  io: CardIo,
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
    await io.write(disk, device, page, GRUBENV_OFFSET);
    await new Promise<void>(resolve => platform.after(SETTLING, resolve));
  } finally {
    io.whenOver(() => gate.close());
  }
  const block = await io.read(device, GRUBENV_OFFSET, GRUBENV_LENGTH);
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
