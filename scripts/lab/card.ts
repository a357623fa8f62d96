// The card of a board in the lab: a sparse copy of the image, with a configuration of its own.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { PARTITIONS } from '../../image/layout.ts';
import { COPY_OFFSETS, encodeSnapshot, SEED_LENGTH } from '../../src/director/flash/store.ts';

/** Copies `image` to `card` and commits `config` to its store. */
export function makeCard(image: string, card: string, config: string): void {
  execFileSync('cp', ['--sparse=always', image, card]);
  const snapshot = encodeSnapshot({
    // A later commit than any that the image carries.
    sequence: 0x10000,
    time: Date.now(),
    seed: crypto.getRandomValues(new Uint8Array(SEED_LENGTH)),
    config: new TextEncoder().encode(config),
  });
  const file = openSync(card, 'r+');
  try {
    writeSync(file, snapshot, 0, snapshot.length, PARTITIONS[3].start + COPY_OFFSETS[0]);
  } finally {
    closeSync(file);
  }
}
