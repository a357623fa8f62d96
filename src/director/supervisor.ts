// The supervisor process: starts the other roles, listens to their beats, restarts what ends or wedges, and takes the virtual
// addresses off when VRRP is gone. What to do when is decided in supervisor/children.ts; this is the edge that does it.
import { SIGHUP, SIGINT, SIGTERM } from '../platform/linux.ts';
import { isSystemError, type Platform, type Socket } from '../platform/platform.ts';
import { BEAT_INTERVAL, BEAT_LENGTH, type FromChild } from './heartbeat.ts';
import type { Log } from './log.ts';
import { protect } from './protection.ts';
import {
  type ChildRole,
  decide,
  type Family,
  type FamilyEffect,
  type FamilyEvent,
  laggardsOf,
  newFamily,
} from './supervisor/children.ts';
import { Executor } from './supervisor/executor.ts';
import { Guard } from './supervisor/guard.ts';
import type { ToControl } from './supervisor/report.ts';
import { reportOf } from './supervisor/report.ts';
import { startWords } from './supervisor/vrrp-start.ts';

/** One above the VRRP process, so that a VRRP loop that spins can be killed. */
const PRIORITY = 51;

const SELF = '/proc/self/exe';

/** Milliseconds that a vrrp process which died as master leaves its successor in office: what killed it may do so again. */
const HOLD_DOWN_TIME = 30_000;

/** The order matters: VRRP listens before control connects to it, which it would otherwise find out by trying again. */
const ROLES: readonly ChildRole[] = ['vrrp', 'checker', 'control', 'telemetry'];

export interface SupervisorOptions {
  readonly log: Log;
  /** Options that every role gets: `--config FILE --run-dir DIR ...`. */
  readonly roleArguments: readonly string[];
  /** This machine is the director's own: its hardware watchdog is used. */
  readonly ownsMachine: boolean;
  /** Takes every virtual address of the director off this machine. */
  purge(): Promise<void>;
}

/** Becomes the supervisor; the process ends with the stop of the director. */
export function runSupervisor(platform: Platform, options: SupervisorOptions): void {
  const { clock, processes } = platform;
  const { log } = options;
  platform.neverWaitForOutput();
  const sockets = new Map<ChildRole, Socket>();
  const guard = options.ownsMachine ? new Guard(platform, log) : null;
  const self = {
    pid: processes.pid,
    startedAt: clock.monotonic(),
    lastEnd: guard?.lastEnd ?? null,
  };
  const executor = new Executor(platform, log);
  let heldUntil = self.startedAt;
  let family: Family = newFamily(ROLES, self.startedAt);

  function happen(event: FamilyEvent): void {
    const decision = decide(family, event, clock.monotonic());
    family = decision.family;
    for (const effect of decision.effects) perform(effect);
  }

  function perform(effect: FamilyEffect): void {
    switch (effect.kind) {
      case 'spawn':
        spawn(effect.role);
        break;
      case 'signal':
        signal(effect.pid, effect.signal);
        break;
      case 'log':
        log.warn(effect.text);
        break;
      case 'report':
        tellControl({ children: reportOf(family, self), watchdogTrouble: guard?.trouble ?? null });
        break;
      case 'purge':
        if (executor.execute()) heldUntil = clock.monotonic() + HOLD_DOWN_TIME;
        takeOff(() => happen({ kind: 'purged' }));
        break;
      case 'exit':
        guard?.stopped();
        takeOff(() => processes.exit(effect.status));
        break;
    }
  }

  function spawn(role: ChildRole): void {
    const pair = processes.pair();
    const own = role === 'vrrp' ? startWords({ holdDown: holdDown(), startedAt: self.startedAt }) : [];
    try {
      const words = [`director: ${role}`, 'role', role, ...own, ...options.roleArguments];
      const pid = processes.spawn(SELF, words, [-1, 1, 2, pair.childFd]);
      sockets.get(role)?.close();
      sockets.set(role, pair.socket);
      pair.socket.onReadable(() => listen(role, pair.socket));
      happen({ kind: 'spawned', role, pid });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      pair.socket.close();
      happen({ kind: 'unspawnable', role, reason: error.message });
    } finally {
      pair.release();
    }
  }

  function holdDown(): number {
    return Math.max(0, Math.ceil(heldUntil - clock.monotonic()));
  }

  function listen(role: ChildRole, socket: Socket): void {
    try {
      for (let datagram = socket.receive(); datagram !== null; datagram = socket.receive()) {
        if (datagram.data.length === 0) {
          socket.onReadable(null);
          return;
        }
        hear(role, datagram.data);
      }
    } catch (error) {
      // It ended with a message of ours unread. Its end comes by its exit; this socket has nothing to add.
      if (!isSystemError(error, 'ECONNRESET')) throw error;
      socket.onReadable(null);
    }
  }

  /** Takes what a process has said before its end: its last words are part of its will. */
  function hearOut(pid: number): void {
    for (const { role, pid: known } of family.children) {
      const socket = sockets.get(role);
      if (known === pid && socket !== undefined) listen(role, socket);
    }
  }

  function hear(role: ChildRole, data: Uint8Array): void {
    happen({ kind: 'beat', role });
    if (data.length <= BEAT_LENGTH) return;
    const { stop, will } = readMessage(data);
    if (will !== undefined && role === 'vrrp') executor.amend(will);
    if (stop !== undefined) happen({ kind: 'stop', status: stop });
  }

  function tellControl(message: ToControl): void {
    try {
      sockets.get('control')?.send(new TextEncoder().encode(JSON.stringify(message)));
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }

  function signal(pid: number, number: number): void {
    try {
      processes.kill(pid, number);
    } catch (error) {
      if (!isSystemError(error, 'ESRCH')) throw error;
    }
  }

  function takeOff(then: () => void): void {
    options
      .purge()
      .catch((error: unknown) => log.error(`virtual addresses may be left behind: ${String(error)}`))
      .then(then);
  }

  function tick(): void {
    happen({ kind: 'tick' });
    const trouble = guard?.trouble;
    guard?.tick(laggardsOf(family, clock.monotonic()));
    if (guard?.trouble !== trouble) perform({ kind: 'report' });
    platform.after(BEAT_INTERVAL, tick);
  }

  protect(platform, log, PRIORITY);
  processes.onExit(({ pid, status, signal: number }) => {
    hearOut(pid);
    happen({ kind: 'ended', pid, status, signal: number });
  });
  for (const number of [SIGTERM, SIGINT]) {
    processes.onSignal(number, () => happen({ kind: 'stop', status: 0 }));
  }
  processes.onSignal(SIGHUP, () => tellControl({ reload: true }));
  tick();
}

/** What makes no sense is a beat and nothing more: no child can take the supervisor along. */
function readMessage(data: Uint8Array): FromChild {
  try {
    const { stop, will }: FromChild = JSON.parse(new TextDecoder().decode(data)) ?? {};
    return {
      ...(typeof stop === 'number' && { stop }),
      ...(typeof will === 'object' && will !== null && { will }),
    };
  } catch {
    return {};
  }
}
