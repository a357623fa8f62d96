// When the address was served again, judged by what the client saw.
import type { Reply } from './probe.ts';

export interface Circumstances {
  /** When the fault struck. */
  readonly fault: number;
  /** Milliseconds between advertisements. */
  readonly interval: number;
  /** MAC address of the backup. */
  readonly backup: string;
}

/**
 * The answer that shows that somebody has taken the address over, or null as long as there is none: the backup's first, or one of
 * the old master after two intervals without any, as it may have become master again by itself. The old master's answers before
 * that come from a kernel that nobody has told yet, or never will.
 */
export function recovery(replies: readonly Reply[], at: Circumstances): Reply | null {
  const after = replies.filter(({ time }) => time > at.fault);
  return after.find(({ time, mac, last }) => mac === at.backup || time - last > 2 * at.interval) ?? null;
}
