// The priority in force: the configured one with what trackers add or take away.

/** An owner's priority; it is never adjusted, because no backup may have it. */
export const OWNER = 255;
/** The greatest priority of a router that does not own the addresses (RFC 9568, 5.2.4). */
const HIGHEST = 254;

/** `configured`: 1..255; `adjustment`: the sum of all trackers' weights. The result is 1..254, or 255 for an owner. */
export function effectivePriority(configured: number, adjustment: number): number {
  if (configured === OWNER) return OWNER;
  return Math.min(HIGHEST, Math.max(1, configured + adjustment));
}
