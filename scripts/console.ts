// The console commands that need no running director, over Node's file system.
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArguments, UsageError } from '../src/director/console/arguments.ts';
import { check, checkFile } from '../src/director/console/check.ts';
import { DONE, FAILED, type Invocation, WRONG_INPUT } from '../src/director/console/command.ts';
import { flash, showFlash } from '../src/director/console/flash.ts';
import { explainKeyword, help } from '../src/director/console/help.ts';
import { print, printFile } from '../src/director/console/print.ts';

const COMMANDS = [check, print, help, flash];
const USAGE = COMMANDS.map(
  ({ name, usage, summary }) => `usage: director ${name} ${usage} [--json]\n  ${summary}\n`,
).join('');

/** Runs the command in `words` and returns the exit status. */
export function runConsole(words: readonly string[]): number {
  const [name = '', ...rest] = words;
  const command = COMMANDS.find(each => each.name === name);
  let usage = USAGE;
  try {
    const invocation = parseArguments(rest, command);
    usage = '';
    const count = invocation.operands.length;
    if (!command || count < command.operands.least || count > command.operands.most) {
      process.stderr.write(USAGE);
      return ['--help', 'help'].includes(name) ? DONE : WRONG_INPUT;
    }
    if (command === check) return runCheck(invocation);
    if (command === print) return runPrint(invocation);
    if (command === help && invocation.operands[0] !== undefined) {
      process.stdout.write(explainKeyword(invocation.operands[0], invocation.json));
      return DONE;
    }
    if (command === help) {
      process.stdout.write(USAGE);
      return DONE;
    }
    process.stdout.write(showFlash(invocation, readText, () => null));
    return DONE;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`director: ${error.message}\n${usage}`);
    if (rest.includes('--json')) {
      process.stdout.write(`${JSON.stringify({ version: 1, error: error.message })}\n`);
    }
    return error instanceof UsageError ? WRONG_INPUT : FAILED;
  }
}

function runCheck({ json, operands, configId }: Invocation): number {
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
}

function runPrint({ json, operands }: Invocation): number {
  const { exitCode, output, errors } = printFile(operands[0]!, readText(operands[0]!), { json });
  process.stderr.write(errors);
  process.stdout.write(output);
  return exitCode;
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
