// What is known of a card: a profile, shipped or of one's own, and what is wrong with one of one's own.

/** Both ends are possible; equal ones mean that it is known. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * How a card spreads erasures over its blocks:
 * - `static`: over all, those that hold what never changes included
 * - `dynamic`: over those that are free
 * - `zoned`: within zones, each with spare blocks of its own
 * - `none`: not at all
 * - `unknown`: any of these
 */
export const LEVELLINGS = ['static', 'dynamic', 'zoned', 'none', 'unknown'] as const;
export type Levelling = (typeof LEVELLINGS)[number];

export const CELLS = ['SLC', 'pSLC', 'MLC', 'TLC', 'unknown'] as const;
export type Cell = (typeof CELLS)[number];

/** Where the card's SMART attributes have what wears: numbers of attributes, of which the raw value counts unless said otherwise. */
export interface SmartMeanings {
  /** Erasures of the average block. */
  readonly averageErasures?: number;
  /** Erasures of the block that was erased most. */
  readonly worstErasures?: number;
  /** Erasures of all blocks together. */
  readonly totalErasures?: number;
  /** Percent of its life that the card says is left: the normalised value, 100 for a new one. */
  readonly lifeLeft?: number;
  /** Spare blocks that are left. */
  readonly spareBlocks?: number;
}

export interface CardProfile {
  /** The name in `card "..."` and `--card`. */
  readonly name: string;
  readonly description: string;
  readonly cell: Cell;
  /** Bytes; what is used when the kernel does not say how large the card is. */
  readonly capacity: Range;
  /** Program and erase cycles that a block stands. */
  readonly cycles: Range;
  /** Bytes that are erased at once. */
  readonly eraseBlock: Range;
  readonly levelling: Levelling;
  /** Bytes of a zone, for `zoned`. */
  readonly zone: Range | null;
  readonly smart: SmartMeanings;
  /** Where the numbers come from. */
  readonly source: string;
}

export const KIBI = 1024;
export const MEBI = 1024 * KIBI;
const GIBI = 1024 * MEBI;

/** Something in a profile that cannot be; `field` is a field of CardProfile. */
export interface CardProblem {
  readonly field: keyof CardProfile;
  readonly message: string;
  readonly advice: string;
}

// What no card has ever been: outside of it a digit or a unit is wrong.
const CAPACITIES: Range = { least: MEBI, most: 512 * GIBI };
const CYCLES: Range = { least: 100, most: 10_000_000 };
const ERASE_BLOCKS: Range = { least: 512, most: 16 * MEBI };

/** Everything that is wrong with a profile; nothing when it can be used. */
export function checkCard(card: CardProfile): CardProblem[] {
  const problems: CardProblem[] = [];
  const add = (field: keyof CardProfile, message: string, advice: string) =>
    problems.push({ field, message, advice });
  if (!/^[a-z0-9][a-z0-9._-]{0,31}$/i.test(card.name)) {
    add('name', `'${card.name}' is no name of a card`, 'use up to 32 letters, digits, dots and dashes');
  }
  const range = (
    field: 'capacity' | 'cycles' | 'eraseBlock' | 'zone',
    { least, most }: Range,
    limits: Range,
  ) => {
    if (![least, most].every(Number.isFinite)) return add(field, `${field} is not a number`, 'give a number');
    if (least > most) {
      return add(field, `${field} has ${least} as least and ${most} as most`, 'exchange the two');
    }
    if (least < limits.least || most > limits.most) {
      const message = `${field} of ${least === most ? least : `${least} to ${most}`} is not within ${limits.least} to ${limits.most}`;
      add(field, message, 'look for a wrong unit');
    }
  };
  range('capacity', card.capacity, CAPACITIES);
  range('cycles', card.cycles, CYCLES);
  range('eraseBlock', card.eraseBlock, ERASE_BLOCKS);
  if (card.eraseBlock.most > card.capacity.least) {
    add('eraseBlock', 'an erase block is larger than the card', 'look for a wrong unit');
  }
  if (card.levelling === 'zoned' && card.zone === null) {
    add(
      'zone',
      'the card levels within zones, and their size is missing',
      'give the size of a zone, or levelling unknown',
    );
  }
  if (card.levelling !== 'zoned' && card.zone !== null) {
    add('zone', `a card with levelling ${card.levelling} has no zones`, 'leave the size of a zone out');
  }
  if (card.zone !== null) {
    range('zone', card.zone, { least: card.eraseBlock.most, most: card.capacity.most });
  }
  for (const [meaning, id] of Object.entries(card.smart)) {
    if (Number.isInteger(id) && id >= 1 && id <= 254) continue;
    add(
      'smart',
      `${meaning} is attribute ${id}, and attributes are numbered from 1 to 254`,
      'look it up with smartctl -A',
    );
  }
  return problems;
}

/** The profile for a card of this many bytes. */
export function withCapacity(card: CardProfile, bytes: number): CardProfile {
  return { ...card, capacity: { least: bytes, most: bytes } };
}
