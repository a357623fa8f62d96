// A command at work: its arguments, its exit status, and how its failure is told.
import type { Platform } from '../../platform/platform.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { type Command, FAILED, WRONG_INPUT } from './command.ts';

/** Runs the command that `find` gives, or throws for, and returns the exit status; null when the process is to go on living. */
export async function perform(
  platform: Platform,
  words: readonly string[],
  find: () => Command,
): Promise<number | null> {
  const json = words.includes('--json');
  try {
    const command = find();
    const invocation = parseArguments(words, command);
    checkOperands(command, invocation.operands);
    return await command.run(platform, invocation);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    platform.printError(`director: ${message}\n`);
    if (json) platform.print(`${JSON.stringify({ version: 1, error: message })}\n`);
    return error instanceof UsageError ? WRONG_INPUT : FAILED;
  }
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { least, most } = command.operands;
  if (operands.length >= least && operands.length <= most) return;
  throw new UsageError(`usage: director ${command.name} ${command.usage}`.trimEnd());
}
