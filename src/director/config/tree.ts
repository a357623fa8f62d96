// Text -> tree: a statement is a line of words with, perhaps, a block of statements in braces.
import { shorten } from './characters.ts';
import type { Problems } from './problem.ts';
import { Scanner, WORD } from './scanner.ts';
import type { Source } from './source.ts';

export interface Statement {
  readonly source: Source;
  /** Offset of the first word, or of white space before it. Words are found again from here when a problem asks. */
  readonly start: number;
  /** The keyword and its arguments; at least one word. */
  readonly words: readonly string[];
  /** Null: no braces. */
  block: Statement[] | null;
}

/** Deepest nesting of blocks; the language itself needs five. */
const DEEPEST = 32;

/** Keywords that read further files: on their lines braces belong to the names. */
export const INCLUDES: readonly string[] = [
  'include',
  'includer',
  'includem',
  'includew',
  'includeb',
  'includea',
];

/** Makes statements of words and braces, in the order in which they come. Misplaced braces are told and passed over. */
export class TreeBuilder {
  readonly top: Statement[] = [];
  private readonly problems: Problems;
  private list: Statement[] = this.top;
  /** The lists around the current one, and the statements whose blocks are open; null: a brace that belongs to none. */
  private readonly outer: Statement[][] = [];
  private readonly owners: (Statement | null)[] = [];
  /** The statement that a brace would belong to. */
  private last: Statement | null = null;

  constructor(problems: Problems) {
    this.problems = problems;
  }

  add(source: Source, start: number, words: readonly string[]): void {
    const statement: Statement = { source, start, words, block: null };
    this.last = statement;
    this.list.push(statement);
  }

  /** The statement in whose block the next one will stand; null at the top level. */
  get owner(): Statement | null {
    return this.owners.at(-1) ?? null;
  }

  /** `offset` is that of the brace, or before it on its line. */
  open(source: Source, offset: number): void {
    const owner = this.last;
    this.outer.push(this.list);
    this.owners.push(owner);
    this.list = [];
    this.last = null;
    if (owner === null) {
      this.complain(
        source,
        '{',
        offset,
        'this { belongs to no statement',
        'put it behind the keyword of its block',
      );
    } else if (this.owners.length <= DEEPEST) {
      owner.block = this.list;
    } else if (this.owners.length === DEEPEST + 1) {
      this.complain(
        source,
        '{',
        offset,
        `blocks are nested deeper than ${DEEPEST}`,
        'close the blocks above',
      );
    }
  }

  /** `offset` is that of the brace, or before it on its line. */
  close(source: Source, offset: number): void {
    this.last = null;
    const list = this.outer.pop();
    this.owners.pop();
    if (list !== undefined) this.list = list;
    else
      this.complain(
        source,
        '}',
        offset,
        'this } closes no block',
        'delete it, or add the { that it is to close',
      );
  }

  finish(): void {
    for (const owner of this.owners.slice(0, DEEPEST)) {
      if (owner === null) continue;
      const advice = 'add a } on a line of its own where the block ends';
      this.problems.error(
        owner.source,
        wordOffset(owner, 0),
        `the block of ${shorten(owner.words[0]!)} is never closed`,
        advice,
      );
    }
  }

  private complain(source: Source, brace: string, offset: number, message: string, advice: string): void {
    this.problems.error(source, source.text.indexOf(brace, offset), message, advice);
  }
}

/** The offset of a statement's word; of the end of the last one when there are fewer. */
export function wordOffset(statement: Statement, index: number): number {
  const scanner = new Scanner(statement.source, null, statement.start);
  let end = statement.start;
  for (let i = 0; i <= index && scanner.next() === WORD; i++) {
    if (i === index) return scanner.start;
    if (i === 0) scanner.plainBraces = INCLUDES.includes(scanner.value);
    end = scanner.end;
  }
  return end;
}
