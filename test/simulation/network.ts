// One network segment: loses, delays, repeats, reorders and damages what is sent, and may carry it one way only.
import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';

export interface Quality {
  /** Milliseconds that a packet takes. */
  readonly minimumDelay: number;
  readonly maximumDelay: number;
  /** Probabilities. */
  loss: number;
  duplication: number;
  corruption: number;
}

/** What befalls a packet. */
export type Mishap = 'loss' | 'corruption';

export class Network {
  readonly quality: Quality;
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #blocked = new Set<number>();

  constructor(agenda: Agenda, random: Random, quality: Quality) {
    this.#agenda = agenda;
    this.#random = random;
    this.quality = quality;
  }

  /** False while packets from one station do not reach the other. */
  reaches(from: number, to: number): boolean {
    return !this.#blocked.has(from * 16 + to);
  }

  setReach(from: number, to: number, open: boolean): void {
    if (open) this.#blocked.delete(from * 16 + to);
    else this.#blocked.add(from * 16 + to);
  }

  /** Calls `arrive` once, twice or never; `onMishap` at once when it is not going to arrive as it was sent. */
  carry(
    message: Uint8Array,
    from: number,
    to: number,
    arrive: (message: Uint8Array) => void,
    onMishap: (mishap: Mishap) => void,
  ): void {
    if (!this.reaches(from, to)) return;
    const random = this.#random;
    const { loss, duplication, corruption, minimumDelay, maximumDelay } = this.quality;
    if (loss > 0 && random.chance(loss)) {
      onMishap('loss');
      return;
    }
    let bytes = message;
    if (corruption > 0 && random.chance(corruption)) {
      onMishap('corruption');
      bytes = message.slice();
      bytes[random.integer(0, bytes.length - 1)]! ^= random.integer(1, 255);
    }
    const copies = duplication > 0 && random.chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.#agenda.at(this.#agenda.now + random.between(minimumDelay, maximumDelay), () => arrive(bytes));
    }
  }
}
