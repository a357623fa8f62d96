// The console commands that need no running director, over Node's file system.
import { readdirSync, readFileSync } from 'node:fs';
import { check, checkFile } from '../src/director/console/check.ts';
import { WRONG_INPUT } from '../src/director/console/command.ts';

const USAGE = `usage: director check FILE [--json]
  ${check.summary}
`;

/** Runs the command in `words` and returns the exit status. */
export function runConsole(words: readonly string[]): number {
  const json = words.includes('--json');
  const [command, file, ...more] = words.filter(word => word !== '--json');
  const isWrong = command !== check.name || file === undefined || file.startsWith('--') || more.length > 0;
  if (isWrong) {
    process.stderr.write(USAGE);
    return command === '--help' || command === 'help' ? 0 : WRONG_INPUT;
  }
  const { exitCode, output } = checkFile(file, { read: readText, list: readdirSync }, { json });
  process.stdout.write(output);
  return exitCode;
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
