// Starts servers in the far namespace of a place.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Place } from '../director/director.ts';

/** Those of answers.ts, or of another file beside it. Resolves when all of them are there; they end with the test. */
export async function startAnswers(t: ExecutionContext, place: Place, name = 'answers.ts'): Promise<void> {
  const file = join(import.meta.dirname, name);
  const child = spawn('ip', ['netns', 'exec', place.far, process.execPath, file, place.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise(resolve => child.on('close', resolve));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await new Promise(resolve => child.stdout.once('data', resolve));
}

/** A daemon that stays in the foreground; what it says is shown when the test fails. */
export function startDaemon(t: ExecutionContext, place: Place, ...command: string[]): void {
  const child = spawn('ip', ['netns', 'exec', place.far, ...command], {
    cwd: place.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      said = `${said}${data}`.slice(-4000);
    });
  }
  const ended = new Promise(resolve => child.on('close', resolve));
  t.teardown(async () => {
    if (!t.passed) t.log(`${command[0]}: ${said}`);
    child.kill('SIGTERM');
    await ended;
  });
}
