// Commands: a program with its arguments, perhaps with whom it runs as. Nothing is left to a shell.
import { shorten } from './characters.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { label, text } from './types.ts';
import type { Documentation, Keyword } from './vocabulary.ts';
import type { CommandConfig } from './vrrp-config.ts';

/** Whom commands run as that name nobody. */
export interface ScriptUser {
  readonly user: string | null;
  readonly group: string | null;
}

/**
 * The words of a command line: separated by white space, quoted wholly or in part with `'` or `"`, a backslash takes the next character
 * as it is. Null when a quote is not closed.
 */
export function splitCommand(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '\\' && at + 1 < line.length) word = (word ?? '') + line[++at];
    else if (character === quote) quote = '';
    else if (quote !== '') word += character;
    else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ' || character === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return null;
  if (word !== null) words.push(word);
  return words;
}

const commandLine = text('COMMAND');

/** Reads word `index` as a command line. */
function readCommand(statement: Statement, index: number, reading: Reading): readonly string[] | undefined {
  const line = reading.argument(statement, index, commandLine);
  if (line === undefined) return undefined;
  const words = splitCommand(line);
  const [program = ''] = words ?? [];
  if (words !== null && program !== '') {
    const trouble = program.startsWith('/') ? reading.files.troubleOf?.(program) : null;
    if (trouble) reading.warning(statement, index, `${shorten(program)}: ${trouble}`, 'nothing can be run');
    return words;
  }
  const message = words === null ? `a quote in "${shorten(line)}" is not closed` : 'the command is empty';
  reading.error(statement, index, message, 'write the program with its arguments in quotes');
  return undefined;
}

/** Reads the words from `from` on as `[USER [GROUP]]`. */
export function readUser(statement: Statement, from: number, reading: Reading): ScriptUser | undefined {
  if (statement.words.length > from + 2) {
    const advice = 'quote the program together with its arguments; behind it stand a user and a group';
    reading.error(statement, from + 2, `"${shorten(statement.words[from + 2]!)}" has no place here`, advice);
    return undefined;
  }
  const names = [from, from + 1].map(index =>
    statement.words.length > index ? reading.argument(statement, index, label) : null,
  );
  const [user, group] = names;
  return user === undefined || group === undefined ? undefined : { user, group };
}

/** The keyword `NAME USER [GROUP]`. `example` begins with its name. */
export function userKeyword(documentation: Documentation): Keyword<ScriptUser, 'last'> {
  return {
    ...documentation,
    usage: 'USER [GROUP]',
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      reading.endsAfter(statement, statement.words.length);
      if (statement.words.length > 1) return readUser(statement, 1, reading);
      const name = statement.words[0]!;
      reading.error(statement, 1, `${name} needs USER`, `for example: ${documentation.example}`);
      return undefined;
    },
  };
}

/** A keyword with a command and `[USER [GROUP]]`. */
export function command(documentation: Documentation): Keyword<CommandConfig, 'last'> {
  return {
    ...documentation,
    usage: 'COMMAND [USER [GROUP]]',
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      reading.endsAfter(statement, statement.words.length);
      const words = readCommand(statement, 1, reading);
      const user = readUser(statement, 2, reading);
      return words === undefined || user === undefined ? undefined : { words, ...user };
    },
  };
}

/** A keyword with a command alone. Words behind it would be lost, and with them arguments that lack their quotes. */
export function plainCommand(documentation: Documentation): Keyword<readonly string[], 'last'> {
  return {
    ...documentation,
    usage: 'COMMAND',
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      reading.endsAfter(statement, statement.words.length);
      if (statement.words.length > 2) {
        const advice = 'put the program and its arguments in quotes: keepalived passes over what follows';
        const rest = statement.words.slice(2).join(' ');
        reading.warning(statement, 2, `"${shorten(rest)}" has no effect behind the command`, advice);
      }
      return readCommand(statement, 1, reading);
    },
  };
}

/** The command with a user: its own, else `script_user`. */
export function runAs<C extends CommandConfig | null>(commandConfig: C, fallback: ScriptUser): C {
  return commandConfig === null || commandConfig.user !== null
    ? commandConfig
    : { ...commandConfig, ...fallback };
}
