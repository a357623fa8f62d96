// What a calculation has to know of each kind of board: clock rate and memory, as board/NAME/board.json has them, and what others saw.

export interface BoardNumbers {
  readonly title: string;
  /** The slowest that was sold. */
  readonly megahertz: number;
  /** The smallest that was sold. */
  readonly megabytes: number;
  /** The table of connections has 2 to the power of this many buckets. */
  readonly tableBits: number;
  /** Mbit/s that others saw between two interfaces, packets of full size, with m0n0wall (FreeBSD) and its filter; null: nothing found. */
  readonly seen: number | null;
}

/** `seen`: doc.m0n0.ch, hardware sizing; of the ALIX smallwall.org. */
export const BOARDS: Readonly<Record<string, BoardNumbers>> = {
  alix: { title: 'PC Engines ALIX', megahertz: 433, megabytes: 256, tableBits: 15, seen: 80 },
  net4501: { title: 'Soekris net4501', megahertz: 133, megabytes: 64, tableBits: 12, seen: 17 },
  net4521: { title: 'Soekris net4521', megahertz: 133, megabytes: 64, tableBits: 12, seen: 17 },
  net4801: { title: 'Soekris net4801', megahertz: 266, megabytes: 128, tableBits: 14, seen: 40 },
  net5501: { title: 'Soekris net5501', megahertz: 433, megabytes: 256, tableBits: 15, seen: null },
  wrap: { title: 'PC Engines WRAP', megahertz: 266, megabytes: 64, tableBits: 12, seen: 40 },
};
