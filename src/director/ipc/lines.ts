// Cuts a byte stream into lines of UTF-8 text, holding no more than a limit of what is not yet a line.

const NEWLINE = 10;

/** A line grew beyond the limit: the peer is not one of ours. */
export class LineTooLong extends Error {
  constructor(limit: number) {
    super(`a line is longer than ${limit} bytes`);
    this.name = 'LineTooLong';
  }
}

export class LineBuffer {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #held = 0;

  /** `limit`: bytes that one line may have. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes the next bytes (they are copied) and returns the lines they complete, without their ends. Throws LineTooLong. */
  push(data: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, start)) {
      this.#hold(data.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    if (start < data.length) this.#hold(data.slice(start));
    return lines;
  }

  #hold(part: Uint8Array): void {
    this.#held += part.length;
    if (this.#held > this.#limit) throw new LineTooLong(this.#limit);
    this.#parts.push(part);
  }

  #take(): string {
    const whole = this.#parts.length === 1 ? this.#parts[0]! : join(this.#parts, this.#held);
    this.#parts = [];
    this.#held = 0;
    return new TextDecoder().decode(whole);
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
