// The head of an HTTP answer, piece by piece as it arrives: its status and how its body ends (RFC 9112, sections 4 to 6).

import { latin1 } from './latin1.ts';

/** Bytes of a head that are waited for: no server of good will sends more. */
const LONGEST_HEAD = 16_384;

const STATUS_LINE = /^HTTP\/\d\.\d ([1-5]\d\d)(?: [^\r\n]*)?$/;
const LENGTH = 'content-length';
const ENCODING = 'transfer-encoding';
const TOO_LONG = { wrong: `the head is longer than ${LONGEST_HEAD} bytes` } as const;

export interface Head {
  readonly status: number;
  /** Bytes of the body; null: until the server closes, or as its chunks say. */
  readonly length: number | null;
  readonly chunked: boolean;
}

/** `rest` is what came behind the head. */
export type Reading = { readonly head: Head; readonly rest: Uint8Array } | { readonly wrong: string };

export class HttpHead {
  #status: number | null = null;
  #contentLength: number | null = null;
  #chunked = false;
  /** What has come of the next line. */
  #line = '';
  /** Of all lines before. */
  #length = 0;

  /** Takes the next bytes; null while the head is not whole. */
  push(data: Uint8Array): Reading | null {
    const before = this.#line.length;
    const text = this.#line + latin1(data.subarray(0, LONGEST_HEAD + 1));
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#length += end + 1 - from;
      if (this.#length > LONGEST_HEAD) return TOO_LONG;
      const reading = this.#endLine(text.slice(from, text[end - 1] === '\r' ? end - 1 : end));
      from = end + 1;
      if (reading === null) continue;
      return typeof reading === 'string'
        ? { wrong: reading }
        : { head: reading, rest: data.subarray(from - before) };
    }
    this.#line = text.slice(from);
    if (this.#length + this.#line.length > LONGEST_HEAD) return TOO_LONG;
    return this.#status === null && !couldBeStatusLine(this.#line)
      ? { wrong: 'the answer is not HTTP' }
      : null;
  }

  /** The server closed before the head was whole. */
  end(): { readonly wrong: string } {
    return {
      wrong:
        this.#length + this.#line.length === 0
          ? 'closed without an answer'
          : 'closed within the head of the answer',
    };
  }

  /** The head when it is whole, or what is wrong with it. */
  #endLine(line: string): Head | string | null {
    if (this.#status === null) {
      const match = STATUS_LINE.exec(line);
      if (match === null) return 'the answer is not HTTP';
      this.#status = Number(match[1]);
      return null;
    }
    if (line !== '') return this.#takeHeader(line);
    const status = this.#status;
    if (status >= 200) {
      const isEmpty = status === 204 || status === 304;
      const length = isEmpty ? 0 : this.#chunked ? null : this.#contentLength;
      return { status, length, chunked: this.#chunked && !isEmpty };
    }
    // 1xx is interim: the answer proper follows with a head of its own.
    this.#status = null;
    this.#contentLength = null;
    this.#chunked = false;
    return null;
  }

  #takeHeader(line: string): string | null {
    const colon = line.indexOf(':');
    // Most headers are others, and a small board looks at thousands of them.
    if (colon !== LENGTH.length && colon !== ENCODING.length) return null;
    const name = line.slice(0, colon).toLowerCase();
    if (name === ENCODING) this.#chunked = /(?:^|[ ,])chunked$/i.test(line.slice(colon + 1).trim());
    if (name !== LENGTH) return null;
    const value = line.slice(colon + 1).trim();
    const length = /^\d{1,15}$/.test(value) ? Number(value) : null;
    if (length === null || (this.#contentLength ?? length) !== length) {
      return 'the length of the answer makes no sense';
    }
    this.#contentLength = length;
    return null;
  }
}

/** Garbage without an end is told at once, not when the time is up. */
function couldBeStatusLine(line: string): boolean {
  return 'HTTP/'.startsWith(line.slice(0, 5));
}
