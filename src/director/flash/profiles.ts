// The card families that are known, as data. README.md has the same table with the sources in full.
import { type CardProfile, KIBI, MEBI, type Range } from './card.ts';

const exactly = (value: number): Range => ({ least: value, most: value });
/** Cards are sold by decimal megabytes; 64 MB is the smallest that an image fits. */
const megabytes = (least: number, most: number): Range => ({ least: least * 1e6, most: most * 1e6 });

const SLC_BLOCK: Range = { least: 64 * KIBI, most: 128 * KIBI };
const MLC_BLOCK: Range = { least: 32 * KIBI, most: 256 * KIBI };

/** Nothing is known: what every card is within. */
export const UNKNOWN_CARD: CardProfile = {
  name: 'unknown',
  description: 'any CompactFlash card since 2000',
  cell: 'unknown',
  capacity: megabytes(64, 32_000),
  cycles: { least: 500, most: 100_000 },
  eraseBlock: { least: 32 * KIBI, most: 256 * KIBI },
  levelling: 'unknown',
  zone: null,
  smart: {},
  source: 'the ends of all below',
};

const SLC: CardProfile = {
  ...UNKNOWN_CARD,
  name: 'slc',
  description: 'SLC, maker and levelling unknown',
  cell: 'SLC',
  capacity: megabytes(64, 8000),
  cycles: exactly(100_000),
  eraseBlock: SLC_BLOCK,
  source: 'PC Engines, Campbell Scientific',
};

const MLC: CardProfile = {
  ...UNKNOWN_CARD,
  name: 'mlc',
  description: 'MLC of before 2012, maker and levelling unknown',
  cell: 'MLC',
  capacity: megabytes(256, 32_000),
  cycles: exactly(10_000),
  eraseBlock: MLC_BLOCK,
  source: 'PC Engines, Campbell Scientific',
};

const CONSUMER: CardProfile = {
  ...UNKNOWN_CARD,
  name: 'consumer-2015',
  description: 'planar MLC or TLC of about 2015',
  capacity: megabytes(4000, 128_000),
  cycles: { least: 500, most: 3000 },
  eraseBlock: { least: 256 * KIBI, most: 4 * MEBI },
  source:
    'Samsung application note for NAND flash, by way of Wikipedia; blocks of this size are our assumption',
};

export const SHIPPED_CARDS: readonly CardProfile[] = [
  UNKNOWN_CARD,
  SLC,
  { ...SLC, name: 'slc-static', description: 'SLC, levels over the whole card', levelling: 'static' },
  { ...SLC, name: 'slc-dynamic', description: 'SLC, levels over free blocks', levelling: 'dynamic' },
  {
    ...SLC,
    name: 'slc-zoned',
    description: 'SLC, levels within zones of 1,024 blocks',
    levelling: 'zoned',
    zone: { least: 1024 * SLC_BLOCK.least, most: 1024 * SLC_BLOCK.most },
    capacity: megabytes(256, 8000),
    source: 'amp inc (zones, about 3 % spare in each), PC Engines',
  },
  { ...SLC, name: 'slc-unlevelled', description: 'SLC, the earliest cards: no levelling', levelling: 'none' },
  MLC,
  {
    ...MLC,
    name: 'mlc-unlevelled',
    description: 'MLC, or any card of 10,000 cycles: no levelling',
    levelling: 'none',
  },
  CONSUMER,
  {
    ...CONSUMER,
    name: 'tlc',
    description:
      'TLC, maker and levelling unknown; nobody tells its cycles apart from those of MLC of its time',
    cell: 'TLC',
  },
  {
    ...MLC,
    name: 'contec-cfs',
    description: 'Contec CFS, Q-MLC (MLC written as pSLC)',
    cell: 'pSLC',
    capacity: megabytes(4000, 32_000),
    cycles: exactly(20_000),
    levelling: 'static',
    source: 'Contec SPT-100A reference manual',
  },
  {
    ...SLC,
    name: 'sandisk-1998',
    description: 'SanDisk CompactFlash of 1998: 300,000 writes of each sector, no levelling',
    capacity: { least: 2e6, most: 192e6 },
    cycles: exactly(300_000),
    eraseBlock: exactly(512),
    levelling: 'none',
    source: 'SanDisk CompactFlash Memory Card Product Manual 1998, 1.8.3 and 1.8.4',
  },
  {
    ...SLC,
    name: 'swissbit-c440',
    description: 'Swissbit C-440: static levelling begins at a threshold',
    capacity: megabytes(128, 8000),
    smart: { averageErasures: 229, spareBlocks: 196 },
    source: 'smartmontools drivedb.h (attributes); cycles as of any SLC',
  },
  {
    ...SLC,
    name: 'innodisk-icf9000',
    description: 'InnoDisk iCF9000',
    capacity: megabytes(128, 32_000),
    levelling: 'static',
    smart: { totalErasures: 164, worstErasures: 165, averageErasures: 167, spareBlocks: 161 },
    source: 'smartmontools drivedb.h (attributes); cycles as of any SLC',
  },
  {
    ...SLC,
    name: 'stec-mach2',
    description: 'STEC Mach2',
    capacity: megabytes(128, 8000),
    smart: { totalErasures: 100 },
    source: 'smartmontools drivedb.h (attributes); cycles as of any SLC',
  },
  {
    ...UNKNOWN_CARD,
    name: 'transcend-cf',
    description: 'Transcend CF: its attributes 7 and 8 have unknown meanings',
    source: 'smartmontools drivedb.h',
  },
  {
    ...SLC,
    name: 'cactus-503',
    description: 'Cactus 503: static levelling begins at a threshold; the card says what is left of its life',
    capacity: megabytes(128, 32_000),
    smart: { lifeLeft: 229 },
    source: 'smartmontools drivedb.h (attributes); cycles as of any SLC',
  },
];

/** The shipped profile of that name, or null. */
export function shippedCard(name: string): CardProfile | null {
  return SHIPPED_CARDS.find(card => card.name === name) ?? null;
}

/** A profile of one's own: what it does not say is as wide as that of an unknown card. Check it with `checkCard`. */
export function ownCard(card: Pick<CardProfile, 'name'> & Partial<CardProfile>): CardProfile {
  return { ...UNKNOWN_CARD, description: card.name, source: 'the configuration', ...card };
}
