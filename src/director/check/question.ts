// What a check asks of a server, and what its answer has to do with the weight (pure).
import type { CheckBeat, CheckConfig } from '../config/config.ts';

/** What makes no other check of it: how often, with what patience, and of a server of what weight it asks. */
const BESIDES: ReadonlySet<string> = new Set<keyof CheckBeat | 'weightFrom' | 'dynamicFrom'>([
  'interval',
  'retries',
  'delayBeforeRetry',
  'rise',
  'warmup',
  'assumedUp',
  'logsFailures',
  'weightFrom',
  'dynamicFrom',
]);

/** True when both ask the same of a server. */
export function asksTheSame(a: CheckConfig, b: CheckConfig): boolean {
  if (a.kind === 'MISC_CHECK' && b.kind === 'MISC_CHECK') {
    if ((a.dynamicFrom === null) !== (b.dynamicFrom === null)) return false;
  }
  return isAnswered(a, b) && isAnswered(b, a);
}

/** All that `a` asks `b` asks as well: equal values are found out first, since nearly all are. */
function isAnswered(a: CheckConfig, b: CheckConfig): boolean {
  const [those, others] = [a, b] as unknown as readonly Readonly<Record<string, unknown>>[];
  for (const key in those) {
    const value = those![key];
    const other = others![key];
    if (value !== other && !BESIDES.has(key) && !isSameObject(value, other)) return false;
  }
  return true;
}

/** Of values that came by JSON, from one and the same program. */
function isSameObject(a: unknown, b: unknown): boolean {
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}

/** What an answer that added `added` to the weight when the check was `before` adds now that another weight is configured. */
export function addedTo(check: CheckConfig, added: number, before: CheckConfig): number {
  if (check.kind === 'MISC_CHECK' && before.kind === 'MISC_CHECK') {
    // The weight that it said is what counts, unless it said none yet.
    return added === 0 ? 0 : added + (before.dynamicFrom ?? 0) - (check.dynamicFrom ?? 0);
  }
  if ('weightFrom' in check && 'weightFrom' in before && before.weightFrom > 0) {
    return Math.ceil(check.weightFrom * (1 + added / before.weightFrom)) - check.weightFrom;
  }
  return added;
}
