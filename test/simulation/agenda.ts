// What happens when, under a virtual clock: a heap of actions, taken in the order of their time.

/** More actions than this at one moment mean that somebody spins. */
const SPINNING = 10_000;

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

export class Agenda {
  now = 0;
  #order = 0;
  #atOnce = 0;
  readonly #heap: Entry[] = [];

  at(time: number, action: () => void): void {
    const heap = this.#heap;
    const entry: Entry = { at: Math.max(time, this.now), order: this.#order++, action };
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  /** Runs everything due until `time`, then it is that time. */
  runUntil(time: number): void {
    while (this.#heap.length > 0 && this.#heap[0]!.at <= time) {
      const entry = this.#take();
      this.#atOnce = entry.at > this.now ? 0 : this.#atOnce + 1;
      if (this.#atOnce > SPINNING) throw new Error(`at ${this.now} ms: time stands still`);
      this.now = entry.at;
      entry.action();
    }
    this.now = time;
  }

  #take(): Entry {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    const { length } = heap;
    if (length === 0) return first;
    let index = 0;
    for (let child = 1; child < length; child = 2 * index + 1) {
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
