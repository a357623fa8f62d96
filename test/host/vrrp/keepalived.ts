// Debian's keepalived as the other router of a group.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import type { Station } from './segment.ts';

/** Why there is no keepalived to test against, or null. */
export function withoutKeepalived(): string | null {
  const { error } = spawnSync('keepalived', ['--version']);
  return error ? 'keepalived is not installed (apt-get install keepalived)' : null;
}

export class Keepalived {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<void>;

  constructor(t: ExecutionContext, station: Station, config: string) {
    const file = `${station.folder}/keepalived.conf`;
    writeFileSync(file, config);
    const options = ['-P', '-n', '-l', '-D', '-f', file];
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

  /** Everything it has said. */
  get log(): string {
    return this.#lines.join('\n');
  }

  /** An orderly end: it sends priority 0. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
  }
}
