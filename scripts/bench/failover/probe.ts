// What the client sees: probe.c, compiled and run in its namespace. Times in milliseconds since 1970, fractions included.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SCRATCH } from '../../lab/lab.ts';
import { inNamespace } from '../../lab/namespace.ts';
import { mortal } from '../../lab/process.ts';
import { client, VIP } from './segment.ts';

/** A VRRP advertisement passed. */
export interface Advertisement {
  readonly time: number;
  readonly mac: string;
  readonly priority: number;
}

/** An answer by another machine than the one before, or after some were missing. */
export interface Reply {
  readonly time: number;
  readonly mac: string;
  /** When the answer before came; 0 when there was none. */
  readonly last: number;
}

export interface Probe {
  readonly advertisements: readonly Advertisement[];
  readonly replies: readonly Reply[];
  /** Resolves when something new has been seen, or after so many milliseconds. */
  news(milliseconds: number): Promise<void>;
  stop(): void;
}

/** Microseconds between two echo requests. */
const INTERVAL = 1000;

/** Compiles the probe; returns the path of the program. */
export function compileProbe(): string {
  const program = join(SCRATCH, 'probe');
  const source = join(import.meta.dirname, 'probe.c');
  execFileSync('gcc', ['-std=gnu11', '-D_GNU_SOURCE', '-O2', '-Wall', '-o', program, source]);
  return program;
}

/** Starts to ask for the address. */
export function startProbe(path: string): Probe {
  const command = mortal(inNamespace(client.name, [path, 'port', VIP, String(INTERVAL)]));
  const [program, ...args] = command;
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const advertisements: Advertisement[] = [];
  const replies: Reply[] = [];
  let wake: () => void = () => {};
  createInterface({ input: child.stdout! }).on('line', line => {
    const [what, time, mac = '', value] = line.split(' ');
    if (what === 'advert') advertisements.push({ time: Number(time) / 1000, mac, priority: Number(value) });
    else replies.push({ time: Number(time) / 1000, mac, last: Number(value) / 1000 });
    wake();
  });
  return {
    advertisements,
    replies,
    news: milliseconds =>
      new Promise(resolve => {
        const timer = setTimeout(resolve, milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}
