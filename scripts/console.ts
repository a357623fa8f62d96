// The console commands that need no running director, over Node's file system.
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArguments, UsageError } from '../src/director/console/arguments.ts';
import { check, checkFile } from '../src/director/console/check.ts';
import { WRONG_INPUT } from '../src/director/console/command.ts';

const USAGE = `usage: director check ${check.usage} [--json]
  ${check.summary}
`;

/** Runs the command in `words` and returns the exit status. */
export function runConsole(words: readonly string[]): number {
  try {
    const [command, ...rest] = words;
    const { json, operands, configId } = parseArguments(rest);
    if (command !== check.name || operands.length !== 1) throw new UsageError(USAGE);
    const reader = {
      read: readText,
      list: readdirSync,
      configId,
      hostName: hostname(),
      folder: process.cwd(),
    };
    const { exitCode, output } = checkFile(operands[0]!, reader, { json });
    process.stdout.write(output);
    return exitCode;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(
      error.message.endsWith('\n') ? error.message : `director: ${error.message}\n${USAGE}`,
    );
    return ['--help', 'help'].includes(words[0] ?? '') ? 0 : WRONG_INPUT;
  }
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
