// argv -> options and operands. The options are the same for every command, so that one habit serves them all.
import type { Invocation } from './command.ts';

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

/** Reads the words behind the command's name. Throws a UsageError. */
export function parseArguments(words: readonly string[]): Invocation {
  const values = new Map<string, string>();
  const operands: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const equals = word.indexOf('=');
    const name = word.startsWith('--') && equals > 0 ? word.slice(0, equals) : word;
    if (FLAGS.includes(word)) {
      flags.add(word);
    } else if (VALUED.includes(name)) {
      const value = name === word ? words[++at] : word.slice(equals + 1);
      if (!value) throw new UsageError(`${name} needs a value`);
      values.set(name, value);
    } else if (word.startsWith('-') && word !== '-') {
      throw new UsageError(`unknown option ${word}; there are ${[...FLAGS, ...VALUED].join(', ')}`);
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
