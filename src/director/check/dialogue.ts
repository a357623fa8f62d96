// A conversation in lines: the server speaks first, and each of its lines may be answered.
import type { CheckResult } from './state.ts';
import type { Talker, Turn } from './talk.ts';

/** Bytes of a line that are waited for, and lines altogether: no server of good will says more. */
const LONGEST_LINE = 2048;
const MOST_LINES = 200;

const LINE_FEED = 10;

/** What follows from a line of the server: say this, it is over (once this is said), TLS begins, or nothing yet. */
export type Reaction =
  | { readonly say?: string; readonly end?: CheckResult; readonly encrypt?: undefined }
  | { readonly encrypt: true; readonly say?: undefined; readonly end?: undefined }
  | null;

export interface Dialogue {
  /** Takes the next line, without its end. */
  take(line: string): Reaction;
  /** TLS has begun, as it was told to. */
  encrypted?(): Reaction;
  /** What is being waited for, in words. */
  waiting(): string;
}

/** A dialogue as a talker. */
export class LineTalker implements Talker {
  readonly #dialogue: Dialogue;
  #line = '';
  #lines = 0;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
  }

  begin(): Turn {
    return null;
  }

  take(data: Uint8Array): Turn {
    let say = '';
    for (let at = 0; at < data.length; ) {
      const found = data.indexOf(LINE_FEED, at);
      const stop = found < 0 ? data.length : found;
      if (this.#line.length + stop - at > LONGEST_LINE) {
        return failure(`a line is longer than ${LONGEST_LINE} bytes`);
      }
      this.#line += String.fromCharCode(...data.subarray(at, stop));
      at = stop + 1;
      if (found < 0) break;
      const reaction = this.#takeLine();
      if (reaction?.encrypt) {
        // Whatever comes before TLS may come from anybody (RFC 3207 section 6).
        const isAlone = say === '' && at === data.length;
        return isAlone ? reaction : failure('says more than it is asked before TLS begins');
      }
      say += reaction?.say ?? '';
      if (reaction?.end !== undefined) return turn(say, reaction.end);
    }
    return say === '' ? null : turn(say);
  }

  encrypted(): Turn {
    const reaction = this.#dialogue.encrypted?.() ?? null;
    return reaction === null || reaction.encrypt ? null : turn(reaction.say ?? '', reaction.end);
  }

  close(): CheckResult {
    return { ok: false, reason: `closed: ${this.waiting()}` };
  }

  waiting(): string {
    return this.#dialogue.waiting();
  }

  #takeLine(): Reaction {
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    if (++this.#lines > MOST_LINES) return failure(`more than ${MOST_LINES} lines`);
    return this.#dialogue.take(line);
  }
}

function turn(say: string, end?: CheckResult): Turn {
  return { say: new TextEncoder().encode(say), ...(end !== undefined && { end }) };
}

function failure(reason: string): { readonly end: CheckResult } {
  return { end: { ok: false, reason } };
}
