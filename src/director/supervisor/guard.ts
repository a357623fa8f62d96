// The supervisor's side of the hardware watchdog: feeds it while every process makes progress, and leaves word before it does not.
import type { Platform } from '../../platform/platform.ts';
import { CLOCK_MEMORY, readClockMemory, writeClockMemory } from '../hardware/clock-memory.ts';
import { decodeEpitaph, describeEnd, type Epitaph, encodeEpitaph } from '../hardware/epitaph.ts';
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
  #laggard: ChildRole | null = null;

  /** Starts the watchdog. On a machine that is not the director's own this must not be done. */
  constructor(platform: Platform, log: Log) {
    this.#platform = platform;
    this.#log = log;
    this.#watchdog = this.#start();
    const bytes = readClockMemory(platform, CLOCK_MEMORY.epitaph);
    this.lastEnd = describeEnd(bytes && decodeEpitaph(bytes), this.#watchdog?.hasReset ?? false);
    if (this.lastEnd !== null) log.warn(`before this start: ${this.lastEnd}`);
    this.#write('running');
  }

  get trouble(): string | null {
    return this.#trouble;
  }

  /** To be called often. `laggard` is the process that has made no progress for too long; null: all have. */
  tick(laggard: ChildRole | null): void {
    if (laggard !== null) {
      if (this.#laggard === null && this.#watchdog !== null) {
        this.#log.error(`${laggard} makes no progress: the watchdog resets the board within ${TIMEOUT} s`);
        this.#write(laggard);
      }
      this.#laggard = laggard;
      return;
    }
    // What it waited for has come after all.
    if (this.#laggard !== null) this.#write('running');
    this.#laggard = null;
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
    this.#write('stopped');
  }

  #write(end: Epitaph['end']): void {
    const bytes = encodeEpitaph({ end, at: this.#platform.clock.wall() / 1000 });
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
