// When which check is due: spread over the interval, and only so many at once.

/** Part of the circle between one check and the next: the golden section spreads any number of them evenly, also when more are added. */
const GOLDEN = 0.618033988749895;

/** Milliseconds over which the first checks after a start are spread. */
const FIRST_ROUND = 1000;

/** Where the check with this running number lies within its interval: 0 <= phase < 1. */
export function phaseOf(number: number): number {
  return (number * GOLDEN) % 1;
}

/** Milliseconds from the start to the first attempt. */
export function firstDelay(
  phase: number,
  interval: number,
  warmup = Math.min(interval, FIRST_ROUND),
): number {
  return phase * warmup;
}

/** The next moment of the check's own beat (`phase` of every `interval`) that is at least half an interval away. */
export function nextRegular(now: number, phase: number, interval: number): number {
  const offset = phase * interval;
  const earliest = now + interval / 2;
  return Math.ceil((earliest - offset) / interval) * interval + offset;
}

/**
 * A queue of what is due, ordered by time (a binary heap): put and take cost the logarithm of its length. Each check goes through it
 * every time, so it moves numbers within arrays and makes no objects.
 */
export class DueQueue<T> {
  readonly #dues: number[] = [];
  readonly #items: T[] = [];

  get length(): number {
    return this.#dues.length;
  }

  put(item: T, due: number): void {
    const dues = this.#dues;
    const items = this.#items;
    let at = dues.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = dues[parent]!;
      if (other <= due) break;
      dues[at] = other;
      items[at] = items[parent]!;
      at = parent;
    }
    dues[at] = due;
    items[at] = item;
  }

  /** When the first is due; null when nothing waits. */
  next(): number | null {
    return this.#dues[0] ?? null;
  }

  /** Removes and returns the first if it is due. */
  take(now: number): T | null {
    const dues = this.#dues;
    const items = this.#items;
    const length = dues.length - 1;
    if (length < 0 || dues[0]! > now) return null;
    const first = items[0]!;
    const due = dues.pop()!;
    const item = items.pop()!;
    if (length === 0) return first;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && dues[child + 1]! < dues[child]!) child++;
      const other = dues[child]!;
      if (other >= due) break;
      dues[at] = other;
      items[at] = items[child]!;
      at = child;
    }
    dues[at] = due;
    items[at] = item;
    return first;
  }
}
