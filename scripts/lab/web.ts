// The real servers: nginx, one in each server's namespace, answering every request with its own name.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inNamespace } from './namespace.ts';
import type { WebPlan } from './plan.ts';
import { type Running, run, start } from './process.ts';

function configuration(name: string, files: string): string {
  return `# One process that stays who it is: inside a user namespace there is nobody else to become.
user root root;
daemon off;
master_process off;
worker_rlimit_nofile 4096;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_timeout 0;
  # A client that says nothing may stay: tests hold connections open.
  client_header_timeout 3600;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 80 backlog=4096;
    listen 8000;
    listen 8080;
    listen [::]:80;
    listen [::]:8000;
    listen [::]:8080;
    default_type text/plain;
    location / { return 200 "${name}\\n"; }
    location /broken { return 503 "${name}\\n"; }
    # The same files on every server, at no more than 8 MB a second.
    location /files/ { alias ${files}/; limit_rate 8m; }
  }
}
`;
}

/** Starts a real server; resolves once it answers in its own namespace. What is in `folder`/files all servers offer below /files/. */
export async function startWeb(plan: WebPlan, folder: string): Promise<Running> {
  const prefix = join(folder, plan.name);
  mkdirSync(prefix, { recursive: true });
  const file = join(prefix, 'nginx.conf');
  writeFileSync(file, configuration(plan.name, join(folder, 'files')));
  const nginx = start(plan.name, inNamespace(plan.name, ['nginx', '-p', prefix, '-e', 'stderr', '-c', file]));
  const curl = [
    'curl',
    '-sf',
    '--retry',
    '50',
    '--retry-delay',
    '1',
    '--retry-connrefused',
    'http://127.0.0.1/',
  ];
  const answer = run(inNamespace(plan.name, curl));
  const failed = nginx.ended.then(reason => {
    throw new Error(`${plan.name}: nginx: ${reason}\n${nginx.tail()}`);
  });
  await Promise.race([answer, failed]);
  failed.catch(() => {});
  return nginx;
}
