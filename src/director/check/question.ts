// What a check asks of a server, and what its answer has to do with the weight (pure).
import type { CheckConfig } from '../config/config.ts';

/** What is the same in two checks that ask the same, however often, with whatever patience, and of a server of whatever weight. */
export function questionOf(check: CheckConfig): string {
  const { interval, retries, delayBeforeRetry, rise, warmup, assumedUp, logsFailures, ...question } = check;
  if ('weightFrom' in question) return JSON.stringify({ ...question, weightFrom: 0 });
  if (question.kind !== 'MISC_CHECK' || question.dynamicFrom === null) return JSON.stringify(question);
  return JSON.stringify({ ...question, dynamicFrom: 0 });
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
