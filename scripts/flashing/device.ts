// What a block device is, as /sys and /proc tell it, and why it may not be overwritten.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The kernel's view: `/sys` and `/proc`, or copies of them in a test. */
export interface Kernel {
  readonly sys: string;
  readonly proc: string;
}

export interface Partition {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Mount points, and `swap`. */
  readonly uses: readonly string[];
  /** What is built upon it: dm-0, md0. */
  readonly holders: readonly string[];
}

/** A whole disk, or a partition of one. */
export interface Device extends Partition {
  readonly kind: 'disk' | 'partition';
  readonly model: string;
  readonly bus: string;
  /** True when the drive says so of itself: card readers and USB sticks. */
  readonly removable: boolean;
  readonly partitions: readonly Partition[];
}

/** Cards larger than this are no cards. */
const MOST_BYTES = 64e9;

/** Describes the block device with this number (`8:16`). */
export function describeDevice(kernel: Kernel, number: string): Device {
  const folder = realpathSync(join(kernel.sys, 'dev/block', number));
  const isPartition = existsSync(join(folder, 'partition'));
  const disk = isPartition ? dirname(folder) : folder;
  const uses = readUses(kernel);
  const partitions = readdirSync(disk)
    .filter(name => existsSync(join(disk, name, 'partition')))
    .map(name => describePart(join(disk, name), uses));
  const vendor = attribute(disk, 'device/vendor') || attribute(disk, 'device/manfid');
  return {
    ...describePart(folder, uses),
    kind: isPartition ? 'partition' : 'disk',
    model:
      [vendor, attribute(disk, 'device/model') || attribute(disk, 'device/name')].join(' ').trim() ||
      'unknown',
    bus: busOf(disk),
    removable: attribute(disk, 'removable') === '1',
    partitions,
  };
}

/** Why the device must not be written to, as far as the machine is concerned; empty when nothing speaks against it. */
export function refusals(device: Device, imageLength: number, allowFixed: boolean): string[] {
  const reasons: string[] = [];
  if (device.kind === 'partition') reasons.push(`${device.name} is a partition; name the whole disk`);
  for (const part of [device, ...device.partitions]) {
    if (part.uses.length > 0) reasons.push(`${part.name} is in use: ${part.uses.join(', ')}`);
    if (part.holders.length > 0) reasons.push(`${part.name} carries ${part.holders.join(', ')}`);
  }
  if (device.uses.concat(device.partitions.flatMap(part => part.uses)).includes('/')) {
    reasons.push(`${device.name} is the disk this system runs from`);
  }
  if (device.size > MOST_BYTES)
    reasons.push(`${gigabytes(device.size)} is too large for a card (64 GB at most)`);
  if (device.size < imageLength) {
    reasons.push(`the card holds ${device.size} bytes, the image needs ${imageLength}`);
  }
  if (!device.removable && !allowFixed) {
    reasons.push(`${device.name} is not removable; if it is a card in a fixed adapter, say --fixed`);
  }
  return reasons;
}

/** What a person needs to recognize the card. */
export function deviceText(device: Device): string {
  const part = ({ name, size, uses }: Partition) =>
    `  ${name}  ${gigabytes(size)}  ${uses.length > 0 ? `in use: ${uses.join(', ')}` : 'not in use'}\n`;
  const kind = `${device.bus}, ${device.removable ? 'removable' : 'fixed'} ${device.kind}`;
  const head = `${device.name}: ${device.model}, ${gigabytes(device.size)} (${device.size} bytes), ${kind}\n`;
  return head + (device.partitions.length > 0 ? device.partitions.map(part).join('') : '  no partitions\n');
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function attribute(folder: string, name: string): string {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

function describePart(folder: string, uses: ReadonlyMap<string, readonly string[]>): Partition {
  const holders = join(folder, 'holders');
  return {
    name: basename(folder),
    // Always in units of 512 bytes, whatever the drive's sectors are.
    size: Number(attribute(folder, 'size')) * 512,
    uses: uses.get(attribute(folder, 'dev')) ?? [],
    holders: existsSync(holders) ? readdirSync(holders) : [],
  };
}

/** Device number -> where it is mounted (proc(5): field 3 and 5 of mountinfo), or swap. */
function readUses({ proc, sys }: Kernel): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  const add = (number: string, use: string) => uses.set(number, [...(uses.get(number) ?? []), use]);
  for (const line of readFileSync(join(proc, 'self/mountinfo'), 'utf8').trim().split('\n')) {
    const [, , number = '', , place = ''] = line.split(' ');
    add(number, place);
  }
  for (const line of readFileSync(join(proc, 'swaps'), 'utf8').trim().split('\n').slice(1)) {
    const device = basename(line.split(/\s/)[0] ?? '');
    const number = attribute(join(sys, 'class/block', device), 'dev');
    if (number) add(number, 'swap');
  }
  return uses;
}

/** The bus by the device's place in the tree of devices. */
function busOf(folder: string): string {
  if (/\/usb\d/.test(folder)) return 'USB';
  if (/\/mmc_host\//.test(folder)) return 'SD/MMC';
  if (/\/ata\d/.test(folder)) return 'ATA';
  if (/\/nvme\//.test(folder)) return 'NVMe';
  return /\/virtual\//.test(folder) ? 'virtual' : 'other bus';
}
