// Long-running programs of the lab: started with their output kept, ended by pid, and never left behind.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface Running {
  readonly name: string;
  readonly pid: number;
  /** Resolves with what ended it, in words. */
  readonly ended: Promise<string>;
  /** The last lines it printed. */
  tail(): string;
  /** Sends a signal (SIGKILL unless told otherwise) and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Makes `command` end with this process, however that ends. */
export function mortal(command: readonly string[]): [string, ...string[]] {
  return ['setpriv', '--pdeathsig', 'KILL', ...command];
}

/** Starts a program; all it prints is kept, and appended to `log` when given. */
export function start(name: string, command: readonly string[], log?: string): Running {
  const [program, ...args] = mortal(command);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return watch(name, child, log);
}

function watch(name: string, child: ChildProcess, log?: string): Running {
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
    if (log) appendFileSync(log, chunk);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const ended = new Promise<string>(resolve => {
    child.on('error', error => resolve(error.message));
    child.on('close', (status, signal) => resolve(signal ? `ended by ${signal}` : `exit status ${status}`));
  });
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    tail: () => output.trimEnd().split('\n').slice(-20).join('\n'),
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
}

const execute = promisify(execFile);

/** Runs a short command to its end and returns what it printed; throws with its error output. */
export async function run(command: readonly string[]): Promise<string> {
  const [program, ...args] = mortal(command);
  const { stdout } = await execute(program, args, { encoding: 'utf8', maxBuffer: 16 << 20 });
  return stdout;
}
