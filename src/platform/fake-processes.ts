// Processes that do not exist: children are recorded, and end when the test says so.
import { systemError } from './fake-error.ts';
import { FakeSocket, join } from './fake-socket.ts';
import { AF_UNIX, SOCK_SEQPACKET } from './linux.ts';
import type { Account, ChildExit, Processes, Socket } from './platform.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface FakeChild {
  readonly pid: number;
  readonly program: string;
  readonly args: readonly string[];
  readonly descriptors: readonly number[];
  readonly environment: readonly string[] | null;
  readonly account: Account | null;
}

/** Thrown by `exit`, so that the code under test goes no further. */
export class FakeExit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit with status ${status}`);
    this.status = status;
  }
}

export class FakeProcesses implements Processes {
  readonly pid: number;
  readonly args: readonly string[];
  /** Those that were started and have not ended. */
  readonly children = new Map<number, FakeChild>();
  /** Program -> errno: it cannot be started. */
  readonly unspawnable = new Map<string, string>();
  readonly killed: { pid: number; signal: number }[] = [];
  /** The far ends of `pair`, and what the test says this process inherited, by fd. */
  readonly farEnds = new Map<number, FakeSocket>();
  /** What was last asked for. */
  readonly state = { name: '', hostName: '', priority: 0, memoryLocked: false, parentDeathSignal: 0 };
  /** The status of `exit`, or null while running. */
  exited: number | null = null;
  readonly #clock: VirtualClock;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #exitCallbacks: ((exit: ChildExit) => void)[] = [];
  readonly #signalCallbacks: { signal: number; callback: () => void }[] = [];
  #nextPid = 100;
  #nextFd = 500;

  constructor(
    clock: VirtualClock,
    pid: number,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.#clock = clock;
    this.pid = pid;
    this.args = args;
    this.#environment = environment;
  }

  // What a test does ---------------------------------------------------------------------------------------

  /** A child ends, by itself or by a signal. */
  end(pid: number, status: number, signal = 0): void {
    if (!this.children.delete(pid)) throw new Error(`no child ${pid}`);
    this.#clock.soon(() => {
      for (const callback of this.#exitCallbacks) callback({ pid, status, signal });
    });
  }

  /** This process gets a signal. */
  raise(signal: number): void {
    this.#clock.soon(() => {
      for (const each of this.#signalCallbacks) if (each.signal === signal) each.callback();
    });
  }

  // Processes ----------------------------------------------------------------------------------------------

  environment(name: string): string | null {
    return this.#environment[name] ?? null;
  }

  spawn(
    program: string,
    args: readonly string[],
    descriptors: readonly number[],
    environment: readonly string[] | null = null,
    account: Account | null = null,
  ): number {
    const code = this.unspawnable.get(program);
    if (code !== undefined) throw systemError(code, 'execve', program);
    const pid = this.#nextPid++;
    this.children.set(pid, { pid, program, args, descriptors, environment, account });
    return pid;
  }

  kill(pid: number, signal: number): void {
    if (!this.children.has(Math.abs(pid))) throw systemError('ESRCH', 'kill', String(pid));
    if (signal !== 0) this.killed.push({ pid, signal });
  }

  onExit(callback: (exit: ChildExit) => void): void {
    this.#exitCallbacks.push(callback);
  }

  onSignal(signal: number, callback: () => void): void {
    this.#signalCallbacks.push({ signal, callback });
  }

  pair(): { socket: Socket; childFd: number; release(): void } {
    const childFd = this.#nextFd++;
    const socket = new FakeSocket(this.#clock, this.#nextFd++, AF_UNIX, SOCK_SEQPACKET, 0);
    const far = new FakeSocket(this.#clock, childFd, AF_UNIX, SOCK_SEQPACKET, 0);
    join(socket, far);
    this.farEnds.set(childFd, far);
    return { socket, childFd, release: () => {} };
  }

  inherited(fd: number): Socket {
    const socket = this.farEnds.get(fd);
    if (!socket) throw systemError('EBADF', 'fcntl', String(fd));
    return socket;
  }

  setName(name: string): void {
    this.state.name = name;
  }

  dieWithParent(signal: number): void {
    this.state.parentDeathSignal = signal;
  }

  lockMemory(): void {
    this.state.memoryLocked = true;
  }

  setRealTimePriority(priority: number): void {
    this.state.priority = priority;
  }

  setHostName(name: string): void {
    this.state.hostName = name;
  }

  exit(status: number): never {
    this.exited = status;
    throw new FakeExit(status);
  }
}
