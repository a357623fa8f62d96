// What has to wait for the card is done by children, one after the other: a card that hangs keeps whoever asks it in the kernel, for
// minutes and beyond the reach of any signal, and a control process that makes no progress has the whole board started again.
import type { Platform, Timer } from '../../platform/platform.ts';
import { type CardIo, PAGE } from '../flash/card-io.ts';
import { type Commands, createCommands } from '../system/commands.ts';

/** Milliseconds after which a child is not waited for any more. It goes on: nothing ends it, and it closes what it has opened. */
const PATIENCE = 15_000;

const STUCK = 'an earlier attempt is still waiting for the card';

// The partition first: one that stays open must not be reached through a disk that is.
const WRITE = `{ blockdev --setrw "/dev/$1" && blockdev --setrw "$2" &&
  dd if="$3" of="$2" bs=${PAGE} seek="$4" conv=notrunc,fsync; } 2>/dev/null; status=$?
  { blockdev --setro "$2"; blockdev --setro "/dev/$1"; } 2>/dev/null; exit $status`;
const READ = `{ blockdev --flushbufs "$1" && dd if="$1" of="$2" bs=${PAGE} skip="$3" count="$4"; } 2>/dev/null`;

interface Job {
  readonly script: string;
  readonly words: readonly string[];
  /** Gets what went wrong, or null. It is called once. */
  done(failure: string | null): void;
}

export class CardChildren implements CardIo {
  readonly #platform: Platform;
  readonly #commands: Commands;
  readonly #path: string;
  readonly #queue: Job[] = [];
  #over: (() => void)[] = [];
  #isBusy = false;
  #isStuck = false;

  constructor(platform: Platform, runDirectory: string) {
    this.#platform = platform;
    this.#commands = createCommands(platform);
    this.#path = `${runDirectory}/card.bytes`;
  }

  /** Has the shell run `script` with `$1` and so on; `done` gets what went wrong, or null. It is called once, never before this has returned. */
  run(script: string, words: readonly string[], done: (failure: string | null) => void): void {
    if (this.#isStuck) {
      this.#platform.soon(() => done(STUCK));
      return;
    }
    this.#queue.push({ script, words, done });
    if (!this.#isBusy) this.#next();
  }

  async write(disk: string, device: string, bytes: Uint8Array, offset: number): Promise<void> {
    await this.#withFile(bytes, async () => {
      const failure = await this.#ran(WRITE, [disk, device, this.#path, `${offset / PAGE}`]);
      if (failure !== null) throw new Error(`writing to ${device}: ${failure}`);
    });
  }

  async read(device: string, offset: number, length: number): Promise<Uint8Array> {
    const words = [device, this.#path, `${offset / PAGE}`, `${Math.ceil(length / PAGE)}`];
    return this.#withFile(new Uint8Array(0), async () => {
      const failure = await this.#ran(READ, words);
      if (failure !== null) throw new Error(`reading ${device}: ${failure}`);
      return this.#platform.files.read(this.#path).subarray(0, length);
    });
  }

  whenOver(callback: () => void): void {
    if (this.#isBusy) this.#over.push(callback);
    else callback();
  }

  /** A configuration has secrets: nobody else may read it, nor does it stay. */
  async #withFile<T>(content: Uint8Array, work: () => Promise<T>): Promise<T> {
    const { files } = this.#platform;
    files.replace(this.#path, content, 0o600);
    try {
      return await work();
    } finally {
      files.remove(this.#path);
    }
  }

  #ran(script: string, words: readonly string[]): Promise<string | null> {
    return new Promise(resolve => this.run(script, words, resolve));
  }

  #next(): void {
    const job = this.#queue.shift();
    if (job === undefined) {
      for (const callback of this.#over.splice(0)) callback();
      return;
    }
    this.#isBusy = true;
    let timer: Timer | null = this.#platform.after(PATIENCE, () => {
      timer = null;
      this.#isStuck = true;
      job.done(`no answer within ${PATIENCE / 1000} s`);
      for (const waiting of this.#queue.splice(0)) waiting.done(STUCK);
    });
    const words = ['/bin/sh', '-c', job.script, 'card', ...job.words];
    this.#commands.start(
      { words, user: 'root', group: null },
      {
        done: ({ status, reason }) => {
          this.#isStuck = false;
          if (timer !== null) {
            timer.cancel();
            job.done(status === 0 ? null : status === null ? reason : 'it gives an error');
          }
          this.#isBusy = false;
          this.#next();
        },
      },
    );
  }
}
