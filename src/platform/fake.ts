// A Platform in memory under a virtual clock: the board for tests and simulations.
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { FakeFiles } from './fake-files.ts';
import { FakeProcesses } from './fake-processes.ts';
import { FakeSocket } from './fake-socket.ts';
import { FakeTls } from './fake-tls.ts';
import type { Database, Platform } from './platform.ts';
import { VirtualClock } from './virtual-clock.ts';

export { systemError } from './fake-error.ts';
export { FakeFiles } from './fake-files.ts';
export { type FakeChild, FakeExit, FakeProcesses } from './fake-processes.ts';
export { FakeSocket, join, type Sent } from './fake-socket.ts';
export { FakeTls } from './fake-tls.ts';
export { VirtualClock } from './virtual-clock.ts';

export interface FakeOptions {
  /** Given when several platforms live in the same time. */
  readonly clock?: VirtualClock;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly pid?: number;
  /** Of `random`; the same seed gives the same bytes. */
  readonly seed?: number;
  /** Sees every socket that is opened, before its opener does: a simulated network plugs itself in here, or throws a systemError. */
  readonly onSocket?: (socket: FakeSocket) => void;
  /** Sees every TLS session that begins. */
  readonly onTls?: (session: FakeTls) => void;
  /** Opens databases; without it there are none. */
  readonly openDatabase?: (path: string) => Database;
}

export interface FakePlatform extends Platform {
  readonly clock: VirtualClock;
  readonly files: FakeFiles;
  readonly processes: FakeProcesses;
  /** Every socket opened, also those closed again. */
  readonly sockets: readonly FakeSocket[];
  /** What went to standard output and to standard error. */
  readonly output: { text: string; errors: string };
}

export function createFake(options: FakeOptions = {}): FakePlatform {
  const clock = options.clock ?? new VirtualClock();
  const sockets: FakeSocket[] = [];
  const output = { text: '', errors: '' };
  let nextFd = 3;
  const nextRandom = xorshift(options.seed ?? 1);
  return {
    clock,
    files: new FakeFiles(options.files, () => clock.wall()),
    processes: new FakeProcesses(clock, options.pid ?? 1, options.args ?? [], options.environment ?? {}),
    sockets,
    output,
    after: (milliseconds, callback) => clock.after(milliseconds, callback),
    soon: callback => clock.soon(callback),
    within(_milliseconds, step) {
      step();
      return true;
    },
    socket(family, type, protocol) {
      const socket = new FakeSocket(clock, nextFd++, family, type, protocol);
      options.onSocket?.(socket);
      sockets.push(socket);
      return socket;
    },
    tls(socket, tls) {
      const session = new FakeTls(socket, tls);
      options.onTls?.(session);
      return session;
    },
    deriveKey: (password, salt, rounds) => pbkdf2(sha256, password, salt, { c: rounds, dkLen: 32 }),
    database(path) {
      if (options.openDatabase === undefined) throw new Error(`sqlite: ${path} cannot be opened`);
      return options.openDatabase(path);
    },
    random: length => Uint8Array.from({ length }, () => nextRandom() & 0xff),
    neverWaitForOutput() {},
    print(text) {
      output.text += text;
    },
    printError(text) {
      output.errors += text;
    },
  };
}

/** Marsaglia's 32-bit xorshift. */
function xorshift(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 8;
  };
}
