// What a client saw of an interruption, from the requests it made.

export interface Sample {
  /** When the request was started and when its answer (or failure) came, in milliseconds of one monotonic clock. */
  readonly started: number;
  readonly finished: number;
  /** Name of the server that answered, or null. */
  readonly server: string | null;
  /** Why nobody answered, or null. */
  readonly error: string | null;
}

/** The longest time, in milliseconds, between two answers that followed each other; 0 for fewer than two. */
export function longestGap(samples: readonly Sample[]): number {
  const answers = samples
    .filter(sample => sample.server !== null)
    .map(sample => sample.finished)
    .sort((a, b) => a - b);
  let longest = 0;
  for (const [index, time] of answers.entries()) {
    longest = Math.max(longest, time - (answers[index - 1] ?? time));
  }
  return longest;
}

/** How many requests each server answered. */
export function answersPerServer(samples: readonly Sample[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { server } of samples) {
    if (server !== null) counts.set(server, (counts.get(server) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

/** True when the request that was started last was answered; those before it may still have been waiting when it was. */
export function endsAnswered(samples: readonly Sample[]): boolean {
  const [newest] = [...samples].sort((a, b) => b.started - a.started);
  return newest !== undefined && newest.server !== null;
}
