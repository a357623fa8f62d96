// Configurations are read by a child. What understands them takes more than a megabyte, which a process that has loaded it does not
// give back; a child has it for as long as it reads.
import { SIGKILL } from '../../platform/linux.ts';
import { isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import type { Loaded } from '../config/load.ts';

/** Milliseconds; less than the console waits for an answer. */
const PATIENCE = 40_000;

const SELF = '/proc/self/exe';

const answerIn = (runDirectory: string) => `${runDirectory}/reading.json`;

interface Child {
  readonly pid: number;
  readonly timer: Timer;
  /** Gets what went wrong, or null. */
  readonly done: (failure: string | null) => void;
}

export class Reader {
  readonly #platform: Platform;
  readonly #runDirectory: string;
  #child: Child | null = null;

  constructor(platform: Platform, runDirectory: string) {
    this.#platform = platform;
    this.#runDirectory = runDirectory;
    platform.processes.onExit(({ pid, status, signal }) => {
      if (pid !== this.#child?.pid) return;
      if (signal !== 0) this.#end(`signal ${signal}`);
      else this.#end(status === 0 ? null : `exit status ${status}`);
    });
  }

  /**
   * Has a child read the file and all it includes; one reading at a time. Mistakes in it are part of the answer. Rejects with an Error
   * when the child does not answer. `configId`: of `--config-id`, or null.
   */
  async read(file: string, configId: string | null): Promise<Loaded> {
    const { files } = this.#platform;
    const failure = await this.#ran(file, configId);
    if (failure !== null) throw new Error(`${file} could not be read: ${failure}`);
    const path = answerIn(this.#runDirectory);
    const loaded = JSON.parse(files.readText(path)) as Loaded;
    files.remove(path);
    return loaded;
  }

  /** Nobody needs the answer any more. */
  close(): void {
    this.#giveUp('the director is stopped');
  }

  #ran(file: string, configId: string | null): Promise<string | null> {
    return new Promise(done => {
      const id = configId === null ? [] : ['--config-id', configId];
      const words = ['--config', file, '--run-dir', this.#runDirectory, ...id];
      try {
        const pid = this.#platform.processes.spawn(
          SELF,
          ['director: reader', 'role', 'reader', ...words],
          [-1, 1, 2],
        );
        const timer = this.#platform.after(PATIENCE, () =>
          this.#giveUp(`no answer within ${PATIENCE / 1000} s`),
        );
        this.#child = { pid, timer, done };
      } catch (error) {
        if (!isSystemError(error)) throw error;
        done(error.message);
      }
    });
  }

  /** Its end is not waited for: a file may keep it in the kernel. */
  #giveUp(failure: string): void {
    if (this.#child === null) return;
    this.#platform.processes.kill(this.#child.pid, SIGKILL);
    this.#end(failure);
  }

  #end(failure: string | null): void {
    const child = this.#child;
    this.#child = null;
    child?.timer.cancel();
    child?.done(failure);
  }
}

/** What the child does with what it has read. */
export function leaveAnswer(platform: Platform, runDirectory: string, loaded: Loaded): void {
  // It holds a password hash.
  platform.files.replace(answerIn(runDirectory), JSON.stringify(loaded), 0o600);
}
