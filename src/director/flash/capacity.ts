// How many bytes can be written for one cycle of the blocks that wear: what levelling reaches, less what write amplification takes.
import type { CardProfile, Range } from './card.ts';
import type { Calibration } from './smart.ts';
import { inBytes, inRange } from './words.ts';

/** What is known of how a card is used. */
export interface Usage {
  /** Bytes of a write, in the mean; above 0. */
  readonly meanWrite: number;
  /** Bytes of the card that hold something, from the partition table or the image; null when unknown. */
  readonly held: number | null;
  readonly calibration: Calibration | null;
}

export interface CycleBytes {
  readonly bytes: Range;
  readonly amplification: Range;
  /** In words, one for each thing that mattered. */
  readonly reasons: readonly string[];
}

/** Part of a card that is spare even when it is full (amp inc: about 3 % of each zone). */
const SPARE = 0.03;

/** Bytes written for one program and erase cycle of everything that shares the wear. */
export function cycleBytes(card: CardProfile, usage: Usage): CycleBytes {
  const { amplification, reason } = amplify(card, usage);
  const common = { amplification, reasons: [reason] };
  const spread = (capacity: Range) => ({
    least: capacity.least / amplification.most,
    most: capacity.most / amplification.least,
  });
  const add = (bytes: Range, ...reasons: string[]): CycleBytes => ({
    ...common,
    bytes,
    reasons: [...common.reasons, ...reasons],
  });
  switch (card.levelling) {
    case 'static':
      return add(
        spread(card.capacity),
        `levelling static: the whole card wears evenly, ${sized(card.capacity)}`,
      );
    case 'dynamic': {
      const free = freeCapacity(card.capacity, usage.held);
      const known = usage.held === null ? 'how much is free is not known' : `${inBytes(usage.held)} are held`;
      return add(spread(free), `levelling dynamic: only free blocks wear, ${sized(free)} (${known})`);
    }
    case 'zoned': {
      const zone = smaller(card.zone ?? card.capacity, card.capacity);
      return add(spread(zone), `levelling within zones: one zone may take all writes, ${sized(zone)}`);
    }
    case 'none':
      return { ...add(hotBytes(card, usage.meanWrite), HOT_REASON), reasons: [HOT_REASON] };
    case 'unknown':
      return add(
        { least: hotBytes(card, usage.meanWrite).least, most: spread(card.capacity).most },
        `levelling unknown: from one block that takes all writes to the whole card, ${sized(card.capacity)}`,
      );
  }
}

const HOT_REASON =
  'levelling none: one block may take all writes; at worst each is an erasure, at best they fill the block before it is erased';

/**
 * Without levelling the block that is written most ends the card: at worst every write erases it, at best writes go on within it
 * until it is full. A write that is larger than the block erases it once, and others.
 */
function hotBytes({ eraseBlock }: CardProfile, meanWrite: number): Range {
  return { least: meanWrite, most: Math.max(meanWrite, eraseBlock.most) };
}

/** A card that is smaller than the zones of its family is one zone. */
function smaller(a: Range, b: Range): Range {
  return { least: Math.min(a.least, b.least), most: Math.min(a.most, b.most) };
}

function freeCapacity(capacity: Range, held: number | null): Range {
  const free = (size: number, used: number) => Math.max(size - used, SPARE * size);
  return held === null
    ? { least: SPARE * capacity.least, most: capacity.most }
    : { least: free(capacity.least, held), most: free(capacity.most, held) };
}

/** Erased bytes for each that is written: at best 1; at worst a whole block for every write. The card's own account goes before. */
function amplify({ eraseBlock }: CardProfile, { meanWrite, calibration }: Usage): Calibration {
  const most = Math.ceil(eraseBlock.most / meanWrite);
  if (calibration === null) {
    const blocks = inRange(eraseBlock, inBytes);
    const reason = `write amplification 1 to ${most}: writes of ${inBytes(meanWrite)} in the mean, erase blocks of ${blocks}`;
    return { amplification: { least: 1, most }, reason };
  }
  const note =
    calibration.amplification.most > most
      ? `; that is more than block and write sizes explain (${most})`
      : '';
  return { ...calibration, reason: `${calibration.reason}${note}` };
}

function sized(range: Range): string {
  return inRange(range, inBytes);
}
