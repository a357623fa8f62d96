// What every process of the director but the supervisor does before it becomes its role.
import { SIGHUP, SIGINT } from '../platform/linux.ts';
import type { Platform } from '../platform/platform.ts';
import { createPlatform } from '../platform/quickjs.ts';
import { parseArguments } from './console/arguments.ts';
import type { Invocation } from './console/command.ts';
import type { ChildRole } from './supervisor/children.ts';

/** Becomes a role; `before` takes its own words off those behind `director role NAME`, the rest are options. */
export function startRole<T>(
  role: ChildRole | 'reader',
  before: (words: string[]) => T,
  become: (platform: Platform, invocation: Invocation, taken: T) => void,
): void {
  const platform = createPlatform();
  const words = platform.processes.args.slice(2);
  const taken = before(words);
  platform.neverWaitForOutput();
  platform.processes.setName(`director: ${role}`);
  // These two come to a whole terminal; only the supervisor acts on them.
  for (const signal of [SIGINT, SIGHUP]) platform.processes.onSignal(signal, () => {});
  become(platform, parseArguments(words), taken);
}
