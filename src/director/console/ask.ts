// Asks the running director for the console commands.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { type Client, type ClientEvents, openClient } from '../ipc/client.ts';
import type { Invocation } from './command.ts';

/** Milliseconds: a reload of 2,000 real servers on a 133 MHz board takes its time. */
const TIMEOUT = 60_000;

/** A connection to the control process. Throws an Error that says so when no director runs. */
export function openControl(
  platform: Platform,
  { runDirectory }: Invocation,
  events: ClientEvents = {},
): Client {
  try {
    return openClient(platform, `${runDirectory}/control.sock`, events);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const hint = error.code === 'EACCES' ? 'it serves root only' : 'is it running, and there (--run-dir)?';
    throw new Error(`no director answers in ${runDirectory} (${error.code}): ${hint}`);
  }
}

/** One question, one answer. */
export async function ask(
  platform: Platform,
  invocation: Invocation,
  command: string,
  argument: unknown = null,
): Promise<unknown> {
  const client = openControl(platform, invocation);
  try {
    return await client.request(command, argument, TIMEOUT);
  } finally {
    client.close();
  }
}
