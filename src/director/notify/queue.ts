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
  readonly #atOnce: number;
  /** By subject; the first of each is running, or its subject waits. */
  readonly #jobs = new Map<string, Job[]>();
  /** Subjects whose first program waits for another subject's to end. */
  readonly #waiting: string[] = [];
  #running = 0;
  #idle: (() => void)[] = [];

  /** `atOnce`: programs that may run at a time. */
  constructor(commands: Commands, log: Log, atOnce = Number.POSITIVE_INFINITY) {
    this.#commands = commands;
    this.#log = log;
    this.#atOnce = atOnce;
  }

  /** Behind all others of this subject. */
  add(subject: string, job: Job): void {
    const jobs = this.#jobs.get(subject) ?? [];
    jobs.push(job);
    this.#jobs.set(subject, jobs);
    if (jobs.length === 1) this.#begin(subject, jobs);
    if (jobs.length <= MOST) return;
    const [left] = jobs.splice(1, 1);
    this.#log.warn(`${left!.command.words[0]} is left out for ${left!.about}: too many wait`);
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (this.#jobs.size === 0) return Promise.resolve();
    return new Promise(resolve => this.#idle.push(resolve));
  }

  #begin(subject: string, jobs: Job[]): void {
    if (this.#running >= this.#atOnce) {
      this.#waiting.push(subject);
      return;
    }
    this.#running += 1;
    this.#start(subject, jobs);
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
    this.#running -= 1;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#begin(next, this.#jobs.get(next)!);
    if (this.#jobs.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
