// Servers of Debian, run by tests with a configuration of their own in the far namespace of a place.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { inNamespace } from '../../../scripts/lab/namespace.ts';
import { inside, type Place, until } from '../director/director.ts';

/** True when the program is there; else the test says so and has nothing to do. */
export function has(t: ExecutionContext, program: string): boolean {
  if (existsSync(program)) return true;
  t.log(`${program} is not installed`);
  t.pass();
  return false;
}

/**
 * What comes before a command that has to run as this user; null when there is none, or when this machine's private namespaces have only
 * root: then the test has nothing to do.
 */
export function asUser(t: ExecutionContext, name: string): string[] | null {
  const command = ['setpriv', `--reuid=${name}`, `--regid=${name}`, '--clear-groups'];
  if (spawnSync(command[0]!, [...command.slice(1), 'true']).status === 0) return command;
  t.log(`nothing can run as ${name} here`);
  t.pass();
  return null;
}

/** Runs a program in the far namespace until the test ends; it must stay in the foreground. Its output is shown when the test fails. */
export function startDaemon(t: ExecutionContext, place: Place, ...command: string[]): void {
  const [program, ...args] = inNamespace(place.far, command);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      output = (output + String(data)).slice(-20_000);
    });
  }
  const ended = new Promise(resolve => child.on('close', resolve));
  t.teardown(async () => {
    if (!t.passed) t.log(`${command.join(' ')}\n${output}`);
    child.kill('SIGKILL');
    await ended;
  });
}

/** Runs a script of ours until the test ends; resolves when it has printed a line. */
export async function startServer(
  t: ExecutionContext,
  [program, ...args]: [string, ...string[]],
): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise(resolve => child.on('close', resolve));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await new Promise(resolve => child.stdout.once('data', resolve));
}

/** Resolves when somebody listens on the port there. */
export async function listening(place: Place, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Promise<void> {
  const flags = protocol === 'tcp' ? '-Hltn' : '-Hlun';
  await until(
    () => inside(place.far, 'ss', flags, `sport = :${port}`),
    found => found !== '',
  );
}
