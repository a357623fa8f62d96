// The card is read-only but while a window is open: for one partition, for as long as one piece of work takes. The kernel refuses every
// other write, to the rest of the disk at this time too (image/kernel/0003-read-only-card.patch).
import type { Platform } from '../../platform/platform.ts';

/** ioctl requests of <linux/fs.h>. */
const BLKROSET = 0x125d;
const BLKFLSBUF = 0x1261;

/** Lets `work` write to a partition of a disk; both are read-only again when it is over, however it ended. Throws a SystemError. */
export function withWriteWindow<T>(platform: Platform, disk: string, partition: string, work: () => T): T {
  try {
    setReadOnly(platform, disk, false);
    setReadOnly(platform, partition, false);
    return work();
  } finally {
    // The partition first: one that stays open must not be reached through a disk that is.
    try {
      setReadOnly(platform, partition, true);
    } finally {
      setReadOnly(platform, disk, true);
    }
  }
}

/** Has the kernel forget what it knows of a device, so that the next reading comes from the card. Throws a SystemError. */
export function forgetCached(platform: Platform, path: string): void {
  withDevice(platform, path, BLKFLSBUF, new Uint8Array(4));
}

/** Closes a disk and its partitions: one that was found anew is writable. Throws a SystemError. */
export function closeDisk(platform: Platform, disk: string): void {
  const folder = `/sys/block/${disk}`;
  const { files } = platform;
  setReadOnly(platform, `/dev/${disk}`, true);
  for (const entry of files.list(folder)) {
    if (files.exists(`${folder}/${entry}/partition`)) setReadOnly(platform, `/dev/${entry}`, true);
  }
}

function setReadOnly(platform: Platform, path: string, readOnly: boolean): void {
  withDevice(platform, path, BLKROSET, Uint8Array.of(readOnly ? 1 : 0, 0, 0, 0));
}

function withDevice(platform: Platform, path: string, request: number, argument: Uint8Array): void {
  const device = platform.files.open(path, 'read');
  try {
    device.ioctl(request, argument);
  } finally {
    device.close();
  }
}
