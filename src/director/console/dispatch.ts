// argv -> the command, its exit status, and how its failure is told.
import type { Platform } from '../../platform/platform.ts';
import { nearest } from '../config/nearest.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { type Command, FAILED, WRONG_INPUT } from './command.ts';
import { commands } from './commands.ts';

/** Runs the command that `words` name and returns the exit status; null when the process is to go on living. */
export async function dispatch(platform: Platform, words: readonly string[]): Promise<number | null> {
  const [name = 'help', ...rest] = words;
  const command = commands().find(each => each.name === (name === '--help' ? 'help' : name));
  const json = rest.includes('--json');
  try {
    if (command === undefined) throw new UsageError(unknown(name));
    const invocation = parseArguments(rest);
    checkOperands(command, invocation.operands);
    return await command.run(platform, invocation);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    platform.printError(`director: ${message}\n`);
    if (json) platform.print(`${JSON.stringify({ version: 1, error: message })}\n`);
    return error instanceof UsageError ? WRONG_INPUT : FAILED;
  }
}

function unknown(name: string): string {
  const names = commands().map(command => command.name);
  const likely = nearest(name, names);
  const advice = likely === null ? `there are ${names.join(', ')}` : `did you mean "${likely}"?`;
  return `unknown command "${name}": ${advice}`;
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { least, most } = command.operands;
  if (operands.length >= least && operands.length <= most) return;
  throw new UsageError(`usage: director ${command.name} ${command.usage}`.trimEnd());
}
