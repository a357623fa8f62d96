// `$NAME=text`: what has been defined so far, and how `$NAME` and `${NAME}` are replaced by it.
import { MappedText, type Piece, type Use } from './mapped-text.ts';

/** Text of a predefined name; `words` are the numbers behind the name in the braces. */
export type Predefined = (words: readonly number[]) => string;

export interface Substituted {
  readonly text: MappedText;
  /** Further lines, of a definition that has several. */
  readonly rest: readonly MappedText[];
}

/** `reference` is what led there. */
export class SubstitutionError extends Error {
  readonly reference: Piece;

  constructor(reference: Piece, message: string) {
    super(message);
    this.reference = reference;
  }
}

/** Longest line and most replacements in it; more is a definition that contains itself. */
const LONGEST = 8192;
const MOST = 200;

/** Without braces it must be followed by white space, a comma, a parenthesis or the end. */
const REFERENCE = /\$(?:\{([A-Za-z_]\w*)((?: *\d+)*)\}|([A-Za-z_]\w*)(?=[\t ,)]|$))/g;

export class Definitions {
  private readonly predefined: ReadonlyMap<string, Predefined>;
  private readonly written = new Map<string, readonly MappedText[]>();
  /** Of loops: the value of this turn. */
  private readonly variables = new Map<string, string>();

  constructor(predefined: ReadonlyMap<string, Predefined>) {
    this.predefined = predefined;
  }

  /** Lines: at least one. */
  define(name: string, lines: readonly MappedText[]): void {
    this.variables.delete(name);
    this.written.set(name, lines);
  }

  setVariable(name: string, value: string): void {
    this.variables.set(name, value);
  }

  get names(): string[] {
    return [...this.variables.keys(), ...this.written.keys(), ...this.predefined.keys()];
  }

  /** Null when there is nothing to replace. Throws a SubstitutionError. */
  substitute(given: MappedText): Substituted | null {
    let text = given;
    let rest: readonly MappedText[] = [];
    let count = 0;
    let at = 0;
    for (;;) {
      REFERENCE.lastIndex = at;
      const match = REFERENCE.exec(text.text);
      if (match === null) break;
      at = match.index;
      const end = at + match[0].length;
      const reference = text.pieceAt(at);
      const lines = this.linesOf(match, reference);
      if (lines === null || (lines.length > 1 && end < text.text.length)) {
        at++;
        continue;
      }
      text = text.replace(at, end, lines[0]!.pieces);
      if (++count > MOST || text.text.length > LONGEST) {
        throw new SubstitutionError(reference, `${match[0]} stands for itself, or for too much`);
      }
      if (lines.length > 1) rest = [...lines.slice(1), ...rest];
      if (/^[\t ]*~/.test(lines[0]!.text)) break;
    }
    return count === 0 ? null : { text, rest };
  }

  /** The first reference to something that is not defined, or that cannot be replaced where it stands. */
  openReference(
    text: string,
  ): { readonly at: number; readonly name: string; readonly inBraces: boolean } | null {
    REFERENCE.lastIndex = 0;
    const match = REFERENCE.exec(text);
    if (match === null) return null;
    return { at: match.index, name: (match[1] ?? match[3])!, inBraces: match[1] !== undefined };
  }

  private linesOf(match: RegExpExecArray, reference: Piece): readonly MappedText[] | null {
    const name = (match[1] ?? match[3])!;
    const words = match[2] ?? '';
    const computed = this.variables.get(name) ?? this.compute(name, words);
    if (computed !== undefined) {
      return [new MappedText([{ ...reference, text: computed, isVerbatim: false }])];
    }
    const lines = words === '' ? this.written.get(name) : undefined;
    if (lines === undefined) return null;
    const { source, offset, use: outer } = reference;
    const use: Use = { name, value: null, source, offset, outer };
    return lines.map(line => line.within(() => use));
  }

  private compute(name: string, words: string): string | undefined {
    if (this.written.has(name)) return undefined;
    return this.predefined.get(name)?.(words.split(' ').filter(Boolean).map(Number));
  }
}
