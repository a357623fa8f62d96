// Text -> the same configuration in its usual layout: one statement a line, indented by its blocks, comments kept. Words stay as
// they are written, and so do conditions, definitions, loops and include lines.
import { endsInBackslash, isDefinition, isEmpty, uncommented } from './logical-line.ts';
import type { Problems } from './problem.ts';
import { CLOSE, endOfLine, LINE_END, OPEN, Scanner, type TokenKind, WORD } from './scanner.ts';
import { Source } from './source.ts';
import { INCLUDES } from './tree.ts';

const INDENT = '  ';

/** The text in its usual layout; what is wrong in it stays, but for quotes that are not closed: those are problems. */
export function printSource(source: Source, problems: Problems): string {
  return new Printer(source, problems).print();
}

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** No white space stands before it. */
  readonly isGlued: boolean;
}

class Printer {
  private readonly text: string;
  private readonly scanner: Scanner;
  private readonly lines: string[] = [];
  private depth = 0;
  /** An empty line came since the last line that was written. */
  private isAfterGap = false;
  /** A statement that may yet get its brace, with the comments and gaps (empty) that came since. */
  private open: { readonly words: string; comment: string; readonly below: string[] } | null = null;
  /** The condition of the last line, and the blocks that it opens less those that it closes. */
  private last: { readonly condition: string; readonly change: number } | null = null;

  constructor({ path, text }: Source, problems: Problems) {
    this.text = text;
    this.scanner = new Scanner(new Source(path, masked(text)), problems);
  }

  print(): string {
    let start = 0;
    while (start < this.text.length) {
      const { text } = this.scanner.source;
      const line = text.slice(start, endOfLine(text, start));
      if (isDefinition(line)) {
        start = this.definition(start);
      } else {
        this.scanner.end = start;
        this.line(start);
        start = this.scanner.end;
      }
    }
    this.flush();
    return this.lines.length === 0 ? '' : `${this.lines.join('\n')}\n`;
  }

  private line(start: number): void {
    const { tokens, comment } = this.scan();
    if (tokens.length === 0) {
      if (this.open !== null) this.open.below.push(comment);
      else if (comment !== '') this.write(comment, this.depth);
      else this.isAfterGap = true;
      return;
    }
    if (isWhole(this.scanner.source.text.slice(start, this.scanner.end))) this.whole(tokens, comment);
    else this.split(tokens, comment);
  }

  /** The tokens up to the end of the line, or of those that are joined to it, and the comment behind them. */
  private scan(): { readonly tokens: readonly Token[]; readonly comment: string } {
    const { scanner, text } = this;
    const comments = scanner.comments.length;
    const tokens: Token[] = [];
    let end = scanner.end;
    for (let kind = scanner.next(); kind !== LINE_END; kind = scanner.next()) {
      const isFirst = tokens.at(-1)?.kind !== WORD;
      if (kind === WORD && isFirst) scanner.plainBraces = INCLUDES.includes(scanner.value);
      const isGlued = scanner.start === end;
      end = scanner.end;
      tokens.push({ kind, text: text.slice(scanner.start, end), isGlued });
    }
    const [from, to] = scanner.comments.slice(comments);
    return { tokens, comment: from === undefined ? '' : text.slice(from, to).trimEnd() };
  }

  /** A line of which no part can stand on another: what stands at its start holds for all of it. */
  private whole(tokens: readonly Token[], comment: string): void {
    this.flush();
    const first = tokens[0]!.text;
    const condition = first.startsWith('@') ? first : null;
    const behind = condition === null ? tokens : tokens.slice(1);
    const firstOther = behind.findIndex(({ kind }) => kind !== CLOSE);
    const closing = firstOther < 0 ? behind.length : firstOther;
    const change = tokens.reduce((sum, { kind }) => sum + step(kind), 0);
    // Of `@a x {` and `@b y {` only one counts, and so of `@a }` and `@b }`.
    const { last } = this;
    const isOther = last !== null && condition !== null && condition !== last.condition;
    if (isOther && change === last.change) this.depth -= change;
    const depth = Math.max(this.depth - closing, 0);
    // A space behind a name would put in what it stands for, which is not done before a brace.
    const text = tokens.reduce((sum, { text: next, isGlued }) => {
      return sum === '' || (isGlued && /\$\w+$/.test(sum)) ? sum + next : `${sum} ${next}`;
    }, '');
    this.write(withComment(unjoined(text), comment), depth, closing > 0);
    this.depth = Math.max(this.depth + change, 0);
    this.last = condition === null || change === 0 ? null : { condition, change };
  }

  private split(tokens: readonly Token[], comment: string): void {
    let words: string[] = [];
    const last = tokens.length - 1;
    tokens.forEach(({ kind, text }, i) => {
      const behind = i === last ? comment : '';
      if (kind === WORD) {
        words.push(text);
        if (i === last) this.statement(words, behind);
      } else if (kind === OPEN) {
        if (words.length > 0) this.statement(words, '');
        this.openBlock(behind);
        words = [];
      } else {
        if (words.length > 0) this.statement(words, '');
        this.closeBlock(behind);
        words = [];
      }
    });
  }

