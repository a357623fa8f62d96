// argv -> options and operands. An option means the same wherever it is one, so that one habit serves all commands.
import type { Command, Invocation } from './command.ts';

export const DEFAULT_RUN_DIRECTORY = '/run/director';

/** A wrong option; the message says which. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

const VALUED = [
  '--config',
  '--config-id',
  '--run-dir',
  '--etc',
  '--trace',
  '--card',
  '--board',
  '--comment',
  '--confirmed',
  '--service',
  '--timeout',
  '--system',
  '--only',
];
const FLAGS = ['--json', '--check', '--no-wait', '--over-budget', '--watch'];

/** Those of every command. */
const COMMON = ['--json', '--run-dir'];

/** Reads the words behind the command's name; without a command all options are taken. Throws a UsageError. */
export function parseArguments(
  words: readonly string[],
  command?: Pick<Command, 'name' | 'usage'>,
): Invocation {
  const values = new Map<string, string>();
  const operands: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const equals = word.indexOf('=');
    const name = word.startsWith('--') && equals > 0 ? word.slice(0, equals) : word;
    if (command !== undefined && [...FLAGS, ...VALUED].includes(name)) checkOption(name, command);
    if (FLAGS.includes(word)) {
      flags.add(word);
    } else if (VALUED.includes(name)) {
      const value = name === word ? words[++at] : word.slice(equals + 1);
      if (!value) throw new UsageError(`${name} needs a value`);
      values.set(name, value);
    } else if (word.startsWith('-') && word !== '-') {
      throw new UsageError(`unknown option ${word}; there are ${optionsOf(command).join(', ')}`);
    } else {
      operands.push(word);
    }
  }
  return {
    json: flags.has('--json'),
    operands,
    runDirectory: values.get('--run-dir') ?? DEFAULT_RUN_DIRECTORY,
    config: values.get('--config') ?? null,
    configId: values.get('--config-id') ?? null,
    etc: values.get('--etc') ?? null,
    trace: values.get('--trace') ?? null,
    card: values.get('--card') ?? null,
    board: values.get('--board') ?? null,
    service: values.get('--service') ?? null,
    timeout: values.get('--timeout') ?? null,
    system: values.get('--system') ?? null,
    only: values.get('--only') ?? null,
    check: flags.has('--check'),
    noWait: flags.has('--no-wait'),
    overBudget: flags.has('--over-budget'),
    watch: flags.has('--watch'),
    comment: values.get('--comment') ?? null,
    confirmed: values.get('--confirmed') ?? null,
  };
}

/** An option that would change nothing is a misunderstanding. */
function checkOption(option: string, { name, usage }: Pick<Command, 'name' | 'usage'>): void {
  if (COMMON.includes(option) || optionsIn(usage).includes(option)) return;
  throw new UsageError(
    `${option} is no option of director ${name}; usage: ${`director ${name} ${usage}`.trimEnd()}`,
  );
}

function optionsIn(usage: string): readonly string[] {
  return usage.match(/--[a-z-]+/g) ?? [];
}

function optionsOf(command: Pick<Command, 'usage'> | undefined): readonly string[] {
  return command === undefined
    ? [...FLAGS, ...VALUED]
    : [...new Set([...optionsIn(command.usage), ...COMMON])];
}
