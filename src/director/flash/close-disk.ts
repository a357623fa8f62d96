// Makes a disk and its partitions read-only: the kernel then refuses every write to them (image/kernel/0003-read-only-card.patch).
import type { Platform } from '../../platform/platform.ts';

/** ioctl request of <linux/fs.h>. */
const BLKROSET = 0x125d;

/** Closes a disk and its partitions: one that was found anew is writable. Throws a SystemError. */
export function closeDisk(platform: Platform, disk: string): void {
  const folder = `/sys/block/${disk}`;
  const { files } = platform;
  setReadOnly(platform, `/dev/${disk}`);
  for (const entry of files.list(folder)) {
    if (files.exists(`${folder}/${entry}/partition`)) setReadOnly(platform, `/dev/${entry}`);
  }
}

function setReadOnly(platform: Platform, path: string): void {
  const device = platform.files.open(path, 'read');
  try {
    device.ioctl(BLKROSET, Uint8Array.of(1, 0, 0, 0));
  } finally {
    device.close();
  }
}
