// The body of an HTTP answer, piece by piece: what belongs to it and where it ends (RFC 9112, sections 6 and 7). Nothing is kept.
import type { Head } from './http-head.ts';

/** Of a line that gives the size of a chunk, and of the trailer. */
const LONGEST_LINES = 8192;

/** `end`: the body is whole. */
export type Progress = 'more' | 'end' | { readonly wrong: string };

type State = 'size' | 'data' | 'data end' | 'trailer';

export class HttpBody {
  readonly #sink: (data: Uint8Array) => void;
  readonly #chunked: boolean;
  #state: State = 'size';
  /** Bytes of the body, or of the chunk, that are still to come. */
  #left: number;
  #line = '';
  #lines = 0;

  /** What belongs to the body goes to `sink`, which must not keep it. */
  constructor({ length, chunked }: Head, sink: (data: Uint8Array) => void) {
    this.#sink = sink;
    this.#chunked = chunked;
    this.#left = chunked ? 0 : (length ?? Number.POSITIVE_INFINITY);
  }

  push(data: Uint8Array): Progress {
    return this.#chunked ? this.#takeChunks(data) : this.#takePlain(data);
  }

  #takePlain(data: Uint8Array): Progress {
    const own = data.subarray(0, Math.min(data.length, this.#left));
    this.#left -= own.length;
    if (own.length > 0) this.#sink(own);
    return this.#left === 0 ? 'end' : 'more';
  }

  #takeChunks(data: Uint8Array): Progress {
    let at = 0;
    while (at < data.length) {
      if (this.#state === 'data') {
        const own = data.subarray(at, Math.min(data.length, at + this.#left));
        this.#sink(own);
        this.#left -= own.length;
        at += own.length;
        if (this.#left === 0) this.#state = 'data end';
        continue;
      }
      const byte = data[at++]!;
      if (++this.#lines > LONGEST_LINES) return { wrong: 'the chunks of the answer make no sense' };
      if (byte !== 10) {
        this.#line += String.fromCharCode(byte);
        continue;
      }
      const progress = this.#endLine();
      if (progress !== 'more') return progress;
    }
    return 'more';
  }

  #endLine(): Progress {
    const line = this.#line.trimEnd();
    this.#line = '';
    if (this.#state === 'trailer') return line === '' ? 'end' : 'more';
    if (this.#state === 'data end') {
      if (line !== '') return { wrong: 'the chunks of the answer make no sense' };
      this.#state = 'size';
      return 'more';
    }
    const size = /^([0-9a-f]{1,8})(?:[ \t]*;.*)?$/i.exec(line)?.[1];
    if (size === undefined) return { wrong: 'the chunks of the answer make no sense' };
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailer' : 'data';
    this.#lines = 0;
    return 'more';
  }
}
