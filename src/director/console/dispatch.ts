// argv -> the command.
import type { Platform } from '../../platform/platform.ts';
import { nearest } from '../config/nearest.ts';
import { UsageError } from './arguments.ts';
import { commands } from './commands.ts';
import { perform } from './perform.ts';

/** Runs the command that `words` name and returns the exit status; null when the process is to go on living. */
export function dispatch(platform: Platform, words: readonly string[]): Promise<number | null> {
  // `director thermal --help` is `director help thermal`.
  const isAskedHow = words.length === 2 && words[1] === '--help';
  const [name = 'help', ...rest] = isAskedHow ? ['help', words[0]!] : words;
  return perform(platform, rest, () => {
    const command = commands().find(each => each.name === (name === '--help' ? 'help' : name));
    if (command === undefined) throw new UsageError(unknown(name));
    return command;
  });
}

function unknown(name: string): string {
  const names = commands().map(command => command.name);
  const likely = nearest(name, names);
  const advice = likely === null ? `there are ${names.join(', ')}` : `did you mean "${likely}"?`;
  return `unknown command "${name}": ${advice}`;
}
