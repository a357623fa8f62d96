// What every write to the card passes.

/** Who is to know of a write before it is made. */
export interface WriteGate {
  /** Announces sectors that go to these devices; rejects with an Error when they must not be written. */
  open(devices: readonly string[], sectors: number): Promise<void>;
  /** The write is over, whether or not it went well. */
  close(): void;
}
