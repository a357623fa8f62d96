// Lines that belong together: those of a definition, each but the last with a backslash at its end.
import { MappedText } from './mapped-text.ts';
import type { Problems } from './problem.ts';
import { closesWord, endOfLine } from './scanner.ts';
import type { Source } from './source.ts';

export interface LogicalLine {
  /** Without comments, the backslashes and the white space around; at least one. */
  readonly lines: readonly MappedText[];
  /** Offset of the line behind them. */
  readonly end: number;
}

/** Perhaps behind conditions. */
const DEFINITION = /^[\t ]*(?:@\S*[\t ]+)*\$[A-Za-z_]\w*=/;

/** True when the line starts a definition. */
export function isDefinition(line: string): boolean {
  return DEFINITION.test(line);
}

/** The lines from the one at `start`. */
export function logicalLine(source: Source, start: number, problems: Problems): LogicalLine {
  const { text } = source;
  const lines: MappedText[] = [];
  let at = start;
  const inDefinition = isDefinition(text.slice(start, endOfLine(text, start)));
  for (;;) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const { length: kept, continues } = uncommented(line, inDefinition);
    // The last line of a file joins no other: elsewhere than in a definition its backslash is a character.
    const length = continues && !inDefinition && end === text.length ? line.trimEnd().length : kept;
    const blank = /^[\t \r]*/.exec(text.slice(at, at + length))![0].length;
    lines.push(MappedText.of(source, at + blank, at + Math.max(blank, length)));
    const next = end + 1;
    if (!continues || next > text.length) return { lines, end: next };
    if (isEmpty(text, next)) {
      const message = 'the line that this backslash continues is empty';
      problems.warning(source, text.lastIndexOf('\\', end), message, 'delete one of them');
      return { lines, end: next };
    }
    at = next;
  }
}

/** True when the line at `start` is empty, or a comment that ends without a backslash: it ends a definition, as in keepalived. */
export function isEmpty(text: string, start: number): boolean {
  const { length, continues } = uncommented(text.slice(start, endOfLine(text, start)), true);
  return length === 0 && !continues;
}

/** How much of a line is left without its comment, and whether a backslash ends it: in definitions one that ends the comment does. */
export function uncommented(
  line: string,
  inDefinition: boolean,
): { readonly length: number; readonly continues: boolean } {
  const comment = commentIn(line);
  const kept = line.trimEnd();
  const continues = endsInBackslash(kept);
  if (comment >= 0) {
    return { length: line.slice(0, comment).trimEnd().length, continues: continues && inDefinition };
  }
  return { length: (continues ? kept.slice(0, -1).trimEnd() : kept).length, continues };
}

/** True for an odd number of them: two stand for one. */
export function endsInBackslash(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
}

/** Where the comment starts, or -1. */
function commentIn(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '\\') at++;
    else if (character === '#' || character === '!') return at;
    else if (character === '"' || (character === "'" && opensWord(line, at) && closesWord(line, at))) {
      for (at++; at < line.length && line[at] !== character; at++) if (line[at] === '\\') at++;
    }
  }
  return -1;
}

function opensWord(line: string, at: number): boolean {
  return at === 0 || /[\s{}=]/.test(line[at - 1]!);
}
