// What the readers of all keywords share: the list of problems, with the common complaints about a statement.
import { shorten, unwantedCharacter } from './characters.ts';
import type { Globals } from './global.ts';
import type { Problems } from './problem.ts';
import type { ServiceGroup } from './service-group.ts';
import type { SourceReader } from './source.ts';
import type { Tracker } from './track-script.ts';
import type { Statement } from './tree.ts';
import { wordOffset } from './tree.ts';
import type { Fields, Located, ValueType } from './vocabulary.ts';
import type { TrackFileConfig } from './vrrp-config.ts';

/** What virtual servers take from blocks that may stand behind them. */
export interface Shared {
  readonly globals: Globals;
  readonly groups: ReadonlyMap<string, ServiceGroup>;
  readonly files: readonly Located<Tracker<TrackFileConfig>>[];
}

export class Reading {
  readonly problems: Problems;
  /** The whole vocabulary: to tell where a misplaced keyword belongs. */
  readonly root: Fields;
  /** For files that the configuration names. */
  readonly files: SourceReader;
  /** The keywords of the block being read. */
  fields: Fields;
  /** For virtual servers, which are read last. */
  shared: Shared = { globals: {}, groups: new Map(), files: [] };

  constructor(problems: Problems, root: Fields, files: SourceReader) {
    this.problems = problems;
    this.root = root;
    this.files = files;
    this.fields = root;
  }

  /** An error at a word of the statement; 0 is its keyword. */
  error(statement: Statement, word: number, message: string, advice: string): void {
    if (this.problems.isFull) return;
    this.problems.error(statement.source, wordOffset(statement, word), message, advice);
  }

  warning(statement: Statement, word: number, message: string, advice: string): void {
    if (this.problems.isFull) return;
    this.problems.warning(statement.source, wordOffset(statement, word), message, advice);
  }

  /** Reads a word of the statement; undefined, with an error, when it is missing or wrong. */
  argument<T>(statement: Statement, index: number, type: ValueType<T>): T | undefined {
    const word = statement.words[index];
    const result = word === undefined ? undefined : type.parse(word);
    if (result !== undefined) return result;
    const keyword = statement.words[0]!;
    const advice = (word === undefined ? null : type.advise?.(word)) ?? this.exampleOf(keyword, type);
    if (word === undefined) this.error(statement, index, `${keyword} needs ${type.name}`, advice);
    else if (type.isSecret) this.error(statement, index, `this is not ${type.description}`, advice);
    else this.wrongWord(statement, index, type.description, advice);
    return undefined;
  }

  /** The word is not what stands behind "is not", or holds a character that nobody sees. */
  wrongWord(statement: Statement, index: number, expected: string, advice: string): void {
    const word = statement.words[index]!;
    const character = unwantedCharacter(word);
    if (character === null) this.error(statement, index, `"${shorten(word)}" is not ${expected}`, advice);
    else this.error(statement, index, `there is ${character} in "${shorten(word)}"`, 'type the word again');
  }

  /** The statement must have no more than `count` words and no block. */
  endsAfter(statement: Statement, count: number): void {
    if (statement.words.length > count) this.extraWords(statement, count);
    if (statement.block === null) return;
    const keyword = statement.words[0]!;
    this.error(statement, 0, `${keyword} takes no block`, 'delete the braces and what stands between them');
  }

  /** Words from `from` on mean nothing. keepalived passes them over; a keyword among them is a line end gone missing. */
  extraWords(statement: Statement, from: number): void {
    const [keyword, extra] = [statement.words[0]!, statement.words[from]!];
    if (this.fields.has(extra)) {
      this.error(statement, from, `${extra} is on the line of ${keyword}`, 'write one statement a line');
    } else {
      this.warning(statement, from, `"${shorten(extra)}" has no effect behind ${keyword}`, 'delete it');
    }
  }

  /** The statements of the block, none when the block is missing, which is an error. */
  blockOf(statement: Statement): readonly Statement[] {
    if (statement.block !== null) return statement.block;
    const keyword = statement.words[0]!;
    this.error(statement, statement.words.length, `${keyword} needs a block`, `${keyword} { ... }`);
    return [];
  }

  private exampleOf<T>(keyword: string, type: ValueType<T>): string {
    const field = this.fields.get(keyword);
    return field === undefined ? `give ${type.description}` : `for example: ${field.keyword.example}`;
  }
}

/** True when none of the keywords stands in the statement's block, right or wrong. */
export function lacks(statement: Statement, ...keywords: string[]): boolean {
  return statement.block === null || statement.block.every(each => !keywords.includes(each.words[0]!));
}

/** The last statement of the block with one of the keywords, or the block's own when there is none: the place of a problem. */
export function placeOf(statement: Statement, ...keywords: string[]): Statement {
  return statement.block?.findLast(each => keywords.includes(each.words[0]!)) ?? statement;
}
