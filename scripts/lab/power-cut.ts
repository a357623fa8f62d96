// What a card may hold after the power was cut: what was flushed is there; of what was written since, any sectors may be, in any order.
import type { LoggedWrite } from './write-log.ts';

const SECTOR = 512;

interface SectorWrite {
  /** Bytes from the beginning. */
  readonly offset: number;
  readonly data: Uint8Array;
}

export interface CutOptions {
  /** 0 <= random < 1 */
  random(): number;
  /** Random reorderings that are tried for each flush. */
  readonly reorderings: number;
}

/** Between two flushes. */
interface Epoch {
  /** Every sector written, in order; one may be written twice. */
  readonly sectors: readonly SectorWrite[];
}

/**
 * Brings `card` through the log. At each flush, `judge` sees what the card may hold when the power is cut before it: every prefix of the
 * sectors written since the last flush, every such row without its beginning, and random subsets. `before` is called with the card
 * as the last flush left it, `after` as this one does. Returns how many states were judged. `card` ends as the log does.
 */
export function replayCuts(
  card: Uint8Array,
  log: readonly LoggedWrite[],
  options: CutOptions,
  judge: (state: Uint8Array, epoch: { readonly before: Uint8Array; readonly after: Uint8Array }) => void,
): number {
  let states = 0;
  for (const { sectors } of epochsOf(log)) {
    // Of a Buffer, slice() would give a view of the same bytes.
    const before = new Uint8Array(card);
    const after = new Uint8Array(card);
    for (const { offset, data } of sectors) after.set(data, offset);
    for (const chosen of choices(sectors.length, options)) {
      const state = card;
      for (const index of chosen) state.set(sectors[index]!.data, sectors[index]!.offset);
      judge(state, { before, after });
      states++;
      for (const index of chosen) {
        const { offset } = sectors[index]!;
        state.set(before.subarray(offset, offset + SECTOR), offset);
      }
    }
    card.set(after);
  }
  return states;
}

function* epochsOf(log: readonly LoggedWrite[]): Generator<Epoch> {
  let sectors: SectorWrite[] = [];
  for (const entry of log) {
    if (entry.kind === 'flush') {
      if (sectors.length > 0) yield { sectors };
      sectors = [];
      continue;
    }
    for (let at = 0; at < entry.data.length; at += SECTOR) {
      sectors.push({ offset: entry.sector * SECTOR + at, data: entry.data.subarray(at, at + SECTOR) });
    }
  }
  if (sectors.length > 0) yield { sectors };
}

/** Which of so many sectors have reached the card, in the order in which they did. */
function* choices(count: number, { random, reorderings }: CutOptions): Generator<readonly number[]> {
  const all = Array.from({ length: count }, (_, index) => index);
  for (let cut = 0; cut <= count; cut++) yield all.slice(0, cut);
  for (let cut = 1; cut < count; cut++) yield all.slice(cut);
  for (let round = 0; round < reorderings; round++) {
    const share = random();
    yield all.filter(() => random() < share);
  }
}
