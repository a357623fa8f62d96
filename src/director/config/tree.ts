// Tokens -> tree: a statement is a line of words with, perhaps, a block of statements in braces.
import type { Problems } from './problem.ts';
import { CLOSE, END, OPEN, Scanner, WORD } from './scanner.ts';
import type { Source } from './source.ts';

export interface Statement {
  readonly source: Source;
  /** Offsets of the first character and of the one behind the last: behind the closing brace when there is a block. */
  readonly start: number;
  end: number;
  /** The keyword and its arguments; at least one word. */
  readonly words: string[];
  /** Null: no braces. */
  block: Statement[] | null;
}

export interface Tree {
  readonly source: Source;
  readonly statements: readonly Statement[];
  /** Offsets of the comments, start and end in turn, in the order of the text: for printing the file again. */
  readonly comments: readonly number[];
}

/** Deepest nesting of blocks; the language itself needs five. */
const DEEPEST = 32;

/** Keywords that read further files: their line is taken before braces are looked for. */
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
  const scanner = new Scanner(source, problems);
  const top: Statement[] = [];
  /** The statements whose blocks are open; null: a brace that belongs to none. */
  const open: (Statement | null)[] = [];
  let list = top;
  const lists: Statement[][] = [];
  let current: Statement | null = null;
  for (let kind = scanner.next(); kind !== END; kind = scanner.next()) {
    if (kind === WORD) {
      if (current !== null && !scanner.startsLine) {
        current.words.push(scanner.value);
        current.end = scanner.end;
      } else {
        current = { source, start: scanner.start, end: scanner.end, words: [scanner.value], block: null };
        list.push(current);
        if (INCLUDES.includes(scanner.value)) scanner.plainBraces = true;
      }
    } else if (kind === OPEN) {
      if (current === null) {
        problems.error(
          source,
          scanner.start,
          'this { belongs to no statement',
          'put it behind the keyword of its block',
        );
      } else if (open.length === DEEPEST) {
        problems.error(
          source,
          scanner.start,
          `blocks are nested deeper than ${DEEPEST}`,
          'close the blocks above',
        );
      }
      lists.push(list);
      open.push(current);
      list = [];
      if (current !== null && open.length <= DEEPEST) current.block = list;
      current = null;
    } else if (kind === CLOSE) {
      current = null;
      const closed = open.pop();
      if (closed === undefined) {
        problems.error(
          source,
          scanner.start,
          'this } closes no block',
          'delete it, or add the { that it is to close',
        );
      } else {
        list = lists.pop()!;
        if (closed !== null) closed.end = scanner.end;
      }
    }
  }
  reportOpen(open, problems);
  return { source, statements: top, comments: scanner.comments };
}

function reportOpen(open: readonly (Statement | null)[], problems: Problems): void {
  for (const statement of open.slice(0, DEEPEST)) {
    if (statement === null) continue;
    const advice = 'add a } on a line of its own where the block ends';
    problems.error(
      statement.source,
      statement.start,
      `the block of ${statement.words[0]} is never closed`,
      advice,
    );
  }
}

/** The offset of a statement's word; of its end when there are fewer. Words are scanned again: only problems ask. */
export function wordOffset(statement: Statement, index: number): number {
  if (index === 0) return statement.start;
  const scanner = new Scanner(statement.source, null, statement.start);
  scanner.plainBraces = INCLUDES.includes(statement.words[0]!);
  let last = statement.start;
  for (let i = 0; i <= index; i++) {
    const kind = scanner.next();
    if (kind !== WORD || i >= statement.words.length) return last;
    last = i === index ? scanner.start : scanner.end;
  }
  return last;
}
