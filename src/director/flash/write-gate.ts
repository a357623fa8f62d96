// What every write to the card passes.

/** Where announcements are kept, so that a process that was not listening finds them: sectors of this boot, by device. */
export function announcedIn(runDirectory: string): string {
  return `${runDirectory}/announced.json`;
}

/** Who is to know of a write before it is made. */
export interface WriteGate {
  /** Announces sectors that go to these devices; rejects with an Error when they must not be written. */
  open(devices: readonly string[], sectors: number): Promise<void>;
  /** The write is over, whether or not it went well. */
  close(): void;
}
