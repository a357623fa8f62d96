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

interface Entry<T> {
  readonly due: number;
  readonly item: T;
}

/** A queue of what is due, ordered by time (a binary heap): put and take cost the logarithm of its length. */
export class DueQueue<T> {
  readonly #heap: Entry<T>[] = [];

  get length(): number {
    return this.#heap.length;
  }

  put(item: T, due: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push({ item, due });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.due <= due) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** When the first is due; null when nothing waits. */
  next(): number | null {
    return this.#heap[0]?.due ?? null;
  }

  /** Removes and returns the first if it is due. */
  take(now: number): T | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.due > now) return null;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  #sink(): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && heap[child]!.due < heap[least]!.due) least = child;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    const held = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = held;
  }
}
