// How a keyword is declared: what it takes, what it means, what help says of it. Reading, help and the reference page all come
// from these declarations, one file per block.

import { readFields } from './read-fields.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { label, onOff } from './types.ts';

/** What one word of a statement may be. */
export interface ValueType<T> {
  /** As usage shows it: `ADDRESS`. */
  readonly name: string;
  /** In words, fitting behind "is not": `a whole number from 1 to 255`. */
  readonly description: string;
  /** Undefined when the word is not of this type. */
  parse(word: string): T | undefined;
  /** Messages must not repeat the word. */
  readonly isSecret?: boolean;
  /** Advice for a word that is not; without it the keyword's example is shown. */
  advise?(word: string): string | null;
}

export interface Documentation {
  /** One line. */
  readonly help: string;
  /** One line that could stand in a file. */
  readonly example: string;
}

/** A keyword. `last`: said again, the last one counts; `all`: each counts. */
export interface Keyword<T, Repeat extends 'last' | 'all' = 'last' | 'all'> extends Documentation {
  /** The arguments as help shows them; empty for none. */
  readonly usage: string;
  /** What its argument may be, in words: `a whole number from 1 to 255`. Absent without one, or when the usage says it. */
  readonly takes?: string;
  readonly repeat: Repeat;
  /** The default as it would be written, or null when there is none or it depends on other keywords. */
  readonly defaultText: string | null;
  /** The keywords in its block, or null when it takes none. */
  readonly fields: Fields | null;
  /** Said of it in any case: it does nothing here, or is refused. */
  readonly answer?: 'without effect' | 'refused';
  /** Undefined when a problem has been reported. */
  read(statement: Statement, reading: Reading): T | undefined;
}

/** Another word for a keyword of the same block. */
export interface Synonym {
  readonly synonymOf: string;
  /** Still understood, with a warning. */
  readonly isDeprecated: boolean;
}

/** What a word of a block means. */
export interface Field {
  /** The keyword: the word itself, unless that is a synonym. */
  readonly name: string;
  readonly keyword: Keyword<unknown>;
  readonly isDeprecated: boolean;
}

/** The words of a block. */
export type Fields = ReadonlyMap<string, Field>;

export type Declarations = Readonly<Record<string, Keyword<unknown> | Synonym>>;

/** What a block has said, with the block, for problems that show only beside others. */
export interface Located<T> {
  readonly value: T;
  readonly statement: Statement;
}

/** What the keywords of a block have said. */
export type Values<D> = {
  -readonly [K in keyof D]?: D[K] extends Keyword<infer T, 'all'>
    ? T[]
    : D[K] extends Keyword<infer T, 'last'>
      ? T
      : never;
};

/** What `make` returns, made when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Resolves the synonyms. */
export function fieldsOf(declarations: Declarations): Fields {
  const fields = new Map<string, Field>();
  for (const [word, declared] of Object.entries(declarations)) {
    const isSynonym = 'synonymOf' in declared;
    const name = isSynonym ? declared.synonymOf : word;
    const keyword = declarations[name]!;
    if ('synonymOf' in keyword) throw new Error(`${word} stands for ${name}, which is no keyword`);
    fields.set(word, { name, keyword, isDeprecated: isSynonym && declared.isDeprecated });
  }
  return fields;
}

/** A keyword without arguments. */
export function flag(documentation: Documentation): Keyword<true, 'last'> {
  return {
    ...documentation,
    usage: '',
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      reading.endsAfter(statement, 1);
      return true;
    },
  };
}

/** A keyword that switches something: on without an argument. */
export function toggle(documentation: Documentation): Keyword<boolean, 'last'> {
  return {
    ...documentation,
    usage: `[${onOff.name}]`,
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      reading.endsAfter(statement, 2);
      return statement.words.length === 1 ? true : reading.argument(statement, 1, onOff);
    },
  };
}

