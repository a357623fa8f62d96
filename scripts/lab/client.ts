// The client of the lab: a process in its own namespace that makes HTTP requests as told.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Sample } from './gap.ts';
import { inNamespace } from './namespace.ts';
import { mortal } from './process.ts';

/** What the agent is told. Times in milliseconds. */
export type Command =
  | { readonly id: number; readonly do: 'get'; readonly url: string; readonly timeout: number }
  | {
      readonly id: number;
      readonly do: 'load';
      readonly url: string;
      readonly timeout: number;
      readonly interval: number;
    }
  | { readonly id: number; readonly do: 'stop' };

/** What the agent answers; `last` closes the command `id`. */
export interface Report {
  readonly id: number;
  readonly samples: readonly Sample[];
  readonly last: boolean;
}

export interface Load {
  /** All requests that have ended so far. */
  readonly samples: readonly Sample[];
  /** Resolves once some requests in a row have been answered: from then on an interruption shows as a gap. */
  readonly flowing: Promise<void>;
  /** Starts no more requests and resolves when the last has ended. */
  stop(): Promise<readonly Sample[]>;
}

export interface Client {
  get(url: string, timeout?: number): Promise<Sample>;
  /** `count` requests one after the other. */
  getMany(url: string, count: number): Promise<Sample[]>;
  /** A new connection every `interval` ms until stopped. */
  load(url: string, interval: number): Load;
  close(): void;
}

/** Milliseconds after which a request counts as not answered. */
const TIMEOUT = 1000;
/** So many answers in a row are a flow. */
const FLOWING = 10;

/** Starts the client in the network namespace `namespace`. */
export function startClient(namespace: string): Client {
  const [execPath, ...execArgv] = mortal(inNamespace(namespace, [process.execPath]));
  const agent = fork(join(import.meta.dirname, 'client-agent.ts'), [], { execPath, execArgv });
  const receivers = new Map<number, (report: Report) => void>();
  agent.on('message', (report: Report) => receivers.get(report.id)?.(report));
  let lastId = 0;

  const client: Client = {
    get(url, timeout = TIMEOUT) {
      const id = ++lastId;
      return new Promise(resolve => {
        receivers.set(id, ({ samples: [sample] }) => {
          receivers.delete(id);
          if (sample) resolve(sample);
        });
        agent.send({ id, do: 'get', url, timeout } satisfies Command);
      });
    },
    async getMany(url, count) {
      const samples: Sample[] = [];
      while (samples.length < count) samples.push(await client.get(url));
      return samples;
    },
    load(url, interval) {
      const id = ++lastId;
      const samples: Sample[] = [];
      let row = 0;
      let flows: () => void = () => {};
      const flowing = new Promise<void>(resolve => {
        flows = resolve;
      });
      const finished = new Promise<void>(resolve => {
        receivers.set(id, report => {
          samples.push(...report.samples);
          for (const { server } of report.samples) {
            row = server === null ? 0 : row + 1;
            if (row === FLOWING) flows();
          }
          if (!report.last) return;
          receivers.delete(id);
          resolve();
        });
      });
      agent.send({ id, do: 'load', url, timeout: TIMEOUT, interval } satisfies Command);
      return {
        samples,
        flowing,
        async stop() {
          agent.send({ id, do: 'stop' } satisfies Command);
          await finished;
          return samples;
        },
      };
    },
    close: () => void agent.kill('SIGKILL'),
  };
  return client;
}
