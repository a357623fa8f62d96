// What goes over a bridge as tcpdump tells it, line by line, while it happens.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';

export class Tap {
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #process: ChildProcess;
  readonly #listening: Promise<void>;

  /** `hub`: network namespace of the bridge. `filter`: in tcpdump's words. */
  constructor(t: ExecutionContext, hub: string, bridge: string, filter: string) {
    const command = ['tcpdump', '-i', bridge, '-l', '-n', '-e', '-t', '-Z', 'root', filter];
    this.#process = spawn('ip', ['netns', 'exec', hub, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface({ input: this.#process.stdout! }).on('line', line => {
      this.lines.push(line);
      for (const each of this.#waiting) each();
    });
    this.#listening = new Promise(resolve => {
      createInterface({ input: this.#process.stderr! }).on('line', line => {
        if (/listening on/.test(line)) resolve();
      });
    });
    const ended = new Promise(resolve => this.#process.on('close', resolve));
    t.teardown(async () => {
      if (!t.passed) t.log(this.lines.slice(-20).join('\n'));
      this.#process.kill('SIGTERM');
      await ended;
    });
  }

  /** Resolves when nothing is missed any more. */
  started(): Promise<void> {
    return this.#listening;
  }

  /** Resolves with them when `count` lines that match have been seen, from line `from` on. */
  async seen(pattern: RegExp, count = 1, from = 0): Promise<string[]> {
    for (;;) {
      const found = this.lines.slice(from).filter(line => pattern.test(line));
      if (found.length >= count) return found;
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}
