// What a mail server in a place takes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import type { Place } from '../director/director.ts';

export interface Mail {
  readonly helo: string;
  readonly sender: string;
  readonly recipients: string;
  readonly headers: readonly string[];
  readonly text: string;
}

/** Starts a mail server at 10.9.0.2, for as long as the test runs; the messages that it takes are added to the result. */
export async function startMailServer(t: ExecutionContext, place: Place): Promise<Mail[]> {
  const program = join(import.meta.dirname, 'mail-server.ts');
  const child = spawn('ip', ['netns', 'exec', place.far, process.execPath, program, '10.9.0.2'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise(resolve => child.on('close', resolve));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const messages: Mail[] = [];
  await new Promise<void>(resolve => {
    createInterface({ input: child.stdout }).on('line', line => {
      if (line === 'listening') resolve();
      else messages.push(JSON.parse(line));
    });
  });
  return messages;
}

/** All of them, their headers and texts, to look for words in. */
export function wordsOf(messages: readonly Mail[]): string {
  return messages.map(({ headers, text }) => `${headers.join('\n')}\n${text}`).join('\n');
}
