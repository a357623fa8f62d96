// What a console command is: one file each in this folder, listed in commands.ts.
import type { Platform } from '../../platform/platform.ts';

/** Exit statuses of every command. */
export const DONE = 0;
export const FAILED = 1;
export const WRONG_INPUT = 2;

/** The words behind the command's name, sorted. */
export interface Invocation {
  /** `--json`: print one JSON object instead of text. */
  readonly json: boolean;
  /** `--run-dir DIR`: where the running director has its sockets. */
  readonly runDirectory: string;
  /** `--config FILE`, or null. */
  readonly config: string | null;
  /** `--config-id ID`, or null: what conditions (`@id`) in a configuration are compared with; the host name unless given. */
  readonly configId: string | null;
  /** `--etc DIR`, or null: this director owns the machine and writes its shadow file there. */
  readonly etc: string | null;
  /** `--trace FILE`, or null: recorded readings of the counters of disks. */
  readonly trace: string | null;
  /** `--card NAME`, or null: the profile of the card. */
  readonly card: string | null;
  /** `--board NAME`, or null: the kind of board that a calculation is about. */
  readonly board: string | null;
  /** `--service NAME`, or null: the one virtual service that is meant. */
  readonly service: string | null;
  /** `--timeout TIME`, or null: how long a drain may take. */
  readonly timeout: string | null;
  /** `--system NAME`, or null: the operating system of a real server. */
  readonly system: string | null;
  /** `--only KINDS`, or null: kinds of changes with commas between them; all of them unless given. */
  readonly only: string | null;
  /** `--check`: a script that looks, not one that does. */
  readonly check: boolean;
  /** `--no-wait`: the end is not waited for. */
  readonly noWait: boolean;
  /** `--over-budget`: a commit is written although the flash budget does not cover it. */
  readonly overBudget: boolean;
  /** `--watch`: shown again and again. */
  readonly watch: boolean;
  /** `--comment TEXT`, or null: what a commit is about. */
  readonly comment: string | null;
  /** `--confirmed MINUTES`, or null: how long a commit is on trial. */
  readonly confirmed: string | null;
  /** What is no option. */
  readonly operands: readonly string[];
}

export interface Command {
  readonly name: string;
  /** Options and operands behind the name, as the help shows them: `[FILE]`. */
  readonly usage: string;
  /** One line that says what it does. */
  readonly summary: string;
  /** How many operands it takes. */
  readonly operands: { readonly least: number; readonly most: number };
  /** Exit status; null when the process is to go on living. A thrown error is printed and counts as FAILED. */
  run(platform: Platform, invocation: Invocation): number | null | Promise<number | null>;
}
