// MISC_CHECK: a program says how the server is, by its exit status.
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import type { CommandEnd, Commands } from '../system/commands.ts';
import type { CheckResult } from './state.ts';

type MiscCheck = Extract<CheckConfig, { kind: 'MISC_CHECK' }>;

/** Programs at work at once: each costs more memory than many other checks together. */
const CONCURRENT = 10;

interface Waiting {
  readonly check: MiscCheck;
  readonly done: (result: CheckResult) => void;
}

/** Runs the programs of checks: no more than a few at once, the others in their turn. */
export function createMiscProbe(
  commands: Commands,
): (check: MiscCheck, done: (result: CheckResult) => void) => Cancel {
  const waiting = new Set<Waiting>();
  const running = new Map<Waiting, () => void>();

  function startNext(): void {
    for (const each of waiting) {
      if (running.size >= CONCURRENT) return;
      waiting.delete(each);
      start(each);
    }
  }

  function start(each: Waiting): void {
    const { command, timeout } = each.check;
    let cancelled = false;
    const stop = commands.start(command, {
      timeout,
      done(end) {
        running.delete(each);
        if (!cancelled) each.done(judgeExit(end, each.check));
        startNext();
      },
    });
    // A cancelled program keeps its place until it has ended.
    running.set(each, () => {
      cancelled = true;
      stop();
    });
  }

  return (check, done) => {
    const each: Waiting = { check, done };
    waiting.add(each);
    startNext();
    return () => {
      waiting.delete(each);
      running.get(each)?.();
    };
  };
}

/**
 * 0 is success. With `misc_dynamic` 2 to 255 are success with a weight of 0 to 253; then 0 leaves the weight as it is
 * (keepalived.conf(5)).
 */
export function judgeExit(
  { status, reason }: CommandEnd,
  { dynamicFrom }: Pick<MiscCheck, 'dynamicFrom'>,
): CheckResult {
  if (status === 0) return { ok: true, reason };
  if (dynamicFrom === null || status === null || status === 1) return { ok: false, reason };
  return { ok: true, reason: `${reason}: weight ${status - 2}`, weight: status - 2 - dynamicFrom };
}
