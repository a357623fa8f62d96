// What the kernel counts of a disk or a partition, whichever file it was read from, and what cannot be read of such a file.

/**
 * Sums since the device appeared (Documentation/admin-guide/iostats.rst). The kernel keeps them in an unsigned long, so on a 32-bit
 * board they wrap at 2^32. A sector has 512 bytes here, whatever the sectors of the device are.
 */
export interface Counters {
  /** Requests completed. Linux 2.6.0 to 2.6.24 count those of a partition before they are merged: more, and smaller ones. */
  readonly reads: number;
  readonly sectorsRead: number;
  readonly writes: number;
  readonly sectorsWritten: number;
  /** Null where the kernel does not count it (before 4.18). */
  readonly sectorsDiscarded: number | null;
  /** Null where the kernel does not count it (before 5.5). Always 0 for a partition. */
  readonly flushes: number | null;
}

export interface Device {
  readonly major: number;
  readonly minor: number;
  /** As in /dev: `sda`, `sda4`; with devfs `ide/host0/bus0/target0/lun0/disc`. */
  readonly name: string;
  readonly counters: Counters;
}

/** Bytes of a sector as the kernel counts them. */
export const SECTOR_BYTES = 512;

/** A text that is not what the kernel writes; line and column count from 1. */
export class CounterSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, message: string) {
    super(`line ${line}, column ${column}: ${message}`);
    this.name = 'CounterSyntaxError';
    this.line = line;
    this.column = column;
  }
}

/** True for devices that live in memory: what is written to them wears nothing. */
export function isMemory(name: string): boolean {
  return /^(ram|loop|zram)\d+$/.test(name);
}

/** The disk that a partition is on, among the names of all devices; null for a disk. */
export function diskOf(name: string, names: readonly string[]): string | null {
  let disk: string | null = null;
  for (const other of names) {
    if (isPartitionOf(name, other) && (disk === null || other.length > disk.length)) disk = other;
  }
  return disk;
}

/** Partitions of `sda` are `sda1`..., of `mmcblk0` they are `mmcblk0p1`..., of devfs' `.../disc` they are `.../part1`... */
function isPartitionOf(name: string, disk: string): boolean {
  if (disk.endsWith('/disc')) {
    const folder = disk.slice(0, -'disc'.length);
    return name.startsWith(folder) && /^part\d+$/.test(name.slice(folder.length));
  }
  if (!name.startsWith(disk)) return false;
  return (/\d$/.test(disk) ? /^p\d+$/ : /^\d+$/).test(name.slice(disk.length));
}
