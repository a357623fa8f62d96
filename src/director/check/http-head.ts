// The head of an HTTP answer, piece by piece as it arrives: its status once the head is whole (RFC 9112, section 4).

/** Bytes of a head that are waited for: no server of good will sends more. */
const LONGEST_HEAD = 16_384;

const STATUS_LINE = /^HTTP\/\d\.\d ([1-5]\d\d)(?: [^\r\n]*)?$/;

export type Reading = { readonly status: number } | { readonly wrong: string };

export class HttpHead {
  #status: number | null = null;
  #line = '';
  #length = 0;

  /** Takes the next bytes; null while the head is not whole. */
  push(data: Uint8Array): Reading | null {
    for (const byte of data) {
      this.#length++;
      if (this.#length > LONGEST_HEAD) return { wrong: `the head is longer than ${LONGEST_HEAD} bytes` };
      if (byte !== 10) {
        this.#line += String.fromCharCode(byte);
        continue;
      }
      const reading = this.#endLine();
      if (reading !== null) return reading;
    }
    return this.#status === null && !couldBeStatusLine(this.#line)
      ? { wrong: 'the answer is not HTTP' }
      : null;
  }

  /** The server closed before the head was whole. */
  end(): Reading {
    return {
      wrong: this.#length === 0 ? 'closed without an answer' : 'closed within the head of the answer',
    };
  }

  #endLine(): Reading | null {
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    if (this.#status !== null) {
      if (line !== '') return null;
      // 1xx is interim: the answer proper follows with a head of its own.
      if (this.#status >= 200) return { status: this.#status };
      this.#status = null;
      return null;
    }
    const match = STATUS_LINE.exec(line);
    if (match === null) return { wrong: 'the answer is not HTTP' };
    this.#status = Number(match[1]);
    return null;
  }
}

/** Garbage without an end is told at once, not when the time is up. */
function couldBeStatusLine(line: string): boolean {
  return 'HTTP/'.startsWith(line.slice(0, 5));
}
