// Time that only moves when a test says so: timers fire in the order they are due, and nothing waits. Several fake platforms may
// share one, which is how whole pairs of directors are simulated.
import type { Timer } from './platform.ts';

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** More callbacks than this at one moment mean that the code under test spins, as it would on the board. */
const SPINNING = 100_000;

export class VirtualClock {
  #now: number;
  #wallOffset: number;
  /** In the order they are due; those due at the same moment in the order they were set. */
  readonly #timers: Due[] = [];
  #queue: (() => void)[] = [];

  /** `now` and `wall` are what the two clocks read at first, in milliseconds. */
  constructor(now = 0, wall = Date.UTC(2026, 0, 1)) {
    this.#now = now;
    this.#wallOffset = wall - now;
  }

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#wallOffset;
  }

  setWall(milliseconds: number): void {
    this.#wallOffset = milliseconds - this.#now;
  }

  after(milliseconds: number, callback: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(0, milliseconds), callback };
    let low = 0;
    for (let high = this.#timers.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (this.#timers[middle]!.at <= due.at) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, due);
    return {
      cancel: () => {
        const index = this.#timers.indexOf(due);
        if (index >= 0) this.#timers.splice(index, 1);
      },
    };
  }

  soon(callback: () => void): void {
    this.#queue.push(callback);
  }

  /** The moment the next timer is due, on the monotonic clock; null without timers. */
  nextDue(): number | null {
    return this.#timers[0]?.at ?? null;
  }

  /** Runs what is queued by `soon`, also what that queues in turn. */
  settle(): void {
    for (let count = 0; this.#queue.length > 0; ) {
      const queue = this.#queue;
      this.#queue = [];
      for (const callback of queue) callback();
      count += queue.length;
      if (count > SPINNING) throw new Error(`the loop spins at ${this.#now} ms`);
    }
  }

  /** Lets `milliseconds` pass: fires every timer due until then, each at its own moment. */
  advance(milliseconds: number): void {
    this.advanceTo(this.#now + milliseconds);
  }

  /** Lets time pass until the monotonic clock reads `moment`. */
  advanceTo(moment: number): void {
    this.settle();
    let count = 0;
    for (let due = this.#timers[0]; due && due.at <= moment; due = this.#timers[0]) {
      count = due.at > this.#now ? 0 : count + 1;
      if (count > SPINNING) throw new Error(`timers without delay spin at ${this.#now} ms`);
      this.#timers.shift();
      this.#now = Math.max(this.#now, due.at);
      due.callback();
      this.settle();
    }
    this.#now = Math.max(this.#now, moment);
  }
}
