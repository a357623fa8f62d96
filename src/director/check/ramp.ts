// Slow start: the weight of a server that has come back grows to its own in a bounded number of steps (pure).

/** Steps at most, and milliseconds of one at least: each is a change of the kernel's table. */
const STEPS = 20;
const SHORTEST = 1000;

function stepOf(duration: number): number {
  return Math.max(SHORTEST, Math.ceil(duration / STEPS));
}

/** Steps that are over: a timer may be early by less than a millisecond. */
function stepsIn(elapsed: number, step: number): number {
  return Math.floor((elapsed + 0.5) / step);
}

/** The weight after `elapsed` of `duration` milliseconds; 1 at least, unless `weight` is 0. */
export function rampedWeight(weight: number, elapsed: number, duration: number): number {
  if (elapsed >= duration || weight === 0) return weight;
  const step = stepOf(duration);
  const part = (stepsIn(elapsed, step) + 1) / (duration / step + 1);
  return Math.max(1, Math.min(weight, Math.round(weight * part)));
}

/** When the next step is due of a ramp that began at `since`; null when it is over. */
export function nextRampStep(since: number, duration: number, now: number): number | null {
  const elapsed = now - since;
  if (elapsed >= duration) return null;
  const step = stepOf(duration);
  return Math.min(since + duration, since + (stepsIn(elapsed, step) + 1) * step);
}

/** How far a ramp to `weight` is that has come to `reached`: milliseconds since it began. */
export function rampElapsed(weight: number, reached: number, duration: number): number {
  const step = stepOf(duration);
  const steps = Math.max(0, (reached / weight) * (duration / step + 1) - 1);
  return Math.min(duration, Math.round(steps) * step);
}
