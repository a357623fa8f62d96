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
