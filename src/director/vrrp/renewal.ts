// When each of many things that must be renewed every so often is due: they share wake-ups, and those of a large group are spread
// over the whole time, so that the loop never has much to do at once.

/** Renewed in one go; the groups of one batch are this many milliseconds apart at least. */
const GROUP = 16;
const SPREAD = 10;
/** Milliseconds that a renewal may come early to share a wake-up. */
const EARLY = 50;

export interface Renewable {
  /** Monotonic milliseconds; set by `schedule` and `takeDue`. */
  due: number;
}

/** Spreads things that were all done at `now` over the `interval` until they are due again, none later than that. */
export function schedule(batch: readonly Renewable[], interval: number, now: number): void {
  batch.forEach((each, position) => {
    const group = Math.floor(position / GROUP) % SPREAD;
    each.due = now + interval - (group * interval) / SPREAD;
  });
}

/** Those that are due, or nearly so, at `now`; each is due again an `interval` after. */
export function takeDue<T extends Renewable>(all: Iterable<T>, interval: number, now: number): T[] {
  const due: T[] = [];
  for (const each of all) {
    if (each.due > now + EARLY) continue;
    // From when it was due, so that what was spread stays spread; from now when that is long past.
    each.due = Math.max(each.due, now - EARLY) + interval;
    due.push(each);
  }
  return due;
}

/** When `takeDue` is to be called next; null when there is nothing to renew. */
export function nextDue(all: Iterable<Renewable>): number | null {
  let next: number | null = null;
  for (const { due } of all) if (next === null || due < next) next = due;
  return next;
}
