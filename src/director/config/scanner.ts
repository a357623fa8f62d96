// Text -> tokens: words, braces, and where lines begin. The rules are those of keepalived.conf(5): a statement ends with its
// line or at a brace; `#` and `!` start a comment anywhere outside quotes; words may be quoted, wholly or in part, with `"`, or
// wholly with `'`. A backslash before the end of a line joins the next one. It makes no object per token: 28,000 lines are read
// on a 266 MHz board.
import { decodeEscapes } from './escape.ts';
import type { Problems } from './problem.ts';
import type { Source } from './source.ts';

export const END = 0;
export const WORD = 1;
export const OPEN = 2;
export const CLOSE = 3;

export type TokenKind = typeof END | typeof WORD | typeof OPEN | typeof CLOSE;

const LINE_FEED = 10;
const SPACE = 32;
const BANG = 33;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;
const FIRST_BEYOND_ASCII = 127;

export class Scanner {
  readonly source: Source;
  /** Offsets of the token that `next` has found: its first character and the one behind its last. */
  start = 0;
  end = 0;
  /** Of a word: what it means, without quotes and escapes. */
  value = '';
  /** True when the token is the first of its line. */
  startsLine = true;
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
    this.end = offset;
  }

  /** Finds the next token. */
  next(): TokenKind {
    const text = this.text;
    const length = text.length;
    let at = this.end;
    let startsLine = at === 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED) {
        startsLine = true;
        this.plainBraces = false;
        at++;
      } else if (code === SPACE || (code >= 9 && code <= 13)) {
        at++;
      } else if (code === HASH || code === BANG) {
        const lineEnd = endOfLine(text, at);
        this.comments.push(at, lineEnd);
        at = lineEnd;
      } else if (code === BACKSLASH && joinsLines(text, at)) {
        at = endOfLine(text, at) + 1;
      } else {
        this.start = at;
        this.startsLine = startsLine;
        if (!this.plainBraces && (code === BRACE_OPEN || code === BRACE_CLOSE)) {
          this.end = at + 1;
          return code === BRACE_OPEN ? OPEN : CLOSE;
        }
        this.word(at);
        return WORD;
      }
    }
    this.start = length;
    this.end = length;
    this.startsLine = startsLine;
    return END;
  }

  /** Reads the word that starts at `start`. Nearly all have neither quotes nor escapes: these are cut out of the text. */
  private word(start: number): void {
    const text = this.text;
    const length = text.length;
    let at = start;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > SINGLE_QUOTE && code < BRACE_OPEN && code !== BACKSLASH) continue;
      if (code <= SPACE) {
        if (code === SPACE || (code >= 9 && code <= 13)) break;
        this.oddWord(start);
        return;
      }
      if (code === HASH || code === BANG) break;
      if ((code === BRACE_OPEN || code === BRACE_CLOSE) && !this.plainBraces) break;
      if (isOdd(code)) {
        this.oddWord(start);
        return;
      }
    }
    this.end = at;
    this.value = text.slice(start, at);
  }

  /** Reads a word with quotes, escapes or characters beyond ASCII. */
  private oddWord(start: number): void {
    const text = this.text;
    let value = '';
    let at = start;
    let plainFrom = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === SPACE || (code >= 9 && code <= 13) || code === HASH || code === BANG) break;
      if ((code === BRACE_OPEN || code === BRACE_CLOSE) && !this.plainBraces) break;
      if (code === DOUBLE_QUOTE || (code === SINGLE_QUOTE && at === start && closesWord(text, at))) {
        const close = this.closingQuote(at);
        value += text.slice(plainFrom, at) + decodeEscapes(text.slice(at + 1, close));
        at = close;
        plainFrom = Math.min(close + 1, text.length);
        if (close === text.length || text.charCodeAt(close) === LINE_FEED) {
          plainFrom = close;
          break;
        }
      } else if (code === BACKSLASH) {
        const escaped = text.charCodeAt(at + 1);
        if (escaped === HASH || escaped === BANG) {
          value += text.slice(plainFrom, at);
          plainFrom = at + 1;
          at++;
        } else if (escaped === BACKSLASH || escaped === DOUBLE_QUOTE) {
          at++;
        } else if (joinsLines(text, at)) {
          break;
        }
      } else {
        this.complainOf(code, at);
      }
    }
    this.end = at;
    this.value = value + text.slice(plainFrom, at);
  }

  /** The offset of the quote that closes the one at `open`, or of the end of the line when there is none. */
  private closingQuote(open: number): number {
    const text = this.text;
    const quote = text.charCodeAt(open);
    for (let at = open + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) return at;
      if (code === LINE_FEED) break;
      if (code === BACKSLASH && text.charCodeAt(at + 1) !== LINE_FEED) at++;
      else this.complainOf(code, at);
    }
    this.problems?.error(
      this.source,
      open,
      'this quote is not closed',
      `add ${String.fromCharCode(quote)} before the end of the line`,
    );
    return endOfLine(text, open);
  }

  private complainOf(code: number, at: number): void {
    if (this.problems === null) return;
    const what = unwanted(code);
    if (what !== null) this.problems.error(this.source, at, what, 'delete it, or type a space in its place');
  }
}

function isOdd(code: number): boolean {
  return code === DOUBLE_QUOTE || code === SINGLE_QUOTE || code === BACKSLASH || code >= FIRST_BEYOND_ASCII;
}

/** What is wrong with a character that has no place in a word, or null. */
function unwanted(code: number): string | null {
  if (code === 0xfffd) return 'a byte here is not valid UTF-8';
  const spaceLike = code === 0xa0 || (code >= 0x2000 && code <= 0x200f) || code === 0x3000 || code === 0xfeff;
  if (spaceLike) return `U+${hex(code)} looks like a space, or like nothing, but is part of the word`;
  const control = (code < SPACE && code !== 9) || (code >= 127 && code < 0xa0);
  return control ? `there is a control character here (U+${hex(code)})` : null;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** True when only white space follows the backslash at `at` on its line, and another line follows. */
function joinsLines(text: string, at: number): boolean {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LINE_FEED) return true;
    if (code !== SPACE && !(code >= 9 && code <= 13)) return false;
  }
  return false;
}

/** True when a `'` closes the one at `open` on its line and ends the word there: elsewhere it is an apostrophe. */
function closesWord(text: string, open: number): boolean {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) return false;
    if (code === BACKSLASH) at++;
    else if (code === SINGLE_QUOTE) {
      const after = text.charCodeAt(at + 1);
      return Number.isNaN(after) || after <= SPACE || after === BRACE_OPEN || after === BRACE_CLOSE;
    }
  }
  return false;
}
