// Text -> statements: reads the lines of a file, or one line that the Preprocessor made, into a TreeBuilder.
import { isSpecial, type SimpleLine, simpleLine } from './line.ts';
import type { Problems } from './problem.ts';
import { CLOSE, LINE_END, OPEN, Scanner, WORD } from './scanner.ts';
import type { Source } from './source.ts';
import { INCLUDES, type Statement, type TreeBuilder } from './tree.ts';

/** Most different lines that are remembered; those of a large configuration are a few thousand. */
const MOST_KNOWN = 10_000;

/** What a Preprocessor takes at the start of a line only. */
const MISPLACED = /^(?:@|~(?:SEQ|LST)|\$[A-Za-z_]\w*=)/;

export interface ParserHooks {
  /** Reads what an include statement names. */
  include(statement: Statement): void;
  /** Reads a line with conditions, definitions or loops and those that belong to it; returns the offset behind them. */
  special(source: Source, start: number): number;
}

export class Parser {
  private readonly problems: Problems;
  private readonly builder: TreeBuilder;
  private readonly hooks: ParserHooks;
  private readonly known = new Map<string, SimpleLine | null>();

  constructor(problems: Problems, builder: TreeBuilder, hooks: ParserHooks) {
    this.problems = problems;
    this.builder = builder;
    this.hooks = hooks;
  }

  file(source: Source): void {
    const scanner = new Scanner(source, this.problems);
    let start = 0;
    for (const text of source.text.split('\n')) {
      const next = start + text.length + 1;
      if (scanner.end <= start && !this.addSimple(source, start, text)) {
        if (isSpecial(text)) {
          scanner.end = this.hooks.special(source, start);
        } else {
          scanner.end = start;
          this.addScanned(scanner);
        }
      }
      start = next;
    }
  }

  /** The source is one line, in which nothing is special any more. */
  line(source: Source): void {
    if (!this.addSimple(source, 0, source.text)) this.addScanned(new Scanner(source, this.problems));
  }

  /** False when it is no simple line. */
  private addSimple(source: Source, start: number, text: string): boolean {
    let line = this.known.get(text);
    if (line === undefined) {
      line = simpleLine(text);
      if (this.known.size < MOST_KNOWN) this.known.set(text, line);
    }
    if (line === null) return false;
    if (line.words !== null) this.builder.add(source, start, line.words);
    if (line.brace === '{') this.builder.open(source, start);
    else if (line.brace === '}') this.builder.close(source, start);
    return true;
  }

  /** Reads on to the end of the line, which may have been joined with further ones. */
  private addScanned(scanner: Scanner): void {
    const { builder } = this;
    const { source } = scanner;
    let words: string[] | null = null;
    for (let kind = scanner.next(); kind !== LINE_END; kind = scanner.next()) {
      if (kind === WORD) {
        if (words === null) {
          if (INCLUDES.includes(scanner.value)) {
            this.addInclude(scanner);
            return;
          }
          words = [scanner.value];
          if (MISPLACED.test(scanner.value)) this.complain(scanner);
          else builder.add(source, scanner.start, words);
        } else {
          words.push(scanner.value);
        }
      } else {
        words = null;
        if (kind === OPEN) builder.open(source, scanner.start);
        else if (kind === CLOSE) builder.close(source, scanner.start);
      }
    }
  }

  private complain({ source, start }: Scanner): void {
    const message = 'a condition, definition or loop must stand at the start of its line';
    this.problems.error(source, start, message, 'write it on a line of its own');
  }

  private addInclude(scanner: Scanner): void {
    const statement = { source: scanner.source, start: scanner.start, words: [scanner.value], block: null };
    scanner.plainBraces = true;
    while (scanner.next() === WORD) statement.words.push(scanner.value);
    this.hooks.include(statement);
  }
}
