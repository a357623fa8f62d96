// Searches a body for a regular expression while it arrives, through a window that slides over it: memory is bounded, however long
// the body is. Each byte is one character unless the expression is for UTF-8.
import type { RegexConfig } from '../config/config.ts';
import { latin1 } from './latin1.ts';

/** Characters that are looked at together. */
const WINDOW = 16_384;
/** Of these, what stays for the next look: a match that is longer is found only where it does not cross into the next window. */
const CARRY = 4096;
/** What must follow a match for it to count before the end of the body, where it depends on what follows. */
const AHEAD = 1024;

export class BodySearch {
  readonly #regex: RegExp;
  readonly #config: RegexConfig;
  readonly #isUnicode: boolean;
  #text = '';
  /** Where the text begins in the body, in characters. */
  #base = 0;
  /** Bytes of a character that is not whole yet. */
  #cut: Uint8Array = new Uint8Array(0);
  #found = false;

  constructor(config: RegexConfig) {
    this.#config = config;
    this.#isUnicode = config.flags.includes('u');
    this.#regex = new RegExp(config.source, `${config.flags}g`);
  }

  get found(): boolean {
    return this.#found;
  }

  push(data: Uint8Array): void {
    for (let at = 0; at < data.length && !this.#found; at += CARRY) {
      this.#append(data.subarray(at, at + CARRY));
      if (this.#text.length >= WINDOW) this.#look(false);
    }
  }

  /** The body is over; true when the expression was found in it. */
  end(): boolean {
    if (!this.#found) this.#look(true);
    return this.#found;
  }

  #append(data: Uint8Array): void {
    if (!this.#isUnicode) {
      this.#text += latin1(data);
      return;
    }
    const bytes = new Uint8Array(this.#cut.length + data.length);
    bytes.set(this.#cut);
    bytes.set(data, this.#cut.length);
    const end = wholeCharacters(bytes);
    this.#cut = bytes.slice(end);
    this.#text += new TextDecoder().decode(bytes.subarray(0, end));
  }

  #look(isLast: boolean): void {
    const { minOffset, maxOffset, seesEnd } = this.#config;
    // The first character of a later window is there for `^` and for what looks behind.
    const from = Math.max(this.#base === 0 ? 0 : 1, minOffset - this.#base);
    this.#regex.lastIndex = from;
    const match = from <= this.#text.length ? this.#regex.exec(this.#text) : null;
    if (match !== null) {
      const isInTime = maxOffset === null || this.#base + match.index <= maxOffset;
      // At the end of a window it is not known yet what follows.
      const follows = this.#text.length - match.index - match[0].length;
      const isSure = isLast || !seesEnd || follows >= AHEAD;
      if (isInTime && isSure) {
        this.#found = true;
        this.#text = '';
        return;
      }
    }
    const gone = Math.max(0, this.#text.length - CARRY - 1);
    this.#text = this.#text.slice(gone);
    this.#base += gone;
  }
}

/** How many of the bytes are whole characters of UTF-8. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
