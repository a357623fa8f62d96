// What every tracker at work has in common.

export interface Tracker {
  /** Looks no more. */
  close(): void;
}
