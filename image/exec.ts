// Runs the programs of a build step: clean environment, output to a log, the log's tail in the error.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/** The date every build product carries (2026-01-01T00:00:00Z), in seconds since the epoch. */
export const SOURCE_DATE_EPOCH = 1767225600;

/** What a build program sees of its surroundings: nothing of the user's, so that the same inputs give the same bytes. */
export const BUILD_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  TZ: 'UTC',
  SOURCE_DATE_EPOCH: String(SOURCE_DATE_EPOCH),
  KBUILD_BUILD_TIMESTAMP: new Date(SOURCE_DATE_EPOCH * 1000).toUTCString(),
  KBUILD_BUILD_USER: 'compact',
  KBUILD_BUILD_HOST: 'director',
};

export interface RunOptions {
  /** Directory the program starts in. */
  cwd?: string;
  /** Added to (or replacing parts of) `BUILD_ENVIRONMENT`. */
  env?: Record<string, string>;
  /** Text for its standard input; without it the input is empty. */
  input?: string;
  /** File that everything it prints is appended to. */
  log?: string;
}

/** A program that could not be started or did not exit with 0. */
export class CommandError extends Error {
  readonly command: string;
  /** `output` is everything the program printed (both streams); the message shows its last 30 lines. */
  constructor(command: string, reason: string, output: string) {
    const tail = output.trimEnd().split('\n').slice(-30).join('\n');
    super(`${command}: ${reason}${tail ? `\n${tail}` : ''}`);
    this.name = 'CommandError';
    this.command = command;
  }
}

/** Runs a program to its end and returns its standard output; throws a CommandError unless it exits with 0. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const command = [program, ...args].join(' ');
  const { log } = options;
  if (log) appendFileSync(log, `$ ${command}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...BUILD_ENVIRONMENT, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const everything: Buffer[] = [];
    const collect = (chunk: Buffer) => {
      everything.push(chunk);
      if (log) appendFileSync(log, chunk);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      collect(chunk);
    });
    child.stderr.on('data', collect);
    child.on('error', error => reject(new CommandError(command, error.message, '')));
    child.on('close', (status, signal) => {
      if (status === 0) return resolve(Buffer.concat(stdout).toString());
      const reason = signal ? `ended by ${signal}` : `exit status ${status}`;
      reject(new CommandError(command, reason, Buffer.concat(everything).toString()));
    });
    // A program that exits without reading its input is judged by its exit status alone.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
