// A FIFO that others read VRRP's changes from, and the program that reads it, when the configuration names one.
import { isSystemError, type Pipe, type Platform, type Timer } from '../../platform/platform.ts';
import type { FifoConfig } from '../config/vrrp-config.ts';
import type { Log } from '../log.ts';
import { accountOf, UnknownAccount } from '../system/accounts.ts';
import type { Commands } from '../system/commands.ts';

/** Lines that wait for a reader beyond the 64 KiB that the kernel holds; then the oldest are lost. */
const MOST = 500;
/** Milliseconds between attempts to get rid of those, and before a reader that ended is started again. */
const RETRY = 1000;
const RESTART = 5000;
/** Milliseconds in which a reader may end by itself once nobody writes any more. */
const LAST_LINES = 500;

export interface Fifo {
  /** Never waits. */
  write(line: string): void;
  /** Takes the FIFO away if it was made here, and ends the reader once it had time to read the rest. Resolves when it is gone. */
  close(): Promise<void>;
}

export function openFifo(platform: Platform, commands: Commands, config: FifoConfig, log: Log): Fifo {
  const { files } = platform;
  const { path, script, user, group } = config;
  let pipe: Pipe | null = null;
  let made = false;
  let waiting: string[] = [];
  let lost = 0;
  let timer: Timer | null = null;
  let restart: Timer | null = null;
  /** Of the reader that runs. */
  let stopReader: (() => void) | null = null;
  let whenReaderEnds = () => {};
  let trouble: string | null = null;
  let open = true;

  function make(): void {
    const owner = accountOf(platform, user, group);
    files.makeFifo(path, 0o600);
    made = true;
    files.changeOwner(path, owner);
  }

  /** What keeps it from being open, or null. */
  function attempt(): string | null {
    try {
      if (!files.exists(path)) make();
      if (files.status(path).type !== 'fifo') return 'this is no FIFO';
      pipe = files.openPipe(path);
      return null;
    } catch (error) {
      if (!isSystemError(error) && !(error instanceof UnknownAccount)) throw error;
      return error.message;
    }
  }

  function ensure(): boolean {
    if (pipe !== null) return true;
    const before = trouble;
    trouble = attempt();
    if (trouble !== null && trouble !== before) log.error(`FIFO ${path}: ${trouble}`);
    return pipe !== null;
  }

  function flush(): void {
    timer?.cancel();
    timer = null;
    let sent = 0;
    if (ensure()) while (sent < waiting.length && put(waiting[sent]!)) sent += 1;
    waiting = waiting.slice(sent);
    if (waiting.length > 0) timer = platform.after(RETRY, flush);
    else if (lost > 0) {
      log.warn(`FIFO ${path}: ${lost} lines were lost, nobody read them`);
      lost = 0;
    }
  }

  function put(line: string): boolean {
    return pipe!.write(new TextEncoder().encode(line));
  }

  function startReader(): void {
    restart = null;
    if (script === null) return;
    stopReader = commands.start(script, {
      words: [path],
      done({ reason }) {
        stopReader = null;
        whenReaderEnds();
        if (!open) return;
        log.warn(`the reader of FIFO ${path} ended: ${reason}`);
        restart = platform.after(RESTART, startReader);
      },
    });
  }

  ensure();
  startReader();
  return {
    write(line) {
      waiting.push(line);
      if (waiting.length > MOST) {
        waiting.shift();
        lost += 1;
      }
      if (timer === null) flush();
    },
    close() {
      open = false;
      timer?.cancel();
      restart?.cancel();
      pipe?.close();
      if (made) removeQuietly();
      const stop = stopReader;
      if (stop === null) return Promise.resolve();
      const patience = platform.after(LAST_LINES, stop);
      return new Promise(resolve => {
        whenReaderEnds = () => {
          patience.cancel();
          resolve();
        };
      });
    },
  };

  function removeQuietly(): void {
    try {
      files.remove(path);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}
