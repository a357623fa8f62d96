// What a card calls itself.
import { isSystemError, type Platform } from '../../platform/platform.ts';

/** ioctl request of <linux/hdreg.h>: the answer to IDENTIFY DEVICE, with its texts in reading order (drivers/ata/libata-scsi.c). */
const HDIO_GET_IDENTITY = 0x030d;
const IDENTITY_LENGTH = 512;
/** Words 10 to 19 (ATA-3, 8.10). */
const SERIAL_NUMBER = { start: 20, end: 40 };

/** The serial number of a disk (`sda`); '' when it does not tell. */
export function serialNumberOf({ files }: Platform, disk: string): string {
  const identity = new Uint8Array(IDENTITY_LENGTH);
  try {
    const device = files.open(`/dev/${disk}`, 'read');
    try {
      device.ioctl(HDIO_GET_IDENTITY, identity);
    } finally {
      device.close();
    }
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
  return String.fromCharCode(...identity.subarray(SERIAL_NUMBER.start, SERIAL_NUMBER.end))
    .replace(/[\0 ]+$/, '')
    .trim();
}
