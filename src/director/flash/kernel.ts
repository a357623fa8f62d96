// What the running kernel counts of its disks, read once: counters, sizes, and what is read-only.
import { isSystemError } from '../../platform/platform.ts';
import { CounterSyntaxError, type Device } from './counters.ts';
import type { Reading } from './difference.ts';
import { parseDiskstats } from './diskstats.ts';
import type { Partition } from './partitions.ts';
import { parsePartitions } from './partitions.ts';
import type { Knowledge } from './report.ts';

const PARTITIONS = '/proc/partitions';
const DISKSTATS = '/proc/diskstats';
const UPTIME = '/proc/uptime';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

export interface KernelReading extends Pick<Knowledge, 'sizes' | 'readOnly'> {
  readonly reading: Reading & { readonly uptime: number };
}

/** `read` gives the text of a file, or throws a SystemError. Throws an Error that names the file whose text is something else. */
export function readKernel(read: (path: string) => string): KernelReading {
  const readIfThere = (path: string) => {
    try {
      return read(path);
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return null;
      throw error;
    }
  };
  const partitions = located(PARTITIONS, () => parsePartitions(read(PARTITIONS)));
  const diskstats = readIfThere(DISKSTATS);
  const devices =
    diskstats === null ? counted(partitions) : located(DISKSTATS, () => parseDiskstats(diskstats));
  const uptime = readUptime(read(UPTIME));
  const boot = readIfThere(BOOT_ID)?.trim() || null;
  return {
    reading: { time: uptime, uptime, boot, devices },
    sizes: new Map(partitions.map(({ name, size }) => [name, size])),
    readOnly: readOnlyOf(devices, readIfThere),
  };
}

/** Linux 2.4 has the counters beside the sizes. */
function counted(partitions: readonly Partition[]): Device[] {
  return partitions.flatMap(({ counters, ...device }) =>
    counters === null ? [] : [{ ...device, counters }],
  );
}

/** Null when the kernel tells it of no device. */
function readOnlyOf(
  devices: readonly Device[],
  read: (path: string) => string | null,
): ReadonlySet<string> | null {
  // sysfs has `!` where a name has `/`.
  const flags = devices.map(({ name }) => read(`/sys/class/block/${name.replaceAll('/', '!')}/ro`)?.trim());
  if (flags.every(flag => flag === undefined)) return null;
  return new Set(devices.filter((_, index) => flags[index] === '1').map(({ name }) => name));
}

function readUptime(text: string): number {
  const seconds = /^\d+(\.\d+)?(?= )/.exec(text)?.[0];
  if (seconds === undefined) throw new Error(`${UPTIME}: this is no number of seconds`);
  return Math.round(Number(seconds) * 1000);
}

function located<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof CounterSyntaxError) throw new Error(`${path}: ${error.message}`);
    throw error;
  }
}
