// One line -> tokens: words and braces. The rules are those of keepalived.conf(5): a statement ends with its line or at a brace;
// `#` and `!` start a comment anywhere outside quotes; words may be quoted, wholly or in part, with `"`, or wholly with `'`. A
// backslash at the end of a line joins the next one.
import { decodeEscapes } from './escape.ts';
import type { Problems } from './problem.ts';
import type { Source } from './source.ts';

export const LINE_END = 0;
export const WORD = 1;
export const OPEN = 2;
export const CLOSE = 3;

export type TokenKind = typeof LINE_END | typeof WORD | typeof OPEN | typeof CLOSE;

const LINE_FEED = 10;
const SPACE = 32;
const BANG = 33;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;

export class Scanner {
  readonly source: Source;
  /** Offsets of the token that `next` has found: its first character and the one behind its last. */
  start: number;
  end: number;
  /** Of a word: what it means, without quotes and escapes. */
  value = '';
  /** Braces belong to words until the line ends: in the patterns of `include`. */
  plainBraces = false;
  /** Offsets of the comments passed: start and end in turn. The end is the end of the line. */
  readonly comments: number[] = [];
  private readonly text: string;
  private readonly problems: Problems | null;

  /** Without `problems` it stays quiet: to find words again in text that has been scanned before. */
  constructor(source: Source, problems: Problems | null, offset = 0) {
    this.source = source;
    this.text = source.text;
    this.problems = problems;
    this.start = offset;
    this.end = offset;
  }

  /** Finds the next token; LINE_END once at the end of each line, LINE_END for ever at the end of the text. */
  next(): TokenKind {
    const text = this.text;
    let at = this.end;
    for (; at < text.length; ++at) {
      const code = text.charCodeAt(at);
      if (isSpace(code)) continue;
      if (code === HASH || code === BANG) {
        const lineEnd = endOfLine(text, at);
        this.comments.push(at, lineEnd);
        at = lineEnd - 1;
      } else if (code === BACKSLASH && joinsLines(text, at)) {
        at = endOfLine(text, at);
      } else {
        break;
      }
    }
    this.start = at;
    const code = at < text.length ? text.charCodeAt(at) : LINE_FEED;
    if (code === LINE_FEED) {
      this.plainBraces = false;
      this.end = Math.min(at + 1, text.length);
      return LINE_END;
    }
    if (!this.plainBraces && (code === BRACE_OPEN || code === BRACE_CLOSE)) {
      this.end = at + 1;
      return code === BRACE_OPEN ? OPEN : CLOSE;
    }
    this.word(at);
    return WORD;
  }

  private word(start: number): void {
    const text = this.text;
    let value = '';
    let at = start;
    let plainFrom = start;
    for (; at < text.length && !this.endsWord(at); ++at) {
      const code = text.charCodeAt(at);
      if (code === DOUBLE_QUOTE || (code === SINGLE_QUOTE && at === start && closesWord(text, at))) {
        const close = this.closingQuote(at);
        value += text.slice(plainFrom, at) + decodeEscapes(text.slice(at + 1, close));
        plainFrom = close < text.length && text.charCodeAt(close) === code ? close + 1 : close;
        at = plainFrom - 1;
      } else if (code === BACKSLASH) {
        const escaped = text.charCodeAt(at + 1);
        if (escaped === HASH || escaped === BANG) {
          value += text.slice(plainFrom, at);
          plainFrom = at + 1;
          ++at;
        } else if (escaped === BACKSLASH || escaped === DOUBLE_QUOTE) {
          ++at;
        }
      }
    }
    this.end = at;
    this.value = value + text.slice(plainFrom, at);
  }

  private endsWord(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code > SINGLE_QUOTE && code < BACKSLASH) return false;
    if (isSpace(code) || code === LINE_FEED || code === HASH || code === BANG) return true;
    if (code === BRACE_OPEN || code === BRACE_CLOSE) return !this.plainBraces;
    return code === BACKSLASH && joinsLines(this.text, at);
  }

  /** The offset of the quote that closes the one at `open`, or of the end of the line when there is none. */
  private closingQuote(open: number): number {
    const text = this.text;
    const quote = text.charCodeAt(open);
    for (let at = open + 1; at < text.length; ++at) {
      const code = text.charCodeAt(at);
      if (code === quote) return at;
      if (code === LINE_FEED) break;
      if (code === BACKSLASH && text.charCodeAt(at + 1) !== LINE_FEED) ++at;
    }
    const advice = `add ${String.fromCharCode(quote)} before the end of the line`;
    this.problems?.error(this.source, open, 'this quote is not closed', advice);
    return endOfLine(text, open);
  }
}

/** White space other than the end of a line. */
function isSpace(code: number): boolean {
  return code === SPACE || (code >= 9 && code <= 13 && code !== LINE_FEED);
}

export function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** True when only white space follows the backslash at `at` on its line, and another line follows. */
function joinsLines(text: string, at: number): boolean {
  let i = at + 1;
  while (i < text.length && isSpace(text.charCodeAt(i))) ++i;
  return i < text.length && text.charCodeAt(i) === LINE_FEED;
}

/** True when a `'` closes the one at `open` on its line and ends the word there: elsewhere it is an apostrophe. */
export function closesWord(text: string, open: number): boolean {
  for (let at = open + 1; at < text.length; ++at) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) return false;
    if (code === BACKSLASH) ++at;
    else if (code === SINGLE_QUOTE) return /^(?:[\s{}#!]|$)/.test(text.slice(at + 1, at + 2));
  }
  return false;
}