  private statement(words: readonly string[], comment: string): void {
    this.flush();
    this.open = { words: unjoined(words.join(' ')), comment, below: [] };
    if (INCLUDES.includes(words[0]!)) this.flush();
  }

  private openBlock(comment: string): void {
    const { open } = this;
    const hasOwn = open === null || (open.comment === '' && open.below.length === 0);
    this.open = null;
    if (open === null) {
      this.write(withComment('{', comment), this.depth);
    } else {
      this.write(withComment(`${open.words} {`, hasOwn ? comment : open.comment), this.depth);
    }
    this.depth++;
    for (const each of open === null ? [] : [...open.below, hasOwn ? '' : comment]) {
      if (each !== '') this.write(each, this.depth);
    }
  }

  private closeBlock(comment: string): void {
    this.flush();
    this.depth = Math.max(this.depth - 1, 0);
    this.write(withComment('}', comment), this.depth, true);
  }

  /** The lines of a definition, those behind the first a step further in. Returns the offset behind them. */
  private definition(start: number): number {
    this.flush();
    const { text } = this;
    const lines: { readonly content: string; readonly depth: number }[] = [];
    let depth = this.depth;
    let at = start;
    for (let continues = true; continues; ) {
      const end = endOfLine(text, at);
      const line = text.slice(at, end).trim();
      const content = endsInBackslash(line) ? line.slice(0, -1).trimEnd() : line;
      const { opens, closing } = at === start ? { opens: 1, closing: 0 } : this.bracesAt(at);
      if (content !== '') lines.push({ content, depth: Math.max(depth - closing, 0) });
      depth = Math.max(depth + opens, 0);
      continues = uncommented(line, true).continues && end < text.length && !isEmpty(text, end + 1);
      at = end + 1;
    }
    // A comment does not end a definition: it comes behind.
    const rest = lines.length > 1 && /^[#!]/.test(lines.at(-1)!.content) ? lines.splice(-1) : [];
    lines.forEach(({ content, depth: each }, i) => {
      this.write(i === lines.length - 1 ? content : `${content} \\`, each);
    });
    for (const { content } of rest) this.write(content, this.depth);
    return at;
  }

  /** How many more blocks the line opens than it closes, and how many braces it closes first. */
  private bracesAt(start: number): { readonly opens: number; readonly closing: number } {
    const { text } = this.scanner.source;
    const scanner = new Scanner(new Source('', text.slice(start, endOfLine(text, start))), null);
    let opens = 0;
    let closing = 0;
    for (let kind = scanner.next(); kind !== LINE_END; kind = scanner.next()) {
      opens += step(kind);
      if (opens === -closing - 1 && kind === CLOSE) closing++;
    }
    return { opens, closing };
  }

  private flush(): void {
    const { open } = this;
    this.open = null;
    if (open === null) return;
    this.write(withComment(open.words, open.comment), this.depth);
    for (const comment of open.below) {
      if (comment === '') this.isAfterGap = true;
      else this.write(comment, this.depth);
    }
  }

  private write(line: string, depth: number, isClosing = false): void {
    const last = this.lines.at(-1);
    if (this.isAfterGap && last !== undefined && !/\{(?: [#!].*)?$/.test(last) && !isClosing)
      this.lines.push('');
    this.isAfterGap = false;
    this.last = null;
    this.lines.push(INDENT.repeat(depth) + line);
  }
}

/** A backslash at the end, where it would join the next line as it did not where it stood, goes into quotes. */
function unjoined(text: string): string {
  return endsInBackslash(text) ? `${text.slice(0, -1)}"\\\\"` : text;
}

function withComment(text: string, comment: string): string {
  return comment === '' ? text : `${text} ${comment}`;
}

function step(kind: TokenKind): number {
  return kind === OPEN ? 1 : kind === CLOSE ? -1 : 0;
}

/** Of masked text. A condition, a loop, or the use of a definition: other dollars stand for themselves. */
function isWhole(line: string): boolean {
  return /(?:^|[\s{}])[@~]|\$[A-Za-z_]/.test(line);
}

/** The text with `_` for the braces and all between them in uses of definitions and in loops, so that they count as words. */
function masked(text: string): string {
  const masks = (match: string): string => '_'.repeat(match.length);
  let done = text.replace(/(?<=~)(?:SEQx?|LST)[\t ]*\([^)\n]*\)/g, masks);
  // Names may be made of others: the innermost first.
  for (let before = ''; done !== before; ) {
    before = done;
    done = done.replace(/(?<=\$)\{[^{}\n]*\}/g, masks);
  }
  return done;
}
