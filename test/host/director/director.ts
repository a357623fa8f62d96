// The director's own binary, running in a network namespace: started, asked, disturbed and stopped by tests.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import { director } from '../../../image/host.ts';
import type { DirectorStatus } from '../../../src/director/control/status.ts';
import type { CheckerStatus, RealServerStatus, Role, VrrpStatus } from '../../../src/director/protocol.ts';
import { context } from '../quickjs/run.ts';

/** What a console command came to. */
export interface Answer {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** The binary; built when the sources have changed. */
export async function buildDirector(): Promise<string> {
  return join((await director(context)).path, 'director');
}

/**
 * A network namespace of its own with 10.9.0.0/24 on `va`, whose other end `vb` is in a second one, and a folder.
 * Both namespaces end with the private ones that the suite runs in.
 */
export function createPlace(): Place {
  const folder = mkdtempSync('/run/scratch/director-');
  const name = basename(folder);
  const far = `${name}far`;
  for (const each of [name, far]) {
    execFileSync('ip', ['netns', 'add', each]);
    run('ip', '-n', each, 'link', 'set', 'lo', 'up');
  }
  run('ip', '-n', name, 'link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb', 'netns', far);
  run('ip', '-n', far, 'link', 'set', 'vb', 'up');
  run('ip', '-n', far, 'address', 'add', '10.9.0.2/24', 'dev', 'vb');
  return { name, far, folder };
}

export interface Place {
  /** Network namespaces. */
  readonly name: string;
  readonly far: string;
  readonly folder: string;
}

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' });
}

/** Output of a program in a network namespace. */
export function inside(namespace: string, ...command: string[]): string {
  return run('ip', 'netns', 'exec', namespace, ...command);
}

/** A director that runs in a place. */
export class Director {
  readonly place: Place;
  readonly #binary: string;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  /** Exit status of the supervisor; null by a signal. */
  readonly ended: Promise<number | null>;

  constructor(t: ExecutionContext, binary: string, place: Place, config: string) {
    this.#binary = binary;
    this.place = place;
    const file = this.write('site.conf', config);
    this.#process = spawn(
      'ip',
      ['netns', 'exec', place.name, binary, 'run', '--config', file, '--run-dir', this.runDirectory],
      { stdio: ['ignore', 'inherit', 'pipe'] },
    );
    createInterface({ input: this.#process.stderr! }).on('line', line => {
      this.#lines.push(line);
      for (const each of this.#waiting) each();
    });
    this.ended = new Promise(resolve => this.#process.on('close', resolve));
    t.teardown(async () => {
      if (!t.passed) t.log(this.log);
      this.#process.kill('SIGKILL');
      await this.ended;
    });
  }

  get runDirectory(): string {
    return `${this.place.folder}/run`;
  }

  /** Writes a file beside the configuration and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.place.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** The first line of the log from now on, or already there since `from`, that matches. */
  async line(pattern: RegExp, from = 0): Promise<string> {
    for (;;) {
      const found = this.#lines.slice(from).find(line => pattern.test(line));
      if (found !== undefined) return found;
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** How many lines the log has: for `line`. */
  get length(): number {
    return this.#lines.length;
  }

  /** The log so far; all of it when `ended` is over. */
  get log(): string {
    return this.#lines.join('\n');
  }

  /** Runs a console command against it. */
  console(...words: string[]): Promise<Answer> {
    const args = ['netns', 'exec', this.place.name, this.#binary, ...words, '--run-dir', this.runDirectory];
    return new Promise(resolve => {
      execFile('ip', args, (error, output, errors) => {
        resolve({ status: error === null ? 0 : Number(error.code), output, errors });
      });
    });
  }

  /** The answer of a command as an object; rejects when there was none. */
  async json<T>(...words: string[]): Promise<T> {
    const { output, errors } = await this.console(...words, '--json');
    const answer = output === '' ? { error: errors } : JSON.parse(output);
    if (answer.error) throw new Error(`${words.join(' ')}: ${answer.error}`);
    return answer as T;
  }

  status(): Promise<DirectorStatus> {
    return this.json('status');
  }

  services(): Promise<CheckerStatus> {
    return this.json('services');
  }

  vrrp(): Promise<VrrpStatus> {
    return this.json('vrrp');
  }

  async realServer(address: string): Promise<RealServerStatus> {
    const { services } = await this.services();
    return services.flatMap(({ realServers }) => realServers).find(server => server.address === address)!;
  }

  async pid(role: Role): Promise<number> {
    const { roles } = await this.status();
    return roles.find(each => each.role === role)?.pid ?? 0;
  }

  /** Addresses on `va` with their IFA_PROTO, as `10.9.0.1/24 proto 0x13`. */
  addresses(): string[] {
    const text = run('ip', '-n', this.place.name, '-4', '-o', 'address', 'show', 'dev', 'va');
    return [...text.matchAll(/inet (\S+)/g)].map(match => match[1]!);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}

/** Asks again and again until `holds`; ava's timeout ends what never comes true. */
export async function until<T>(ask: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** argv[0] of a process. */
export function processName(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]!;
}

/** True while the process lives, zombies aside. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