/** A keyword with one argument. */
export function value<T, R extends 'last' | 'all' = 'last'>(
  type: ValueType<T>,
  documentation: Documentation,
  repeat: R = 'last' as R,
): Keyword<T, R> {
  return {
    ...documentation,
    usage: type.name,
    takes: type.description,
    repeat,
    defaultText: null,
    fields: null,
    read(statement, reading) {
      if (statement.words.length !== 2 || statement.block !== null) reading.endsAfter(statement, 2);
      return reading.argument(statement, 1, type);
    },
  };
}

/** A keyword with one argument that means `defaultText` when it is not there. */
export function valueOr<T>(
  type: ValueType<T>,
  defaultText: string,
  documentation: Documentation,
): Keyword<T, 'last'> & { readonly default: T } {
  return { ...value(type, documentation), defaultText, default: type.parse(defaultText)! };
}

/** A keyword with one or more arguments; said again, they add up. */
export function list<T>(type: ValueType<T>, documentation: Documentation): Keyword<T[], 'all'> {
  return {
    ...documentation,
    usage: `${type.name} ...`,
    takes: type.description,
    repeat: 'all',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      const values: T[] = [];
      for (let i = 1; i < Math.max(2, statement.words.length); i++) {
        const each = reading.argument(statement, i, type);
        if (each !== undefined) values.push(each);
      }
      reading.endsAfter(statement, statement.words.length);
      return values;
    },
  };
}

/** A keyword whose block holds lines that are no keywords. */
export function lines<T>(
  documentation: Documentation & {
    readonly usage: string;
    readLine(statement: Statement, reading: Reading): T | undefined;
  },
): Keyword<T[], 'all'> {
  return {
    ...documentation,
    repeat: 'all',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      const values: T[] = [];
      for (const line of reading.blockOf(statement)) {
        const each = documentation.readLine(line, reading);
        if (each !== undefined) values.push(each);
      }
      return values;
    },
  };
}

/** A keyword with a block of keywords. `header` reads the arguments, `finish` makes one of what stands in the block. */
export function block<D extends Declarations, H, T, R extends 'last' | 'all' = 'all'>(
  declaration: Documentation & {
    readonly usage: string;
    readonly repeat?: R;
    /** Made when the first such block is read: most files need few, and every process carries the vocabulary. */
    keywords(): D;
    header(statement: Statement, reading: Reading): H | undefined;
    finish(header: H, values: Values<D>, statement: Statement, reading: Reading): T | undefined;
  },
): Keyword<T, R> {
  const fields = once(() => fieldsOf(declaration.keywords()));
  return {
    help: declaration.help,
    example: declaration.example,
    usage: declaration.usage,
    repeat: declaration.repeat ?? ('all' as R),
    defaultText: null,
    get fields() {
      return fields();
    },
    read(statement, reading) {
      const header = declaration.header(statement, reading);
      const values = readFields(fields(), reading.blockOf(statement), statement, reading) as Values<D>;
      return header === undefined ? undefined : declaration.finish(header, values, statement, reading);
    },
  };
}

/** The header of a block whose keyword takes no arguments. */
export function noArguments(statement: Statement, reading: Reading): true {
  if (statement.words.length > 1) reading.extraWords(statement, 1);
  return true;
}

/** The header of a block whose keyword takes a name. */
export function oneName(statement: Statement, reading: Reading): string | undefined {
  const [keyword, name] = statement.words;
  if (statement.words.length === 2 && name !== '') return reading.argument(statement, 1, label);
  const word = Math.min(2, statement.words.length);
  reading.error(statement, word, `${keyword} takes one name`, `for example: ${keyword} NAME { ... }`);
  return undefined;
}

/** Another word for `keyword`. */
export function synonym(keyword: string): Synonym {
  return { synonymOf: keyword, isDeprecated: false };
}

/** An old word for `keyword`. */
export function deprecated(keyword: string): Synonym {
  return { synonymOf: keyword, isDeprecated: true };
}
