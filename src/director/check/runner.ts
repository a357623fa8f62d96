// Runs the checks when they are due: each on its own beat, no more than a bounded number at once.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import type { Attempted } from './roster.ts';
import { DueQueue, firstDelay, nextRegular, phaseOf } from './schedule.ts';
import { afterAttempt, type CheckResult, type ServerState } from './state.ts';

/**
 * Attempts under way at once: what is due beyond that waits its turn. 2,000 servers that are all unreachable, each for its 5 s,
 * are still gone through within a minute; a socket under way takes about 3 KB.
 */
const CONCURRENT = 200;

export type Probe = (platform: Platform, check: CheckConfig, done: (result: CheckResult) => void) => Cancel;

/** Called when the state of a server is another than `before`. */
export type OnChange = (check: Attempted, before: ServerState) => void;

export interface Runner {
  add(checks: readonly Attempted[]): void;
  remove(checks: readonly Attempted[]): void;
}

export function createRunner(platform: Platform, probe: Probe, onChange: OnChange): Runner {
  const queue = new DueQueue<Attempted>();
  const wanted = new Set<Attempted>();
  const running = new Map<Attempted, Cancel>();
  let timer: Timer | null = null;
  let timerDue = 0;

  function put(check: Attempted, due: number): void {
    queue.put(check, due);
    wake();
  }

  /** Sets the timer for whatever is due first, as long as there is room for it. */
  function wake(): void {
    const due = queue.next();
    if (due === null || running.size >= CONCURRENT) return;
    if (timer !== null && timerDue <= due) return;
    timer?.cancel();
    timerDue = due;
    timer = platform.after(Math.max(0, due - platform.clock.monotonic()), () => {
      timer = null;
      startDue();
    });
  }

  function startDue(): void {
    const now = platform.clock.monotonic();
    while (running.size < CONCURRENT) {
      const check = queue.take(now);
      if (check === null) break;
      if (!wanted.has(check)) continue;
      running.set(
        check,
        probe(platform, check.config, result => finish(check, result)),
      );
    }
    wake();
  }

  function finish(check: Attempted, result: CheckResult): void {
    running.delete(check);
    const { server, config, index, interval, number } = check;
    const now = platform.clock.monotonic();
    const before = server.state;
    const progress = afterAttempt(before, index, result, config.retries, now);
    server.state = progress.server;
    put(check, progress.retry ? now + config.delayBeforeRetry : nextRegular(now, phaseOf(number), interval));
    if (progress.server.state !== before.state) onChange(check, before);
  }

  return {
    add(checks) {
      const now = platform.clock.monotonic();
      for (const check of checks) {
        wanted.add(check);
        put(check, now + firstDelay(phaseOf(check.number), check.interval));
      }
    },
    remove(checks) {
      for (const check of checks) {
        // What is still queued is dropped when its turn comes.
        wanted.delete(check);
        running.get(check)?.();
        running.delete(check);
      }
      wake();
    },
  };
}
