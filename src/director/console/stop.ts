// director stop: VRRP says goodbye, the services leave the kernel, every process ends.
import { isRunning } from '../supervisor/lock.ts';
import { openControl } from './ask.ts';
import { type Command, DONE, FAILED } from './command.ts';

/** Milliseconds between looks, and until the command gives up waiting. */
const LOOK = 50;
const PATIENCE = 15_000;

export const stop: Command = {
  name: 'stop',
  usage: '',
  summary: 'stops the director: VRRP says goodbye, addresses and services are taken off',
  operands: { least: 0, most: 0 },
  async run(platform, invocation) {
    const client = openControl(platform, invocation);
    await client.request('stop');
    client.close();
    const deadline = platform.clock.monotonic() + PATIENCE;
    while (isRunning(platform, invocation.runDirectory)) {
      if (platform.clock.monotonic() > deadline) {
        platform.printError(`director: still running after ${PATIENCE / 1000} s\n`);
        return FAILED;
      }
      await new Promise<void>(resolve => platform.after(LOOK, resolve));
    }
    if (invocation.json) platform.print(`${JSON.stringify({ version: 1, stopped: true })}\n`);
    return DONE;
  },
};
