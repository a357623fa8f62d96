// Asks the card itself: IDENTIFY DEVICE and the SMART functions that read, all that the kernel lets through
// (image/kernel/0003-read-only-card.patch).
import { isSystemError, type OpenFile, type Platform } from '../../platform/platform.ts';
import { type CardIdentity, parseIdentity } from './identify.ts';
import type { SmartAttribute } from './smart.ts';
import { failingAttributes, parseSmartData, parseThresholds } from './smart-data.ts';

/** ioctl request of <linux/hdreg.h>: command, sector number, feature and sectors, then the data (drivers/ata/libata-scsi.c). */
const HDIO_DRIVE_CMD = 0x031f;
const HEADER = 4;
const SECTOR_BYTES = 512;
/** Commands and features of ATA-3 (X3T10/2008D), 8.10 and 8.30. */
const IDENTIFY_DEVICE = 0xec;
const SMART = 0xb0;
const READ_DATA = 0xd0;
const READ_THRESHOLDS = 0xd1;

/** What a card says of itself. */
export interface CardFacts {
  readonly disk: string;
  readonly identity: CardIdentity;
  /** Null: it does not say. */
  readonly attributes: readonly SmartAttribute[] | null;
  /** Numbers of the attributes that have fallen to their thresholds: by them the maker foretells that the card fails. */
  readonly failing: readonly number[];
}

/** What the card `disk` (`sda`) says of itself; null when it does not, or when this process may not ask. */
export function askCard({ files }: Platform, disk: string): CardFacts | null {
  try {
    const device = files.open(`/dev/${disk}`, 'read');
    try {
      const identity = parseIdentity(ask(device, IDENTIFY_DEVICE, 0));
      if (identity === null) return null;
      return { disk, identity, ...(identity.hasSmart ? askSmart(device) : NO_SMART) };
    } finally {
      device.close();
    }
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

const NO_SMART = { attributes: null, failing: [] };

function askSmart(device: OpenFile): Pick<CardFacts, 'attributes' | 'failing'> {
  const attributes = optional(() => parseSmartData(ask(device, SMART, READ_DATA)));
  if (attributes === null) return NO_SMART;
  const thresholds = optional(() => parseThresholds(ask(device, SMART, READ_THRESHOLDS)));
  return { attributes, failing: failingAttributes(attributes, thresholds ?? new Map()) };
}

/** A card may have the one and lack the other. */
function optional<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function ask(device: OpenFile, command: number, feature: number): Uint8Array {
  const buffer = new Uint8Array(HEADER + SECTOR_BYTES);
  buffer.set([command, 0, feature, 1]);
  device.ioctl(HDIO_DRIVE_CMD, buffer);
  return buffer.subarray(HEADER);
}
