// A configuration on trial (`director commit --confirmed`): in force, but not on the card, until somebody confirms it; else the one before
// comes back. It lives in memory, so that a power cut undoes it too.
import type { Platform, Timer } from '../../platform/platform.ts';
import { forget, keep, readKept } from '../system/kept.ts';
import type { Running } from './running.ts';

export interface Trial {
  /** Monotonic milliseconds of its end. */
  readonly until: number;
  /** What comes back then. */
  readonly before: Running;
  /** What is committed when it is confirmed: bytes as characters. */
  readonly text: string;
  readonly comment: string;
}

export class TrialKeeper {
  readonly #platform: Platform;
  readonly #path: string;
  readonly #over: (trial: Trial) => void;
  #trial: Trial | null;
  #timer: Timer | null = null;

  /** `over` is called when nobody has confirmed in time. A trial that an earlier control process began goes on. */
  constructor(platform: Platform, runDirectory: string, over: (trial: Trial) => void) {
    this.#platform = platform;
    this.#path = pathIn(runDirectory);
    this.#over = over;
    this.#trial = readKept<Trial>(platform, this.#path);
    this.#wait();
  }

  get present(): Trial | null {
    return this.#trial;
  }

  begin(trial: Trial): void {
    keep(this.#platform, this.#path, trial);
    this.#trial = trial;
    this.#wait();
  }

  /** The trial is over, however it went. */
  end(): void {
    this.#timer?.cancel();
    this.#trial = null;
    forget(this.#platform, this.#path);
  }

  #wait(): void {
    const trial = this.#trial;
    this.#timer?.cancel();
    if (trial === null) return;
    const left = Math.max(0, trial.until - this.#platform.clock.monotonic());
    this.#timer = this.#platform.after(left, () => this.#over(trial));
  }
}

/** A director that starts anew in this directory knows nothing of it. */
export function forgetTrial(platform: Platform, runDirectory: string): void {
  forget(platform, pathIn(runDirectory));
}

const pathIn = (runDirectory: string) => `${runDirectory}/trial.json`;
