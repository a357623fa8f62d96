// When this director can serve: its checker has an opinion of every real server. Until then it does not preempt a master, which
// would leave clients with a table that is still empty.
import type { Platform } from '../../platform/platform.ts';
import type { RoleLink } from './role-link.ts';

/** Milliseconds between questions. */
const ASK = 100;
/** Milliseconds after which a checker without an opinion is waited for no longer: servers that do not answer take long to fail. */
const PATIENCE = 10_000;

/** Calls `ready` once: when the checker says that no real server is `starting`, or when patience is over. */
export function awaitReadiness(platform: Platform, checker: RoleLink, ready: () => void): void {
  const end = platform.clock.monotonic() + PATIENCE;
  async function ask(): Promise<void> {
    const settled = await checker.ask('settled').catch(() => null);
    if (settled === true || platform.clock.monotonic() >= end) ready();
    else platform.after(ASK, ask);
  }
  ask();
}
