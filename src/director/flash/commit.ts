// What a commit writes, given what the card holds: the next snapshot, and which copy it takes the place of. Pure.
import type { Codec } from './codec.ts';
import {
  type Commit,
  decodeHistory,
  encodeHistory,
  type History,
  recall,
  remember,
} from './commit-history.ts';
import { chooseNewest, type Decoded, type Snapshot } from './store.ts';

export interface CommitRequest {
  readonly config: Uint8Array;
  /** What the person says of it; may be empty. */
  readonly comment: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 32 secret bytes. */
  readonly seed: Uint8Array;
  /** As odometer.ts encodes it. */
  readonly odometer: Uint8Array;
  /**
   * The number of the last commit that is known to have been there, when the card may not tell: a copy that could not be read for a while
   * must not come back as the newer one.
   */
  readonly after?: number;
}

export interface CommitPlan {
  readonly snapshot: Snapshot;
  /** 0 or 1: the copy that is overwritten. */
  readonly copy: number;
}

/** The newest snapshot on the card, or null. */
export function newestOf(copies: readonly Decoded[]): Snapshot | null {
  const index = chooseNewest(copies);
  const copy = index === null ? undefined : copies[index];
  return copy?.state === 'valid' ? copy.snapshot : null;
}

/** The copy that is of no use, else the older one, is overwritten; so is the first when both are of no use. */
export function planCommit(copies: readonly Decoded[], request: CommitRequest, codec: Codec): CommitPlan {
  const { config, comment, time, seed, odometer, after = 0 } = request;
  const newest = newestOf(copies);
  const history = newest === null ? [] : remember(historyOf(newest, codec), commitOf(newest), config);
  return {
    copy: chooseNewest(copies) === 0 ? 1 : 0,
    snapshot: {
      sequence: Math.max(newest?.sequence ?? 0, after) + 1,
      time: Math.max(time, newest?.time ?? 0),
      seed,
      config,
      comment: new TextEncoder().encode(comment),
      history: encodeHistory(history, codec),
      odometer,
    },
  };
}

/** The committed configuration with what is known of its commit. */
export function commitOf({ sequence, time, comment, config }: Snapshot): Commit {
  return { sequence, time, comment: new TextDecoder().decode(comment ?? new Uint8Array(0)), config };
}

/** Earlier configurations; none when it has none that can be read. */
export function historyOf({ history }: Snapshot, codec: Codec): History {
  return (history && decodeHistory(history, codec)) ?? [];
}

/** The configuration of the commit with this number, or null when the card no longer has it. */
export function configOf(snapshot: Snapshot, sequence: number, codec: Codec): Uint8Array | null {
  if (sequence === snapshot.sequence) return snapshot.config;
  return recall(historyOf(snapshot, codec), snapshot.config, sequence);
}
