// What the supervisor tells the control process over their pair of sockets.
import type { Role } from '../protocol.ts';
import type { Family } from './children.ts';

export interface ChildReport {
  readonly role: Role;
  /** Null while it is not running. */
  readonly pid: number | null;
  /** Monotonic milliseconds; the same clock in every process of the machine. */
  readonly startedAt: number;
  readonly restarts: number;
  /** How it last ended, in words. */
  readonly lastEnd: string | null;
}

export interface ToControl {
  readonly children?: readonly ChildReport[];
  /** Beside the children: why the hardware watchdog does not watch over them; null: it does, or this is no board of the director. */
  readonly watchdogTrouble?: string | null;
  /** Read the configuration file again (SIGHUP). */
  readonly reload?: boolean;
}

/** The processes as the control process shows them; `self` is the supervisor's own. */
export function reportOf(
  family: Family,
  self: Pick<ChildReport, 'pid' | 'startedAt' | 'lastEnd'>,
): ChildReport[] {
  const supervisor: ChildReport = { role: 'supervisor', ...self, restarts: 0 };
  const children = family.children.map(({ role, pid, startedAt, restarts, lastEnd }) => ({
    role,
    pid,
    startedAt,
    restarts: Math.max(restarts, 0),
    lastEnd,
  }));
  return [supervisor, ...children];
}
