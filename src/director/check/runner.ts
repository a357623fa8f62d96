// Runs the checks when they are due: each on its own beat, no more than a bounded number at once.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import type { Attempted, RosterServer } from './roster.ts';
import { DueQueue, firstDelay, nextRegular, phaseOf } from './schedule.ts';
import { afterAttempt, type CheckResult, type ServerState, weightOf, wishOf } from './state.ts';

/**
 * Attempts under way at once: what is due beyond that waits its turn. 2,000 servers that are all unreachable, each for its 5 s,
 * are still gone through within a minute; a socket under way takes about 3 KB.
 */
const CONCURRENT = 200;

/** Starts an attempt; `done` is called once, not before this returns, and not after the attempt was cancelled. */
export type Probe = (check: CheckConfig, done: (result: CheckResult) => void) => Cancel;

export interface RunnerListener {
  /** What its checks make of a server, its weight, or what it wants itself is other than `before`. */
  changed(check: Attempted, before: ServerState): void;
  /** An attempt failed whose failures are to be told one by one. */
  failed(check: Attempted, reason: string): void;
}

export interface Runner {
  add(checks: readonly Attempted[]): void;
  /** Their interval is a shorter one now: they do not wait for the end of the one that has begun. */
  hasten(checks: readonly Attempted[]): void;
  remove(checks: readonly Attempted[]): void;
  /** Ends what is under way. */
  close(): void;
}

export function createRunner(platform: Platform, probe: Probe, listener: RunnerListener): Runner {
  const queue = new DueQueue<Attempted>();
  /** When each is due next; what the queue says otherwise is out of date. */
  const wanted = new Map<Attempted, number>();
  const running = new Map<Attempted, Cancel>();
  let timer: Timer | null = null;
  let timerDue = 0;

  function put(check: Attempted, due: number): void {
    wanted.set(check, due);
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
      const due = queue.next();
      const check = queue.take(now);
      if (check === null) break;
      if (wanted.get(check) !== due) continue;
      running.set(
        check,
        probe(check.config, result => finish(check, result)),
      );
    }
    wake();
  }

  function finish(check: Attempted, result: CheckResult): void {
    running.delete(check);
    const { server, config, index, number } = check;
    const { interval, delayBeforeRetry, logsFailures } = config;
    const now = platform.clock.monotonic();
    const before = server.state;
    const progress = afterAttempt(before, index, result, config, now);
    server.state = progress.server;
    put(check, progress.retry ? now + delayBeforeRetry : nextRegular(now, phaseOf(number), interval));
    if (logsFailures && !result.ok && before.state === 'up') listener.failed(check, result.reason);
    if (server.state !== before && differs(server, before)) listener.changed(check, before);
  }

  return {
    add(checks) {
      const now = platform.clock.monotonic();
      for (const check of checks) {
        put(check, now + firstDelay(phaseOf(check.number), check.config.interval, check.config.warmup));
      }
    },
    hasten(checks) {
      const now = platform.clock.monotonic();
      for (const check of checks) {
        const due = now + phaseOf(check.number) * check.config.interval;
        if (!running.has(check) && due < (wanted.get(check) ?? 0)) put(check, due);
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
    close() {
      timer?.cancel();
      wanted.clear();
      for (const cancel of running.values()) cancel();
      running.clear();
    },
  };
}

function differs({ state, config: { weight } }: RosterServer, before: ServerState): boolean {
  return (
    state.state !== before.state ||
    weightOf(weight, state) !== weightOf(weight, before) ||
    wishOf(state) !== wishOf(before)
  );
}
