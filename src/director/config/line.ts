// What one line says, when it is simple. Lines of a configuration repeat: each different one is taken apart once, which saves
// most of the time and memory that a file with thousands of real servers takes.

/** A line without quotes, comments, escapes, conditions, definitions, and with braces only where they stand by habit. */
export interface SimpleLine {
  /** Shared by all statements that read the same; null when the line has none. */
  readonly words: readonly string[] | null;
  /** What stands behind the words. */
  readonly brace: '{' | '}' | null;
}

const BLANK: SimpleLine = { words: null, brace: null };

/** Printable ASCII without quotes, comments, escapes, `$` and inner tabs; nothing behind an opening or before a closing brace. */
const SIMPLE = /^(?![\t ]*[@~])[\t ]*(?:\}|[ %&(-[\]-z|~]*\{?)[\t\r ]*$/;

/** What a Preprocessor is for: a condition or loop at the start, a definition or its use anywhere, perhaps in a line that is joined. */
const SPECIAL = /^[\t ]*[@~]|\$|\\[\t \r]*$/;

/** True when the line takes a Preprocessor. */
export function isSpecial(text: string): boolean {
  return SPECIAL.test(text);
}

/** Null when it takes a Scanner to read the line. */
export function simpleLine(text: string): SimpleLine | null {
  if (!SIMPLE.test(text)) return null;
  const line = text.trim();
  if (line === '') return BLANK;
  if (line === '}') return { words: null, brace: '}' };
  if (line.startsWith('include')) return null;
  const opens = line.endsWith('{');
  const words = (opens ? line.slice(0, -1) : line).split(' ').filter(word => word !== '');
  return { words: words.length > 0 ? words : null, brace: opens ? '{' : null };
}
