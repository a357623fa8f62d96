// Keeps other processes of the board from delaying this one: locked memory and a real-time priority.
import { isSystemError, type Platform } from '../platform/platform.ts';
import type { Log } from './log.ts';

/** `priority` is SCHED_FIFO's. Without the rights for either (a workstation) it does without, and says so. */
export function protect(platform: Platform, log: Log, priority: number): void {
  const steps = [
    () => platform.processes.lockMemory(),
    () => platform.processes.setRealTimePriority(priority),
  ];
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      if (!isSystemError(error, 'EPERM', 'ENOMEM')) throw error;
      log.warn(`other processes can delay this one: ${error.message}`);
    }
  }
}
