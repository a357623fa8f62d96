// Small programs in C that stand in for what this machine's kernel lacks.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SCRATCH } from '../../scripts/lab/lab.ts';

/** Compiles test/lab/`name`.c and returns where the program is; gone with the private namespaces. */
export function buildProgram(name: string): string {
  mkdirSync(SCRATCH, { recursive: true });
  const program = join(SCRATCH, name);
  const source = join(import.meta.dirname, `${name}.c`);
  execFileSync('gcc', ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
  return program;
}
