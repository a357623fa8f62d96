// The master boot record: GRUB's first stage, the disk signature by which the system finds its card again, the partition table.
import type { Partition } from './layout.ts';
import { SECTOR } from './layout.ts';

/** What lies in the partitions is no file system that another system should offer to format or repair ("Non-FS data"). */
const PARTITION_TYPE = 0xda;
const SIGNATURE = 440;
const TABLE = 446;
/** Offset in boot.img of a jump over the check for a firmware that names a wrong boot drive in DL (GRUB's setup.c). */
const DRIVE_CHECK = 0x66;

/** The 512 bytes. `boot` is GRUB's boot.img; `signature` is 8 hexadecimal digits as Linux shows them. */
export function masterBootRecord(
  boot: Uint8Array,
  signature: string,
  partitions: readonly Partition[],
): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector.set(boot.subarray(0, SIGNATURE));
  // As grub-bios-setup does for hard disks: two NOPs let the check run.
  sector.fill(0x90, DRIVE_CHECK, DRIVE_CHECK + 2);
  sector.writeUInt32LE(Number.parseInt(signature, 16), SIGNATURE);
  for (const { number, start, length } of partitions) {
    const entry = sector.subarray(TABLE + (number - 1) * 16);
    const first = start / SECTOR;
    const count = length / SECTOR;
    entry[0] = number === 1 ? 0x80 : 0;
    entry.set(cylinderHeadSector(first), 1);
    entry[4] = PARTITION_TYPE;
    entry.set(cylinderHeadSector(first + count - 1), 5);
    entry.writeUInt32LE(first, 8);
    entry.writeUInt32LE(count, 12);
  }
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** A sector number in the 255 x 63 geometry that LBA translation uses. The card ends far below its limit of 8 GB. */
function cylinderHeadSector(sector: number): [number, number, number] {
  const cylinder = Math.floor(sector / (255 * 63));
  const head = Math.floor(sector / 63) % 255;
  return [head, ((cylinder >> 2) & 0xc0) | ((sector % 63) + 1), cylinder & 0xff];
}
