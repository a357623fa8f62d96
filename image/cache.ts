// Where build products are kept, outside the tree, and how two builds at once stay out of each other's way.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$COMPACT_DIRECTOR_CACHE`, else `compact-director` in the user's cache folder (XDG base directories). */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.COMPACT_DIRECTOR_CACHE) return env.COMPACT_DIRECTOR_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'compact-director');
}

/** The file in `<cache>/log` that belongs to a step, its folder made. */
export function logFile(cache: string, name: string): string {
  mkdirSync(join(cache, 'log'), { recursive: true });
  return join(cache, 'log', name);
}

/** How long the step took last time here, in seconds, else `estimate`. */
export function expectedSeconds(cache: string, step: string, estimate: number): number {
  try {
    return Number(readFileSync(logFile(cache, `${step}.seconds`), 'utf8')) || estimate;
  } catch {
    return estimate;
  }
}

export function recordSeconds(cache: string, step: string, seconds: number): void {
  writeFileSync(logFile(cache, `${step}.seconds`), seconds.toFixed(1));
}

/**
 * Runs `work` while holding the lock `name`. Another build that wants it waits. flock(1) holds it for us and lets go
 * when our end of its pipe closes, so a build that was killed leaves no stale lock.
 */
export async function withLock<T>(cache: string, name: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [logFile(cache, `${name}.lock`), 'sh', '-c', 'echo; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>(resolve => holder.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    holder.once('error', reject);
    holder.once('exit', status => reject(new Error(`flock for ${name}: exit status ${status}`)));
  });
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
