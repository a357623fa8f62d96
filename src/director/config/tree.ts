// Text -> tree: a statement is a line of words with, perhaps, a block of statements in braces.
import { shorten } from './characters.ts';
import { type SimpleLine, simpleLine } from './line.ts';
import type { Problems } from './problem.ts';
import { CLOSE, LINE_END, OPEN, Scanner, WORD } from './scanner.ts';
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

export interface Tree {
  readonly source: Source;
  readonly statements: Statement[];
  /** Offsets of the comments, start and end in turn, in the order of the text: for printing the file again. */
  readonly comments: readonly number[];
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

/** Builds the tree of one file. Misplaced braces are told and passed over. */
export function parseTree(source: Source, problems: Problems): Tree {
  const builder = new TreeBuilder(source, problems);
  const scanner = new Scanner(source, problems);
  const known = new Map<string, SimpleLine | null>();
  let start = 0;
  for (const text of source.text.split('\n')) {
    const next = start + text.length + 1;
    if (scanner.end <= start) {
      let line = known.get(text);
      if (line === undefined) {
        line = simpleLine(text);
        known.set(text, line);
      }
      if (line !== null) {
        if (line.words !== null) builder.add(start, line.words);
        if (line.brace === '{') builder.open(start);
        else if (line.brace === '}') builder.close(start);
      } else {
        scanner.end = start;
        addScannedLine(scanner, builder);
      }
    }
    start = next;
  }
  builder.finish();
  return { source, statements: builder.top, comments: scanner.comments };
}

/** Reads on to the end of the line, which may have been joined with further ones. */
function addScannedLine(scanner: Scanner, builder: TreeBuilder): void {
  let words: string[] | null = null;
  for (let kind = scanner.next(); kind !== LINE_END; kind = scanner.next()) {
    if (kind === WORD) {
      if (words === null) {
        words = [scanner.value];
        builder.add(scanner.start, words);
        scanner.plainBraces = INCLUDES.includes(scanner.value);
      } else {
        words.push(scanner.value);
      }
    } else {
      words = null;
      if (kind === OPEN) builder.open(scanner.start);
      else if (kind === CLOSE) builder.close(scanner.start);
    }
  }
}

class TreeBuilder {
  readonly top: Statement[] = [];
  private readonly source: Source;
  private readonly problems: Problems;
  private list: Statement[] = this.top;
  /** The lists around the current one, and the statements whose blocks are open; null: a brace that belongs to none. */
  private readonly outer: Statement[][] = [];
  private readonly owners: (Statement | null)[] = [];
  /** The statement that a brace would belong to. */
  private last: Statement | null = null;

  constructor(source: Source, problems: Problems) {
    this.source = source;
    this.problems = problems;
  }

  add(start: number, words: readonly string[]): void {
    const statement: Statement = { source: this.source, start, words, block: null };
    this.last = statement;
    this.list.push(statement);
  }

  /** `offset` is that of the brace, or before it on its line. */
  open(offset: number): void {
    const owner = this.last;
    this.outer.push(this.list);
    this.owners.push(owner);
    this.list = [];
    this.last = null;
    if (owner === null) {
      this.complain('{', offset, 'this { belongs to no statement', 'put it behind the keyword of its block');
    } else if (this.owners.length <= DEEPEST) {
      owner.block = this.list;
    } else if (this.owners.length === DEEPEST + 1) {
      this.complain('{', offset, `blocks are nested deeper than ${DEEPEST}`, 'close the blocks above');
    }
  }

  /** `offset` is that of the brace, or before it on its line. */
  close(offset: number): void {
    this.last = null;
    const list = this.outer.pop();
    this.owners.pop();
    if (list !== undefined) this.list = list;
    else this.complain('}', offset, 'this } closes no block', 'delete it, or add the { that it is to close');
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

  private complain(brace: string, offset: number, message: string, advice: string): void {
    this.problems.error(this.source, this.source.text.indexOf(brace, offset), message, advice);
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
