// Writes a snapshot to the card: the one way in which anything of the director reaches it.
import type { Platform } from '../../platform/platform.ts';
import { type CardIo, PAGE } from './card-io.ts';
import type { CommitPlan } from './commit.ts';
import type { Card } from './disk.ts';
import { COPY_OFFSETS, decodeSnapshot, encodeSnapshot, SECTOR, type Snapshot } from './store.ts';

/**
 * Milliseconds between the end of a write and anything that may follow it. A reset within a second of a write can corrupt the tables
 * of a CompactFlash controller (PC Engines, cfwear.htm), which goes on writing after it has said that it is done.
 */
export const SETTLING = 2000;

/** The card does not hold what was written to it. */
export class CardError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CardError';
  }
}

/**
 * Writes the plan's copy, lets the card come to rest and reads it back. Resolves with the sectors written. Rejects with an Error when
 * the card refuses, with a CardError when it holds something else: the other copy is untouched then.
 */
export async function writeSnapshot(
  platform: Pick<Platform, 'after'>,
  io: CardIo,
  { disk, store }: Card,
  plan: CommitPlan,
): Promise<number> {
  const bytes = inPages(encodeSnapshot(plan.snapshot));
  const offset = COPY_OFFSETS[plan.copy]!;
  await io.write(disk, store, bytes, offset);
  await new Promise<void>(resolve => platform.after(SETTLING, resolve));
  const copy = decodeSnapshot(await io.read(store, offset, bytes.length));
  if (copy.state !== 'valid') throw new CardError(lost(plan, copy.reason));
  if (!isSame(inPages(encodeSnapshot(copy.snapshot)), bytes))
    throw new CardError(lost(plan, 'it is another one'));
  return bytes.length / SECTOR;
}

/** Sectors that are written for this snapshot. */
export function sectorsFor(snapshot: Snapshot): number {
  return inPages(encodeSnapshot(snapshot)).length / SECTOR;
}

function inPages(bytes: Uint8Array): Uint8Array {
  const pages = new Uint8Array(Math.ceil(bytes.length / PAGE) * PAGE);
  pages.set(bytes);
  return pages;
}

function lost({ copy }: CommitPlan, reason: string): string {
  return `copy ${copy + 1} of the configuration is not what was written: ${reason}; the other copy is untouched`;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
