// A weight that follows the load of a server: that is how many of its processes could run, on average over a minute.
import type { LoadConfig } from '../config/config.ts';
import type { CheckResult } from './state.ts';

/** Weights change in steps of this part of the configured one: no connection is moved for a load that only breathes. */
const STEPS = 8;

/** Up to `fullLoad` the whole weight, beyond it in inverse proportion to the load, and never 0. */
export function weightAt(load: number, fullLoad: number, weight: number): number {
  if (load <= fullLoad || weight === 0) return weight;
  const steps = Math.max(1, Math.round((STEPS * fullLoad) / load));
  return Math.max(1, Math.round((weight * steps) / STEPS));
}

/** What a server that has told its load, or null for none, comes to. */
export function judgeLoad(answers: string, load: number | null, check: LoadConfig): CheckResult {
  const told = load === null ? answers : `${answers}, load ${Math.round(load * 100) / 100}`;
  if (check.fullLoad === undefined) return { ok: true, reason: told };
  if (load === null) return { ok: true, reason: `${answers}, and tells no load` };
  const weight = weightAt(load, check.fullLoad, check.weightFrom);
  return { ok: true, reason: told, weight: weight - check.weightFrom };
}
