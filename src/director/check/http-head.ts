// The head of an HTTP answer, piece by piece as it arrives: its status and how its body ends (RFC 9112, sections 4 to 6).

/** Bytes of a head that are waited for: no server of good will sends more. */
const LONGEST_HEAD = 16_384;

const STATUS_LINE = /^HTTP\/\d\.\d ([1-5]\d\d)(?: [^\r\n]*)?$/;
const HEADER = /^(content-length|transfer-encoding):[ \t]*(.*?)[ \t]*$/i;

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
  #line = '';
  #length = 0;

  /** Takes the next bytes; null while the head is not whole. */
  push(data: Uint8Array): Reading | null {
    for (let at = 0; at < data.length; ) {
      const end = data.indexOf(10, at);
      const next = end < 0 ? data.length : end + 1;
      this.#length += next - at;
      if (this.#length > LONGEST_HEAD) return { wrong: `the head is longer than ${LONGEST_HEAD} bytes` };
      this.#line += String.fromCharCode(...data.subarray(at, end < 0 ? next : end));
      at = next;
      const reading = end < 0 ? null : this.#endLine();
      if (reading === null) continue;
      return typeof reading === 'string' ? { wrong: reading } : { head: reading, rest: data.subarray(at) };
    }
    return this.#status === null && !couldBeStatusLine(this.#line)
      ? { wrong: 'the answer is not HTTP' }
      : null;
  }

  /** The server closed before the head was whole. */
  end(): { readonly wrong: string } {
    return {
      wrong: this.#length === 0 ? 'closed without an answer' : 'closed within the head of the answer',
    };
  }

  /** The head when it is whole, or what is wrong with it. */
  #endLine(): Head | string | null {
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
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
    const [, name = '', value = ''] = HEADER.exec(line) ?? [];
    if (name.toLowerCase() === 'transfer-encoding') this.#chunked = /(?:^|[ ,])chunked$/i.test(value);
    if (name.toLowerCase() !== 'content-length') return null;
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
