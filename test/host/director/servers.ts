// Real servers in the far namespace of a place.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { inside, type Place, until } from './director.ts';

/** Gives the far end another address. */
export function addAddress(place: Place, address: string): void {
  inside(place.far, 'ip', 'address', 'add', `${address}/24`, 'dev', 'vb');
}

/** nginx on `address` port 80: `/` is 200, `/busy` 503, `/moved` 302. Ends with the test, or by `stop`. */
export async function startNginx(t: ExecutionContext, place: Place, address: string): Promise<Server> {
  const folder = join(place.folder, `nginx-${address}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log ${folder}/access.log;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(each => `${each}_temp_path ${folder}/${each};`).join(' ')}
  server {
    listen ${address}:80;
    location / { return 200 "${address}\\n"; }
    location /busy { return 503; }
    location /moved { return 302 /; }
  }
}
`,
  );
  const child = start(t, place, '/usr/sbin/nginx', '-c', file);
  await until(
    () => inside(place.far, 'ss', '-Htln', `src ${address}:80`),
    text => text !== '',
  );
  return child;
}

/** The servers of bad-server.ts, on every address of the far end. */
export async function startBadServers(t: ExecutionContext, place: Place): Promise<void> {
  const { process: child } = start(t, place, process.execPath, join(import.meta.dirname, 'bad-server.ts'));
  await new Promise(resolve => child.stdout?.once('data', resolve));
}

export interface Server {
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

function start(t: ExecutionContext, place: Place, ...command: string[]): Server {
  const child = spawn('ip', ['netns', 'exec', place.far, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise(resolve => child.on('close', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  t.teardown(stop);
  return { process: child, stop };
}
