// The timers of a group and what the RFC makes of them (RFC 9568 section 6.1, RFC 3768 section 6.1).

export interface Timers {
  readonly name: string;
  readonly version: 2 | 3;
  /** Milliseconds between advertisements. */
  readonly interval: number;
}

export const allTimers: readonly Timers[] = [
  { name: 'v2 1 s', version: 2, interval: 1000 },
  { name: 'v3 0.1 s', version: 3, interval: 100 },
  { name: 'v3 0.02 s', version: 3, interval: 20 },
];

export const MASTER_PRIORITY = 150;
export const BACKUP_PRIORITY = 100;

/** Milliseconds until the backup takes over after a priority-0 advertisement. Version 2 counts the skew in seconds, not intervals. */
export function skewTime({ version, interval }: Timers): number {
  return ((256 - BACKUP_PRIORITY) / 256) * (version === 2 ? 1000 : interval);
}

/** Milliseconds of silence until the backup takes over. */
export function downInterval(timers: Timers): number {
  return 3 * timers.interval + skewTime(timers);
}
