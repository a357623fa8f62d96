// How many TLS connections there are at once. A handshake is much arithmetic for a small board: begun all at the same time they would all
// be late, and each session holds some 25 KB.

/** Handshakes that are being worked on, and sessions altogether; the host has room for 16 of those. */
const MOST_HANDSHAKES = 4;
const MOST_SESSIONS = 12;

/** The turn of one connection. */
export interface Turn {
  /** Its handshake is over, or waits for a server that is silent: somebody else's can begin. */
  rest(): void;
  /** It is closed, or is not wanted any more. */
  leave(): void;
}

type State = 'waiting' | 'working' | 'resting' | 'gone';

interface Entry {
  state: State;
  readonly begin: () => void;
}

/** Who comes first begins first. */
export class Turns {
  readonly #waiting: Entry[] = [];
  #working = 0;
  #resting = 0;

  /** Calls `begin` when there is room, which may be before this returns. */
  take(begin: () => void): Turn {
    const entry: Entry = { state: 'waiting', begin };
    this.#waiting.push(entry);
    this.#admit();
    return { rest: () => this.#move(entry, 'resting'), leave: () => this.#move(entry, 'gone') };
  }

  #move(entry: Entry, to: 'resting' | 'gone'): void {
    const from = entry.state;
    if (from === 'gone' || (to === 'resting' && from !== 'working')) return;
    if (from === 'working') this.#working--;
    if (from === 'resting') this.#resting--;
    if (to === 'resting') this.#resting++;
    entry.state = to;
    this.#admit();
  }

  #admit(): void {
    while (this.#working < MOST_HANDSHAKES && this.#working + this.#resting < MOST_SESSIONS) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (next.state !== 'waiting') continue;
      next.state = 'working';
      this.#working++;
      next.begin();
    }
  }
}
