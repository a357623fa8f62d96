// Debian's keepalived as the other router of a group.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import { until } from '../director/director.ts';
import type { Station } from './segment.ts';

/** Why there is no keepalived to test against, or null. */
export function withoutKeepalived(): string | null {
  const { error } = spawnSync('keepalived', ['--version']);
  return error ? 'keepalived is not installed (apt-get install keepalived)' : null;
}

export class Keepalived {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #lines: string[] = [];
  readonly #ended: Promise<void>;

  constructor(t: ExecutionContext, station: Station, config: string) {
    this.#folder = station.folder;
    this.configure(config);
    const options = ['-P', '-n', '-l', '-D', '-f', this.#file];
    const files = ['-p', `${station.folder}/keepalived.pid`, '-r', `${station.folder}/vrrp.pid`];
    this.#process = spawn('ip', ['netns', 'exec', station.name, 'keepalived', ...options, ...files], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      createInterface({ input: stream }).on('line', line => this.#lines.push(line));
    }
    this.#ended = new Promise(resolve => this.#process.on('close', () => resolve()));
    t.teardown(async () => {
      if (!t.passed) t.log(this.#lines.join('\n'));
      await this.stop();
    });
  }

  get #file(): string {
    return `${this.#folder}/keepalived.conf`;
  }

  /** Everything it has said. */
  get log(): string {
    return this.#lines.join('\n');
  }

  /** How many lines it has said: for `line`. */
  get length(): number {
    return this.#lines.length;
  }

  /** Waits for a line that matches, `from` the one with this number. */
  async line(pattern: RegExp, from = 0): Promise<void> {
    await until(
      () => this.#lines.slice(from).some(line => pattern.test(line)),
      yes => yes,
    );
  }

  /** What it reads at its start and at every reload. */
  configure(config: string): void {
    writeFileSync(this.#file, config);
  }

  /** Waits until it works with the new configuration, or with the same one again. */
  async reload(config?: string): Promise<void> {
    const from = this.length;
    if (config !== undefined) this.configure(config);
    this.#process.kill('SIGHUP');
    await this.line(/Reload(ing)? (complete|finished)/i, from);
  }

  /** An orderly end: it sends priority 0. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
  }

  /** The end of both of its processes without a chance for either: its addresses stay on the interface. */
  async crash(): Promise<void> {
    const pids = [Number(readFileSync(`${this.#folder}/vrrp.pid`, 'utf8')), this.#process.pid!];
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const pid of pids) process.kill(pid, signal);
    await this.#ended;
  }
}
