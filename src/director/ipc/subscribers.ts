// Those who asked to be told what happens, each with a bounded queue: nobody's slowness costs another, nor memory without end.
import type { Peer } from './server.ts';

/** Bytes that may wait for one subscriber; what happens beyond that is lost to it. An event takes about 200. */
const LIMIT = 64 << 10;

/** Said to a subscriber that was too slow, as soon as it has read the rest. */
export interface Lost {
  /** How many messages it was not told. */
  readonly lost: number;
}

export class Subscribers {
  /** How many messages each has lost since it was last told. */
  readonly #lost = new Map<Peer, number>();
  readonly #limit: number;

  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /** From now on this peer is told, until it is gone. A peer that asks again is told once all the same. */
  add(peer: Peer): void {
    if (this.#lost.has(peer)) return;
    this.#lost.set(peer, 0);
    peer.onDrained(() => this.#admit(peer));
    peer.onGone(() => this.#lost.delete(peer));
  }

  /** Until it is gone. */
  has(peer: Peer): boolean {
    return this.#lost.has(peer);
  }

  /** Tells everybody; never waits. */
  push(message: unknown): void {
    for (const [peer, lost] of this.#lost) {
      // Behind a loss nothing is said before the loss itself, so that the order tells the truth.
      if (lost > 0 || peer.queued > this.#limit) this.#lost.set(peer, lost + 1);
      else peer.push(message);
    }
  }

  #admit(peer: Peer): void {
    const lost = this.#lost.get(peer) ?? 0;
    if (lost === 0) return;
    this.#lost.set(peer, 0);
    peer.push({ lost } satisfies Lost);
  }
}
