// Where everything lies on the card. Pure numbers: the disk image, GRUB's configuration and the tests share them.

/** Bytes of a sector. */
export const SECTOR = 512;
/** No two parts share an extent of this size, so that a flash block that breaks takes one of them at most. */
export const EXTENT = 4 << 20;

export interface Partition {
  /** 1..4, its place in the MBR. */
  readonly number: number;
  readonly name: 'boot' | 'slot a' | 'slot b' | 'config store';
  /** First byte, a multiple of `EXTENT`. */
  readonly start: number;
  /** Bytes, a multiple of `EXTENT`. */
  readonly length: number;
}

const MEBIBYTE = 1 << 20;

/** In front of the first partition lie the MBR and GRUB's core. Cards sold as 64 MB have as little as 61 MiB: all ends at 60. */
export const PARTITIONS: readonly [Partition, Partition, Partition, Partition] = [
  { number: 1, name: 'boot', start: 4 * MEBIBYTE, length: 8 * MEBIBYTE },
  { number: 2, name: 'slot a', start: 12 * MEBIBYTE, length: 20 * MEBIBYTE },
  { number: 3, name: 'slot b', start: 32 * MEBIBYTE, length: 20 * MEBIBYTE },
  { number: 4, name: 'config store', start: 52 * MEBIBYTE, length: 8 * MEBIBYTE },
];

export const DISK_LENGTH = 60 * MEBIBYTE;

/** Offset of GRUB's environment block in the boot partition: the first sector of its second extent, which holds nothing else. */
export const GRUBENV_OFFSET = EXTENT;
/** One sector, so that it is replaced in one piece. */
export const GRUBENV_LENGTH = SECTOR;
