// Runs the programs of each instance and group in the order in which things happened to it, one at a time; others do not wait for it.
import type { Log } from '../log.ts';
import type { Commands } from '../system/commands.ts';
import type { Call } from './notice.ts';

/** Milliseconds that one program gets: those behind it wait. */
const TIMEOUT = 60_000;

/** Programs that may wait for one instance; what is beyond that was overtaken by events. */
const MOST = 32;

export interface Job extends Call {
  /** For the log: `INSTANCE web MASTER`. */
  readonly about: string;
  /** It was started, or cannot be. */
  started(): void;
}

export class CommandQueue {
  readonly #commands: Commands;
  readonly #log: Log;
  /** By subject; the first of each is running. */
  readonly #jobs = new Map<string, Job[]>();
  #idle: (() => void)[] = [];

  constructor(commands: Commands, log: Log) {
    this.#commands = commands;
    this.#log = log;
  }

  /** Behind all others of this subject. */
  add(subject: string, job: Job): void {
    const jobs = this.#jobs.get(subject) ?? [];
    jobs.push(job);
    this.#jobs.set(subject, jobs);
    if (jobs.length === 1) this.#start(subject, jobs);
    if (jobs.length <= MOST) return;
    const [left] = jobs.splice(1, 1);
    this.#log.warn(`${left!.command.words[0]} is left out for ${left!.about}: too many wait`);
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (this.#jobs.size === 0) return Promise.resolve();
    return new Promise(resolve => this.#idle.push(resolve));
  }

  #start(subject: string, jobs: Job[]): void {
    const { command, words, about, started } = jobs[0]!;
    this.#commands.start(command, {
      words,
      timeout: TIMEOUT,
      done: ({ status, reason }) => {
        if (status !== 0) this.#log.warn(`${command.words[0]} for ${about}: ${reason}`);
        jobs.shift();
        if (jobs.length > 0) this.#start(subject, jobs);
        else this.#end(subject);
      },
    });
    started();
  }

  #end(subject: string): void {
    this.#jobs.delete(subject);
    if (this.#jobs.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
