// A router under test: the director, or Debian's keepalived, as a tree of processes in a node's namespace.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRATCH } from '../../lab/lab.ts';
import { inNamespace } from '../../lab/namespace.ts';
import { type Running, start } from '../../lab/process.ts';
import type { Node } from './segment.ts';

export interface Software {
  readonly name: string;
  /** What to run; `folder` is empty and its own. */
  command(file: string, folder: string): string[];
  /** The one of its processes that speaks VRRP. */
  vrrpProcess(supervisor: number): number | undefined;
  /** In its log, once it backs somebody up. */
  readonly isBackup: RegExp;
}

export function director(binary: string): Software {
  return {
    name: 'ours',
    command: (file, folder) => [binary, 'run', '--config', file, '--run-dir', join(folder, 'run')],
    vrrpProcess: pid => children(pid).find(child => commandLine(child).startsWith('director: vrrp')),
    isBackup: /entering BACKUP/,
  };
}

export const keepalived: Software = {
  name: 'keepalived',
  command: (file, folder) => [
    ...['keepalived', '--vrrp', '--dont-fork', '--log-console', '--use-file', file],
    ...['--pid', join(folder, 'keepalived.pid'), '--vrrp_pid', join(folder, 'vrrp.pid')],
  ],
  vrrpProcess: pid => children(pid)[0],
  isBackup: /Entering BACKUP STATE/,
};

export interface Router {
  readonly software: Software;
  readonly process: Running;
  /** Every process of it. */
  processes(): number[];
  /** Ends all of it without a word. */
  kill(): Promise<void>;
}

/** Starts it with the configuration that both understand. */
export function startRouter(software: Software, node: Node, config: string): Router {
  const folder = mkdtempSync(join(SCRATCH, `${node.name}-`));
  const file = join(folder, 'site.conf');
  writeFileSync(file, config);
  const process = start(software.name, inNamespace(node.name, software.command(file, folder)));
  const processes = () => [process.pid, ...descendants(process.pid)];
  return {
    software,
    process,
    processes,
    async kill() {
      killAll(processes());
      await process.ended;
    },
  };
}

/** Ends processes so that none of them sees another's end. */
export function killAll(pids: readonly number[]): void {
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const pid of pids) send(pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It went with its parent.
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function commandLine(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function children(pid: number): number[] {
  return [...read(`/proc/${pid}/task/${pid}/children`).matchAll(/\d+/g)].map(Number);
}

function descendants(pid: number): number[] {
  return children(pid).flatMap(child => [child, ...descendants(child)]);
}
