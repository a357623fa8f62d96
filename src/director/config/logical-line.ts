// Lines that belong together: those of a definition, each but the last with a backslash at its end.
import { MappedText } from './mapped-text.ts';
import type { Problems } from './problem.ts';
import { closesWord } from './scanner.ts';
import type { Source } from './source.ts';

export interface LogicalLine {
  /** Without comments, the backslashes and the white space around; at least one. */
  readonly lines: readonly MappedText[];
  /** Offset of the line behind them. */
  readonly end: number;
}

/** The lines from the one at `start`. An empty line ends them in any case, as it does in keepalived. */
export function logicalLine(source: Source, start: number, problems: Problems): LogicalLine {
  const { text } = source;
  const lines: MappedText[] = [];
  let at = start;
  for (;;) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const { length, continues } = uncommented(text.slice(at, end));
    const blank = /^[\t \r]*/.exec(text.slice(at, at + length))![0].length;
    lines.push(MappedText.of(source, at + blank, at + Math.max(blank, length)));
    const next = end + 1;
    if (!continues || next > text.length) return { lines, end: next };
    if (text.startsWith('\n', next) || text.startsWith('\r\n', next)) {
      const message = 'an empty line follows the line that this backslash continues';
      problems.warning(source, text.lastIndexOf('\\', end), message, 'delete one of them');
      return { lines, end: next };
    }
    at = next;
  }
}

/** How much of a line is left without its comment, and whether a backslash ends it: one that ends the comment does, too. */
function uncommented(line: string): { readonly length: number; readonly continues: boolean } {
  const comment = commentIn(line);
  const kept = line.trimEnd();
  const continues = kept.endsWith('\\') && !kept.endsWith('\\\\');
  if (comment >= 0) return { length: line.slice(0, comment).trimEnd().length, continues };
  return { length: (continues ? kept.slice(0, -1).trimEnd() : kept).length, continues };
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
