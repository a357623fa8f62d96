// Runs in the client's namespace, driven by client.ts over Node's IPC channel: makes HTTP requests, each on a connection of its own.
import { get } from 'node:http';
import type { Command, Report } from './client.ts';
import type { Sample } from './gap.ts';

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function request(url: string, timeout: number): Promise<Sample> {
  const started = now();
  return new Promise(resolve => {
    const end = (server: string | null, error: string | null) => {
      clearTimeout(timer);
      resolve({ started, finished: now(), server, error });
    };
    const call = get(url, { agent: false }, response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) end(body.trim(), null);
        else end(null, `status ${response.statusCode}`);
      });
      response.on('error', error => end(null, error.message));
    });
    call.on('error', error => end(null, error.message));
    const timer = setTimeout(() => call.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
  });
}

const loads = new Map<number, { timer: NodeJS.Timeout; pending: Set<Promise<void>> }>();

function report(message: Report): void {
  process.send?.(message);
}

process.on('message', async (command: Command) => {
  const { id } = command;
  if (command.do === 'get') {
    report({ id, samples: [await request(command.url, command.timeout)], last: true });
  } else if (command.do === 'load') {
    const pending = new Set<Promise<void>>();
    // A new connection at every tick, whatever became of those before: after an interruption the next one gets through at once,
    // while an old one waits for TCP to send its SYN again.
    const timer = setInterval(() => {
      const one = request(command.url, command.timeout).then(sample => {
        pending.delete(one);
        report({ id, samples: [sample], last: false });
      });
      pending.add(one);
    }, command.interval);
    loads.set(id, { timer, pending });
  } else {
    const load = loads.get(id);
    loads.delete(id);
    clearInterval(load?.timer);
    await Promise.all(load?.pending ?? []);
    report({ id, samples: [], last: true });
  }
});
