// What a card says of its own wear: its SMART attributes as data, and the write amplification that follows from two readings of them.
import type { CardProfile, Range } from './card.ts';
import { inBytes, inThousands } from './words.ts';

/** One of the 30 of a SMART READ DATA answer (ATA-3 and later; what a number means is up to the maker). */
export interface SmartAttribute {
  readonly id: number;
  /** Normalised: 1..253, falls with wear. */
  readonly value: number;
  /** The six bytes behind it, as one number. */
  readonly raw: number;
}

/** Null: this card does not say. */
export interface SmartWear {
  readonly averageErasures: number | null;
  readonly worstErasures: number | null;
  readonly totalErasures: number | null;
  /** 0..1, by the card's own reckoning. */
  readonly lifeLeft: number | null;
  readonly spareBlocks: number | null;
}

/** What the attributes mean on this card; null when none of them has a known meaning. */
export function readSmart({ smart }: CardProfile, attributes: readonly SmartAttribute[]): SmartWear | null {
  const find = (id: number | undefined) => attributes.find(attribute => attribute.id === id);
  const raw = (id: number | undefined) => find(id)?.raw ?? null;
  const left = find(smart.lifeLeft)?.value ?? null;
  const wear: SmartWear = {
    averageErasures: raw(smart.averageErasures),
    worstErasures: raw(smart.worstErasures),
    totalErasures: raw(smart.totalErasures),
    lifeLeft: left === null ? null : Math.min(left, 100) / 100,
    spareBlocks: raw(smart.spareBlocks),
  };
  return Object.values(wear).every(value => value === null) ? null : wear;
}

/** A count of erasures that the card keeps. */
export interface EraseCount {
  /** Number of the attribute. */
  readonly id: number;
  readonly raw: number;
}

/** The count that tells most finely what is erased; null when this card has none that is known. */
export function eraseCountOf(
  { smart }: CardProfile,
  attributes: readonly SmartAttribute[],
): EraseCount | null {
  for (const wanted of [smart.totalErasures, smart.averageErasures]) {
    const found = attributes.find(({ id }) => id === wanted);
    if (found !== undefined) return { id: found.id, raw: found.raw };
  }
  return null;
}

/** What the card said when so many bytes had been written by the host. */
export interface SmartReading {
  readonly wear: SmartWear;
  /** Bytes, by whatever counts them from one reading to the next: the odometer. */
  readonly written: number;
}

export interface Calibration {
  readonly amplification: Range;
  /** In words. */
  readonly reason: string;
}

/** Counts below this are too coarse: that they are whole numbers alone makes them wrong by more than a tenth. */
const ENOUGH_ERASURES = 10;

/** What an erase count from earlier says; null when it is none of this card's. */
export function wearOf(card: CardProfile, { id, raw }: EraseCount): SmartWear | null {
  return readSmart(card, [{ id, raw, value: 0 }]);
}

/** The write amplification between two readings, erased bytes by written ones; null when too little happened, or the card is another. */
export function calibrate(card: CardProfile, earlier: SmartReading, later: SmartReading): Calibration | null {
  const written = later.written - earlier.written;
  if (written <= 0) return null;
  const count = (key: 'totalErasures' | 'averageErasures') => {
    const [from, to] = [earlier.wear[key], later.wear[key]];
    return from === null || to === null ? 0 : to - from;
  };
  const total = count('totalErasures');
  if (total >= ENOUGH_ERASURES) return measured(total, card.eraseBlock, written, 'blocks');
  const average = count('averageErasures');
  if (average >= ENOUGH_ERASURES) return measured(average, card.capacity, written, 'times the whole card');
  return null;
}

/** A count of erasures of so many bytes each may be one more or one less than the truth. */
function measured(count: number, each: Range, written: number, what: string): Calibration {
  const amplification = {
    // Less than what was written cannot have been erased for it.
    least: Math.max(1, ((count - 1) * each.least) / written),
    most: Math.max(1, ((count + 1) * each.most) / written),
  };
  const reason = `write amplification measured: the card erased ${inThousands(count)} ${what} while ${inBytes(written)} were written`;
  return { amplification, reason };
}

/** Which part of its rated cycles the card has used by its own account; null when it does not say. May be above 1. */
export function usedBySmart(card: CardProfile, wear: SmartWear): Range | null {
  const { averageErasures, worstErasures, totalErasures, lifeLeft } = wear;
  const byCycles = (erasures: number): Range => ({
    least: erasures / card.cycles.most,
    most: erasures / card.cycles.least,
  });
  if (lifeLeft !== null) return { least: 1 - lifeLeft, most: 1 - lifeLeft };
  // Without levelling the block that was erased most is the one that ends the card.
  if (card.levelling === 'none' && worstErasures !== null) return byCycles(worstErasures);
  if (averageErasures !== null) return byCycles(averageErasures);
  if (totalErasures === null) return null;
  return {
    least: (totalErasures * card.eraseBlock.least) / (card.capacity.most * card.cycles.most),
    most: (totalErasures * card.eraseBlock.most) / (card.capacity.least * card.cycles.least),
  };
}
