// Runs the programs that a configuration names: found, as the right user, with a time limit that reaches everything they started.
import { SIGKILL, SIGTERM } from '../../platform/linux.ts';
import { type ChildExit, isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import type { CommandConfig } from '../config/vrrp-config.ts';
import { accountOf, UnknownAccount } from './accounts.ts';

/** Milliseconds between asking a program to end and ending it. */
const GRACE = 2000;

/** Where a program without a slash in its name is looked for. */
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** How a program ended. */
export interface CommandEnd {
  /** Null: it could not be started, was ended by a signal or took too long. */
  readonly status: number | null;
  /** In words: `exit status 1`, `no end within 5 s`. */
  readonly reason: string;
}

export interface CommandRun {
  /** More words behind the command's own. */
  readonly words?: readonly string[];
  /** Milliseconds; without it the program may run for ever. */
  readonly timeout?: number;
  /** Called once, never before `start` has returned. */
  done(end: CommandEnd): void;
}

export interface Commands {
  /** Returns how to end it early; `done` is called all the same. */
  start(command: CommandConfig, run: CommandRun): () => void;
}

interface Child {
  readonly run: CommandRun;
  timer: Timer | null;
  /** Why it was asked to end, once it was. */
  reason: string | null;
}

export function createCommands(platform: Platform): Commands {
  const { processes } = platform;
  const children = new Map<number, Child>();

  function spawn({ words, user, group }: CommandConfig, run: CommandRun): number {
    const [program = '', ...rest] = words;
    const account = accountOf(platform, user, group);
    const args = [program, ...rest, ...(run.words ?? [])];
    return processes.spawn(locate(platform, program), args, [-1, -1, 2], null, account);
  }

  function signal(pid: number, number: number): void {
    try {
      processes.kill(-pid, number);
    } catch (error) {
      // The whole group is gone already.
      if (!isSystemError(error, 'ESRCH')) throw error;
    }
  }

  function stop(pid: number, reason: string): void {
    const child = children.get(pid);
    if (child === undefined || child.reason !== null) return;
    child.timer?.cancel();
    child.reason = reason;
    signal(pid, SIGTERM);
    child.timer = platform.after(GRACE, () => signal(pid, SIGKILL));
  }

  processes.onExit(exit => {
    const child = children.get(exit.pid);
    if (child === undefined) return;
    children.delete(exit.pid);
    child.timer?.cancel();
    // What it left behind in its group, when it did not end in peace.
    if (child.reason !== null) signal(exit.pid, SIGKILL);
    child.run.done(child.reason === null ? endOf(exit) : { status: null, reason: child.reason });
  });

  return {
    start(command, run) {
      try {
        const pid = spawn(command, run);
        const child: Child = { run, timer: null, reason: null };
        children.set(pid, child);
        const { timeout } = run;
        if (timeout !== undefined) {
          child.timer = platform.after(timeout, () => stop(pid, `no end within ${timeout / 1000} s`));
        }
        return () => stop(pid, 'ended before its time');
      } catch (error) {
        if (!isSystemError(error) && !(error instanceof UnknownAccount)) throw error;
        const { message } = error;
        platform.soon(() => run.done({ status: null, reason: `cannot be started: ${message}` }));
        return () => {};
      }
    },
  };
}

/** The file to execute: a bare name is looked for in the usual folders. */
function locate(platform: Platform, program: string): string {
  if (program.includes('/')) return program;
  const found = FOLDERS.find(folder => platform.files.exists(`${folder}/${program}`));
  return `${found ?? FOLDERS[0]}/${program}`;
}

function endOf({ status, signal }: ChildExit): CommandEnd {
  if (signal !== 0) return { status: null, reason: `signal ${signal}` };
  return { status, reason: `exit status ${status}` };
}
