// This machine's wall clock to a few microseconds: Date.now() counts whole milliseconds, and performance.now() drifts from it.

/** Returns a function that gives milliseconds since 1970, good for some seconds. Waits for the next whole millisecond. */
export function wallClock(): () => number {
  const before = Date.now();
  let edge = Date.now();
  while (edge === before) edge = Date.now();
  const offset = edge - performance.now();
  return () => performance.now() + offset;
}
