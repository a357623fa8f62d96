// Text that was put together from places of configuration files, and still knows of each character where it was written.
import type { Source } from './source.ts';

/** What brought a piece of text to where it is: the use of a definition, or one turn of a `~SEQ` or `~LST`. */
export interface Use {
  readonly name: string;
  /** Of a turn: the value that the variable has in it. Null for the use of a definition. */
  readonly value: string | null;
  /** Where it is used. */
  readonly source: Source;
  readonly offset: number;
  /** The use within which this one is. */
  readonly outer: Use | null;
}

export interface Piece {
  readonly text: string;
  /** Where its first character was written. */
  readonly source: Source;
  readonly offset: number;
  /** False: it was worked out, and belongs to that one place as a whole. */
  readonly isVerbatim: boolean;
  readonly use: Use | null;
}

export class MappedText {
  readonly text: string;
  readonly pieces: readonly Piece[];

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
    this.text = pieces.length === 1 ? pieces[0]!.text : pieces.map(piece => piece.text).join('');
  }

  static of(source: Source, from: number, to: number): MappedText {
    return new MappedText([
      { text: source.text.slice(from, to), source, offset: from, isVerbatim: true, use: null },
    ]);
  }

  slice(from: number, to = this.text.length): MappedText {
    if (from === 0 && to === this.text.length) return this;
    const pieces: Piece[] = [];
    let at = 0;
    for (const piece of this.pieces) {
      const first = Math.max(from - at, 0);
      const last = Math.min(to - at, piece.text.length);
      if (first < last) {
        const offset = piece.isVerbatim ? piece.offset + first : piece.offset;
        pieces.push({ ...piece, text: piece.text.slice(first, last), offset });
      }
      at += piece.text.length;
    }
    if (pieces.length > 0) return new MappedText(pieces);
    return new MappedText([{ ...this.pieceAt(from), text: '' }]);
  }

  replace(from: number, to: number, by: readonly Piece[]): MappedText {
    const parts = [...this.slice(0, from).pieces, ...by, ...this.slice(to).pieces];
    const pieces = parts.filter(piece => piece.text !== '');
    return new MappedText(pieces.length > 0 ? pieces : parts.slice(0, 1));
  }

  /** The same text, each piece within a further use. */
  within(use: (piece: Piece) => Use | null): MappedText {
    return new MappedText(this.pieces.map(piece => ({ ...piece, use: use(piece) })));
  }

  /** The piece of a character, cut to begin with it; the end of the last one for the end of the text. */
  pieceAt(offset: number): Piece {
    let at = 0;
    for (const piece of this.pieces) {
      if (offset < at + piece.text.length) return tail(piece, offset - at);
      at += piece.text.length;
    }
    const last = this.pieces.at(-1)!;
    return tail(last, last.text.length);
  }
}

function tail(piece: Piece, from: number): Piece {
  const offset = piece.isVerbatim ? piece.offset + from : piece.offset;
  return { ...piece, text: piece.text.slice(from), offset };
}
