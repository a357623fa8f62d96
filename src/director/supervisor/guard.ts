// The supervisor's side of the hardware watchdog: feeds it while every process makes progress, and leaves word before it does not.
import type { Platform } from '../../platform/platform.ts';
import { CLOCK_MEMORY, readClockMemory, writeClockMemory } from '../hardware/clock-memory.ts';
import { decodeEpitaph, describeEnd, type End, encodeEpitaph } from '../hardware/epitaph.ts';
import { TIMEOUT, Watchdog } from '../hardware/watchdog.ts';
import type { Log } from '../log.ts';
import type { ChildRole } from './children.ts';

/** Milliseconds between two feeds. */
const INTERVAL = 1000;

export class Guard {
  readonly #platform: Platform;
  readonly #log: Log;
  #watchdog: Watchdog | null;
  /** How the run before this one ended, in words; null when it was stopped, or nobody knows. */
  readonly lastEnd: string | null;
  /** Why nothing resets a board that stands still, in words; null: the watchdog is fed. */
  #trouble: string | null = null;
  #fedAt = Number.NEGATIVE_INFINITY;
  /** Who made no progress since the watchdog was fed last. */
  #laggards: readonly ChildRole[] = [];

  /** Starts the watchdog. On a machine that is not the director's own this must not be done. */
  constructor(platform: Platform, log: Log) {
    this.#platform = platform;
    this.#log = log;
    this.#watchdog = this.#start();
    const bytes = readClockMemory(platform, CLOCK_MEMORY.epitaph);
    this.lastEnd = describeEnd(bytes && decodeEpitaph(bytes), this.#watchdog?.hasReset ?? false);
    if (this.lastEnd !== null) log.warn(`before this start: ${this.lastEnd}`);
    this.#write({ end: 'running' });
  }

  get trouble(): string | null {
    return this.#trouble;
  }

  /** To be called often. `laggards` are the processes that have made no progress for too long. */
  tick(laggards: readonly ChildRole[]): void {
    if (laggards.length > 0) {
      this.#mourn(laggards);
      return;
    }
    // What it waited for has come after all.
    if (this.#laggards.length > 0) this.#write({ end: 'running' });
    this.#laggards = [];
    const now = this.#platform.clock.monotonic();
    if (now - this.#fedAt < INTERVAL) return;
    this.#fedAt = now;
    try {
      this.#watchdog?.feed();
    } catch (error) {
      this.#fail(`the watchdog cannot be fed: ${messageOf(error)}`);
      this.#watchdog = null;
    }
  }

  /** The director ends because somebody wants it to. The watchdog goes on: init starts the director again, or the board. */
  stopped(): void {
    this.#write({ end: 'stopped' });
  }

  /** Who starves first is chance, so all that do are left word of. */
  #mourn(laggards: readonly ChildRole[]): void {
    const others = laggards.filter(role => !this.#laggards.includes(role));
    if (others.length === 0) return;
    this.#laggards = [...this.#laggards, ...others];
    if (this.#watchdog === null) return;
    for (const role of others) {
      this.#log.error(`${role} makes no progress: the watchdog resets the board within ${TIMEOUT} s`);
    }
    this.#write({ end: 'stuck', roles: this.#laggards });
  }

  #write(end: End): void {
    const bytes = encodeEpitaph({ ...end, at: this.#platform.clock.wall() / 1000 });
    writeClockMemory(this.#platform, CLOCK_MEMORY.epitaph, bytes);
  }

  #start(): Watchdog | null {
    try {
      const watchdog = Watchdog.start(this.#platform);
      if (watchdog === null) this.#fail('this board has no watchdog that Linux knows');
      return watchdog;
    } catch (error) {
      this.#fail(`the watchdog cannot be started: ${messageOf(error)}`);
      return null;
    }
  }

  #fail(trouble: string): void {
    this.#trouble = trouble;
    this.#log.error(trouble);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
