// Lines for people on standard error, at a bounded rate: a storm of bad packets must cost neither the card's nor the reader's time.
import type { Platform } from '../platform/platform.ts';
import type { Role } from './protocol.ts';

type Severity = 'info' | 'warning' | 'error';

/** Lines of one severity that may come at once, and milliseconds until one more may. */
const BURST = 20;
const REFILL = 2000;

export interface Log {
  /** What happened as it should. */
  info(text: string): void;
  /** What somebody should look at. */
  warn(text: string): void;
  /** What does not work because of it is in the text. */
  error(text: string): void;
}

/**
 * A log of one process: `2026-01-01T00:00:00.000Z vrrp: warning: TEXT`. Every severity has a budget of its own, so that noise
 * does not hide what matters; how many lines were left out is said with the next one that is not.
 */
export function createLog(platform: Platform, role: Role): Log {
  const budgets: Readonly<Record<Severity, Budget>> = {
    info: newBudget(),
    warning: newBudget(),
    error: newBudget(),
  };

  function write(severity: Severity, text: string): void {
    const budget = budgets[severity];
    if (!spend(budget, platform.clock.monotonic())) return;
    const time = new Date(platform.clock.wall()).toISOString();
    const label = severity === 'info' ? role : `${role}: ${severity}`;
    const omitted = budget.omitted === 0 ? '' : ` (${budget.omitted} lines like this were left out)`;
    budget.omitted = 0;
    platform.printError(`${time} ${label}: ${text}${omitted}\n`);
  }

  return {
    info: text => write('info', text),
    warn: text => write('warning', text),
    error: text => write('error', text),
  };
}

interface Budget {
  lines: number;
  refilledAt: number;
  omitted: number;
}

function newBudget(): Budget {
  return { lines: BURST, refilledAt: 0, omitted: 0 };
}

function spend(budget: Budget, now: number): boolean {
  const earned = Math.floor((now - budget.refilledAt) / REFILL);
  if (budget.lines + earned >= BURST) {
    budget.lines = BURST;
    budget.refilledAt = now;
  } else if (earned > 0) {
    budget.lines += earned;
    budget.refilledAt += earned * REFILL;
  }
  if (budget.lines === 0) {
    budget.omitted += 1;
    return false;
  }
  budget.lines -= 1;
  return true;
}
