// Errors as the operating system gives them, for the fakes.
import type { SystemError } from './platform.ts';

/** A SystemError that reads like the host's own. */
export function systemError(code: string, syscall: string, argument: string): SystemError {
  return Object.assign(new Error(`${syscall} ${argument}: ${code}`), { code, syscall, argument });
}
