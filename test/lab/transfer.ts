// A file that a client fetches with curl, watched while it arrives.
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SCRATCH } from '../../scripts/lab/lab.ts';
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { client } from '../../scripts/lab/plan.ts';
import { start } from '../../scripts/lab/process.ts';

export interface Transfer {
  /** Where it is put. */
  readonly path: string;
  /** Bytes that have come so far. */
  readonly size: number;
  /** The client takes nothing any more, until it goes on. */
  pause(): void;
  goOn(): void;
  /** Resolves once so many bytes have come; throws when curl ends before. */
  received(bytes: number): Promise<void>;
  /** What ended curl, in words. */
  readonly ended: Promise<string>;
}

/** Milliseconds between two looks at how much has come. */
const LOOK = 20;

/** Starts to fetch `url`. */
export function startTransfer(url: string): Transfer {
  const path = join(SCRATCH, 'received');
  writeFileSync(path, '');
  const curl = start('curl', inNamespace(client.name, ['curl', '-sS', '-f', '-o', path, url]));
  let end: string | null = null;
  curl.ended.then(reason => {
    end = reason;
  });
  const size = () => statSync(path).size;
  return {
    path,
    get size() {
      return size();
    },
    pause: () => process.kill(curl.pid, 'SIGSTOP'),
    goOn: () => process.kill(curl.pid, 'SIGCONT'),
    ended: curl.ended,
    async received(bytes) {
      while (size() < bytes) {
        if (end !== null) throw new Error(`curl after ${size()} bytes: ${end}\n${curl.tail()}`);
        await sleep(LOOK);
      }
    },
  };
}

/** SHA-256 of a file. */
export function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
