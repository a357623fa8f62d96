// A conversation in lines: the server speaks first, and each of its lines may be answered.
import type { CheckResult } from './state.ts';
import type { Talker, Turn } from './talk.ts';

/** Bytes of a line that are waited for, and lines altogether: no server of good will says more. */
const LONGEST_LINE = 2048;
const MOST_LINES = 200;

const LINE_FEED = 10;

/** What follows from a line of the server: say this, it is over (once this is said), or nothing yet. */
export type Reaction = { readonly say?: string; readonly end?: CheckResult } | null;

export interface Dialogue {
  /** Takes the next line, without its end. */
  take(line: string): Reaction;
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
      say += reaction?.say ?? '';
      if (reaction?.end !== undefined) return turn(say, reaction.end);
    }
    return say === '' ? null : turn(say);
  }

  close(): CheckResult {
    return { ok: false, reason: 'closed within the conversation' };
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
