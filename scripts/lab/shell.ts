// A root shell on a board's serial console: commands in, output and exit status out.
import type { Console } from './console.ts';

export interface Result {
  readonly status: number;
  /** Standard output and standard error, in the order they were written. */
  readonly output: string;
}

export interface Shell {
  /** Runs a command line of up to 4,000 characters to its end; throws when that takes longer than `milliseconds`. */
  run(command: string, milliseconds?: number): Promise<Result>;
  /** As `run`, but a status other than 0 throws, and the output is the result. */
  must(command: string, milliseconds?: number): Promise<string>;
  /** Leaves; resolves at the next login prompt. */
  logout(): Promise<void>;
}

/** Logs in as root at the `login:` prompt that is there or comes within `milliseconds`. */
export async function login(console: Console, password: string, milliseconds: number): Promise<Shell> {
  await console.expect(/login: /, milliseconds);
  console.type('root\r');
  await console.expect(/assword: /, 30_000);
  console.type(`${password}\r`);
  await console.expect(/[#$] $/, 30_000);
  // Neither echo nor prompt nor messages about jobs may mix with what commands print.
  console.type('stty -echo; PS1= PS2=; set +m; echo "shell"-"ready"\r');
  await console.expect(/shell-ready\r?\n/, 30_000);
  let count = 0;
  const shell: Shell = {
    async run(command, timeout = 60_000) {
      count++;
      // ash forgets the redirection of a `(...)` that is alone between the braces.
      console.type(`{ :; ${command}\n} 2>&1; echo "end"-${count}-$?-\r`);
      const [before, status] = await console
        .expect(new RegExp(`end-${count}-(\\d+)-\\r?\\n`), timeout)
        .then(match => [match.input.slice(0, match.index), Number(match[1])] as const);
      return { status, output: before.replaceAll('\r', '') };
    },
    async must(command, timeout) {
      const { status, output } = await shell.run(command, timeout);
      if (status !== 0) throw new Error(`\`${command}\` ended with status ${status}:\n${output}`);
      return output;
    },
    async logout() {
      console.type('exit\r');
      await console.expect(/login: /, 30_000);
    },
  };
  return shell;
}
