// What every child of the supervisor does before it becomes its role: beat, and not outlive the supervisor.
import { SIGHUP, SIGINT } from '../platform/linux.ts';
import type { Platform } from '../platform/platform.ts';
import { parseArguments } from './console/arguments.ts';
import type { Invocation } from './console/command.ts';
import { takeStart, type VrrpStart } from './supervisor/vrrp-start.ts';

/** What a role is started with besides the platform. */
export interface RoleOptions extends Invocation {
  readonly vrrpStart: VrrpStart;
}

/** Roles by name. */
export type Roles = Readonly<Record<string, (platform: Platform, options: RoleOptions) => void>>;

/** Becomes the one of `roles` that `words` (behind `director role`) name. */
export function startRole(platform: Platform, words: readonly string[], roles: Roles): void {
  const [name = '', ...options] = words;
  const vrrpStart = takeStart(options);
  platform.neverWaitForOutput();
  const invocation = parseArguments(options);
  platform.processes.setName(`director: ${name}`);
  // These two come to a whole terminal; only the supervisor acts on them.
  for (const signal of [SIGINT, SIGHUP]) platform.processes.onSignal(signal, () => {});
  const become = Object.hasOwn(roles, name) ? roles[name] : undefined;
  if (become) become(platform, { ...invocation, vrrpStart });
  else {
    platform.printError(`director: there is no role ${name}\n`);
    platform.processes.exit(2);
  }
}
