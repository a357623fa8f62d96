// How the bytes of a card are reached by what must not wait for a card that hangs.

export interface CardIo {
  /**
   * Writes whole pages to `device`, a partition of `disk`, at a page's beginning. The card can be written to for so long, and nowhere
   * else. Rejects with an Error when it does not take them.
   */
  write(disk: string, device: string, bytes: Uint8Array, offset: number): Promise<void>;
  /** As many bytes as the card itself holds there, not what the kernel remembers. Rejects with an Error when it does not give them. */
  read(device: string, offset: number, length: number): Promise<Uint8Array>;
  /** Calls back when nothing of it is under way: at once, or later, as a write that was given up may still reach the card. */
  whenOver(callback: () => void): void;
}

/** Bytes: the kernel's cache writes whole pages, so what is written fills them, and the sectors written are known before. */
export const PAGE = 4096;
