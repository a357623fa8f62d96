// Keeps the database: one that cannot be read is begun anew, and one that cannot be written costs what it would have kept, nothing else.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Log } from '../log.ts';
import { Store } from './store.ts';
import { NEW_WATCH, type Watch } from './watch.ts';

export class StoreKeeper {
  readonly #platform: Platform;
  readonly #path: string;
  readonly #log: Log;
  #store: Store | null = null;
  /** Why nothing is kept, in words; null when all is well. */
  trouble: string | null = null;

  constructor(platform: Platform, path: string, log: Log) {
    this.#platform = platform;
    this.#path = path;
    this.#log = log;
  }

  /** Opens the database and gives what was saved last. */
  load(): Watch {
    try {
      return this.#open();
    } catch (error) {
      this.#log.warn(`${this.#path} is begun anew: ${messageOf(error)}`);
      this.#abandon();
      this.#remove();
    }
    return this.#try(() => this.#open()) ?? NEW_WATCH;
  }

  /** Does something with the database, or nothing without one; null when that did not go. */
  with<T>(work: (store: Store) => T): T | null {
    return this.#try(() => {
      if (this.#store === null) this.#open();
      return work(this.#store!);
    });
  }

  close(): void {
    this.#abandon();
  }

  #try<T>(work: () => T): T | null {
    try {
      const result = work();
      this.trouble = null;
      return result;
    } catch (error) {
      const trouble = `telemetry is not kept: ${messageOf(error)}`;
      if (trouble !== this.trouble) this.#log.error(trouble);
      this.trouble = trouble;
      this.#abandon();
      return null;
    }
  }

  #open(): Watch {
    this.#store = new Store(this.#platform.database(this.#path));
    return this.#store.load();
  }

  #abandon(): void {
    const store = this.#store;
    this.#store = null;
    try {
      store?.close();
    } catch (error) {
      this.#log.warn(`${this.#path} cannot be closed: ${messageOf(error)}`);
    }
  }

  #remove(): void {
    for (const path of [this.#path, `${this.#path}-journal`]) {
      try {
        this.#platform.files.remove(path);
      } catch (error) {
        if (!isSystemError(error, 'ENOENT')) throw error;
      }
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
