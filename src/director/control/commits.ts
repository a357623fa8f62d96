// What a person has committed: `director commit`, `confirm`, `rollback` and `history` as the control process answers them.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import type { EraseCount } from '../flash/smart.ts';
import type { WriteGate } from '../flash/write-gate.ts';
import { BOOT_ARGUMENTS, bootArguments } from '../hardware/tuning.ts';
import type { Log } from '../log.ts';
import type { CardGuard } from './card-guard.ts';
import type { CardStore, Committed, StoreStatus } from './card-store.ts';
import type { Outcome } from './plan.ts';
import type { Running } from './running.ts';
import { type Trial, TrialKeeper } from './trial.ts';

/** console -> control: command `commit`. */
export interface CommitDemand {
  readonly running: Running;
  /** The file as it is, bytes as characters. */
  readonly text: string;
  readonly comment: string;
  /** Milliseconds in which it must be confirmed; null: it goes to the card at once. */
  readonly confirmWithin: number | null;
  /** It may go beyond the budget of the day. */
  readonly overBudget?: boolean;
  /** What the card says of its erasures. */
  readonly erased?: EraseCount | null;
}

/** The answer to `commit` and `confirm`. */
export interface CommitAnswer {
  /** What was changed; null when it was in force already. */
  readonly outcome: Outcome | null;
  /** Null: it is not on the card. */
  readonly committed: Committed | null;
  /** Milliseconds in which it must be confirmed; null: it need not be. */
  readonly confirmWithin: number | null;
  /** What became of the words on the kernel's command line, in words; not there when they are as they were. */
  readonly boot?: string;
}

export interface CommitsOptions {
  readonly runDirectory: string;
  /** The file that the director starts from: it gets what is committed, so that a director that is started again has it. */
  readonly configFile: string;
  readonly log: Log;
  readonly store: CardStore;
  /** Who is asked before the card is written to. */
  gate(overBudget: boolean): WriteGate;
  /** Knows whether the card may be written to. */
  readonly card: Pick<CardGuard, 'ready' | 'committing' | 'committed' | 'suspect'>;
  /** What is in force. */
  running(): Running | null;
  /** Puts this in force. */
  enforce(next: Running): Promise<Outcome>;
  /** Runs what comes unasked when nothing else is being changed. */
  inTurn(work: () => Promise<unknown>): Promise<unknown>;
}

export class Commits {
  readonly #platform: Platform;
  readonly #options: CommitsOptions;
  readonly #store: CardStore;
  readonly #trial: TrialKeeper;

  constructor(platform: Platform, options: CommitsOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#store = options.store;
    this.#trial = new TrialKeeper(platform, options.runDirectory, trial =>
      options.inTurn(() => this.#expire(trial)),
    );
  }

  /** A trial is in force, in words; null when none is. */
  get trouble(): string | null {
    const trial = this.#trial.present;
    return (
      trial && `a configuration is on trial, not on the card: ${this.#left(trial)} s left to director confirm`
    );
  }

  /** Throws an Error while a configuration is on trial: what else was put in force would be lost with it. */
  refuseOnTrial(): void {
    if (this.trouble !== null) throw new Error(`${this.trouble}, or director rollback`);
  }

  /** First the card, then the kernel: when the card refuses, nothing has changed. */
  async commit(demand: CommitDemand): Promise<CommitAnswer> {
    const { running, text, comment, confirmWithin, overBudget, erased = null } = demand;
    const { configFile, enforce, gate } = this.#options;
    const next = { ...running, file: configFile };
    if (confirmWithin !== null) {
      const before = this.#trial.present?.before ?? this.#options.running();
      if (before === null) throw new Error('nothing is in force yet that could come back');
      const until = this.#platform.clock.monotonic() + confirmWithin;
      // Before it is in force: a director that locks itself out while it changes must come back too.
      this.#trial.begin({ until, before, text, comment });
      return { outcome: await enforce(next), committed: null, confirmWithin };
    }
    const written = await this.#write({ text, comment, erased }, next.config, gate(overBudget ?? false));
    return { outcome: await enforce(next), ...written, confirmWithin: null };
  }

  /** What is on trial goes to the card. Rejects when nothing is. */
  async confirm(overBudget = false): Promise<CommitAnswer> {
    const trial = this.#trial.present;
    if (trial === null) throw new Error('no configuration is on trial: nothing is to be confirmed');
    const config = this.#options.running()?.config;
    const written = await this.#write({ ...trial, erased: null }, config, this.#options.gate(overBudget));
    return { outcome: null, ...written, confirmWithin: null };
  }

  /** The configuration before the one on trial comes back now; null when none is on trial. */
  async revert(): Promise<CommitAnswer | null> {
    const trial = this.#trial.present;
    if (trial === null) return null;
    return { outcome: await this.#takeBack(trial), committed: null, confirmWithin: null };
  }

  /** Rejects with an Error that says what is wrong with the card. */
  async history(): Promise<StoreStatus> {
    await this.#options.card.ready();
    return this.#store.status();
  }

  /** The text of a commit, bytes as characters. Rejects with an Error when the card does not have it. */
  async text(sequence: number): Promise<string> {
    await this.#options.card.ready();
    let text = '';
    for (const byte of await this.#store.config(sequence)) text += String.fromCharCode(byte);
    return text;
  }

  async #write(
    {
      text,
      comment,
      erased,
    }: Pick<CommitDemand, 'text' | 'comment'> & { readonly erased: EraseCount | null },
    running: Config | undefined,
    gate: WriteGate,
  ): Promise<Pick<CommitAnswer, 'committed' | 'boot'>> {
    const { configFile, log, card } = this.#options;
    const config = Uint8Array.from(text, character => character.charCodeAt(0));
    await card.ready();
    card.committing();
    const committed = await this.#store.commit({ config, comment, erased }, gate).catch(error => {
      card.suspect();
      throw error;
    });
    card.committed();
    this.#trial.end();
    this.#platform.files.replace(configFile, config, 0o600);
    if (committed.sectors > 0) {
      const { sequence, copy, device, sectors } = committed;
      log.info(`commit ${sequence} is on the card: copy ${copy} on ${device}, ${sectors} sectors`);
    }
    const boot = await this.#boot(bootArguments(running?.tuning), gate);
    return { committed, ...(boot !== null && { boot }) };
  }

  /** The configuration is on the card already: what fails here is told, and done by the next commit. */
  async #boot(words: readonly string[], gate: WriteGate): Promise<string | null> {
    const list = words.join(' ') || 'nothing of its own';
    try {
      if ((await this.#store.boot(words, BOOT_ARGUMENTS, gate)) === 0) return null;
      return this.#told(`the kernel gets ${list} on its command line: active after the next boot`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.#told(`the kernel does not get ${list} on its command line: ${reason}; commit again`);
    }
  }

  #told(text: string): string {
    this.#options.log.info(text);
    return text;
  }

  async #expire(trial: Trial): Promise<void> {
    // Confirmed or replaced while this was waiting for its turn.
    if (this.#trial.present !== trial) return;
    const { log } = this.#options;
    log.warn('the configuration on trial was not confirmed: the one before comes back');
    try {
      await this.#takeBack(trial);
    } catch (error) {
      log.error(
        `the configuration before the trial: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #takeBack(trial: Trial): Promise<Outcome> {
    this.#trial.end();
    return this.#options.enforce(trial.before);
  }

  #left({ until }: Trial): number {
    return Math.max(0, Math.ceil((until - this.#platform.clock.monotonic()) / 1000));
  }
}
