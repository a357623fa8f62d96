// Debounce of interfaces (`interface_up_down_delays`): a change counts when it has lasted. Pure.
import type { InterfaceDelayConfig } from '../config/vrrp-config.ts';

/** An interface as it counts. Times are monotonic milliseconds. */
export interface Settling {
  readonly up: boolean;
  /** Since when it is otherwise in fact; null while it is as it counts. */
  readonly otherwiseSince: number | null;
  /** When that begins to count; null while it is as it counts. */
  readonly due: number | null;
}

/** `before` is null for an interface that is seen for the first time: it counts as it is. `delay` is null when it has none. */
export function settle(
  before: Settling | null,
  isUp: boolean,
  delay: Pick<InterfaceDelayConfig, 'up' | 'down'> | null,
  now: number,
): Settling {
  if (before === null || before.up === isUp) return settled(isUp);
  const since = before.otherwiseSince ?? now;
  const due = since + (isUp ? (delay?.up ?? 0) : (delay?.down ?? 0));
  return due <= now ? settled(isUp) : { up: before.up, otherwiseSince: since, due };
}

function settled(up: boolean): Settling {
  return { up, otherwiseSince: null, due: null };
}
