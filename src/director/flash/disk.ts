// Finds the card that this system was booted from, and reads its config store. The name of the disk depends on board and firmware
// (the card may be the first or the second), so it is known by the signature in its MBR, which GRUB passes to the kernel.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { COPY_OFFSETS, type Decoded, decodeSnapshot, SECTOR, snapshotLength } from './store.ts';

/** Offset of the disk signature in the MBR, a little-endian 32-bit number. */
const SIGNATURE_OFFSET = 440;
/** The partition that holds the config store. */
const STORE_PARTITION = 4;

/** The value of `name=` on the kernel's command line, or null. */
export function kernelParameter(platform: Platform, name: string): string | null {
  const words = platform.files.readText('/proc/cmdline').trim().split(/\s+/);
  const word = words.find(each => each.startsWith(`${name}=`));
  return word === undefined ? null : word.slice(name.length + 1);
}

/** Names of the disks (`sda`) whose MBR carries `signature`, 8 hexadecimal digits. Disks that cannot be read are passed over. */
export function findDisks(platform: Platform, signature: string): string[] {
  return platform.files
    .list('/sys/block')
    .filter(name => !/^(ram|loop)\d/.test(name) && readSignature(platform, name) === signature);
}

/** Null when it cannot be read. */
export function readSignature(platform: Platform, disk: string): string | null {
  const sector = new Uint8Array(SECTOR);
  try {
    if (readAt(platform, `/dev/${disk}`, sector, 0) < SECTOR) return null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
  return new DataView(sector.buffer).getUint32(SIGNATURE_OFFSET, true).toString(16).padStart(8, '0');
}

/** Path of the device of a disk's config store, or null when the disk has no fourth partition. */
export function storeDevice(platform: Platform, disk: string): string | null {
  return partitionDevice(platform, disk, STORE_PARTITION);
}

/** Path of the device of a partition, or null when the disk has none of that number. */
export function partitionDevice(platform: Platform, disk: string, partition: number): string | null {
  const { files } = platform;
  const name = files.list(`/sys/block/${disk}`).find(entry => {
    const number = `/sys/block/${disk}/${entry}/partition`;
    return files.exists(number) && files.readText(number).trim() === String(partition);
  });
  return name === undefined ? null : `/dev/${name}`;
}

/** The card that this system was booted from. */
export interface Card {
  /** `sda` */
  readonly disk: string;
  /** Path of the partition with its config store. */
  readonly store: string;
}

/** The card, or why it is not known. `warn` hears of what is odd. */
export function findCard(
  platform: Platform,
  warn: (text: string) => void,
): Card | { readonly missing: string } {
  const signature = kernelParameter(platform, 'director.disk');
  if (signature === null) return { missing: 'the kernel was not told which disk it came from' };
  const [disk, ...others] = findDisks(platform, signature);
  if (disk === undefined) return { missing: `no disk has the signature ${signature}` };
  if (others.length > 0) warn(`${others.join(', ')} too has the signature ${signature}: using ${disk}`);
  const store = storeDevice(platform, disk);
  return store === null ? { missing: `${disk} has no config store` } : { disk, store };
}

/** Both copies; one that the card refuses to give is `damaged`. */
export function readStore(platform: Platform, device: string): Decoded[] {
  return COPY_OFFSETS.map(offset => {
    try {
      return readCopy(platform, device, offset);
    } catch (error) {
      if (isSystemError(error)) return { state: 'damaged', reason: `reading it failed: ${error.message}` };
      throw error;
    }
  });
}

function readCopy(platform: Platform, device: string, offset: number): Decoded {
  const sector = new Uint8Array(SECTOR);
  const first = sector.subarray(0, readAt(platform, device, sector, offset));
  const length = snapshotLength(first);
  if (typeof length !== 'number') return length;
  const whole = new Uint8Array(length);
  return decodeSnapshot(whole.subarray(0, readAt(platform, device, whole, offset)));
}

/** Fills `into` as far as the device goes; returns the bytes read. */
function readAt(platform: Platform, path: string, into: Uint8Array, position: number): number {
  const file = platform.files.open(path, 'read');
  try {
    let done = 0;
    while (done < into.length) {
      const count = file.readAt(into.subarray(done), position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  } finally {
    file.close();
  }
}
