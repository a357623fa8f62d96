// What comes of the responses to an OPTIONS request. Pure.
import type { SocketAddress } from '../../platform/platform.ts';
import type { StatusRange } from '../config/config.ts';
import { readSip, type SipQuestion, type SipResponse, sipOptions } from './sip-message.ts';
import type { CheckResult } from './state.ts';
import type { Talker, Turn } from './talk.ts';

/** Null for a response that says only that a further one follows (section 21.1). */
export function judgeSip({ status }: SipResponse, wanted: readonly StatusRange[]): CheckResult | null {
  if (status < 200) return null;
  const ok = wanted.some(({ from, to }) => status >= from && status <= to);
  return { ok, reason: `status ${status}` };
}

/** Over a connection, where responses follow each other. */
export class SipTalker implements Talker {
  readonly #question: SipQuestion;
  readonly #from: SocketAddress;
  readonly #wanted: readonly StatusRange[];
  #text = '';

  constructor(question: SipQuestion, from: SocketAddress, wanted: readonly StatusRange[]) {
    this.#question = question;
    this.#from = from;
    this.#wanted = wanted;
  }

  begin(): Turn {
    return { say: new TextEncoder().encode(sipOptions(this.#question, this.#from)) };
  }

  take(data: Uint8Array): Turn {
    for (let at = 0; at < data.length; at += 4096) {
      this.#text += String.fromCharCode(...data.subarray(at, at + 4096));
    }
    for (;;) {
      // Ends of lines between messages keep a connection alive (RFC 5626 section 3.5.1).
      this.#text = this.#text.replace(/^[\r\n]+/, '');
      const response = readSip(this.#text, this.#question.token, false);
      if (response === 'more') return null;
      if (response === 'other') return { end: { ok: false, reason: 'the answer is no response to OPTIONS' } };
      const end = judgeSip(response, this.#wanted);
      if (end !== null) return { end };
      this.#text = this.#text.slice(response.length);
    }
  }

  close(): CheckResult {
    return { ok: false, reason: `closed: ${this.waiting()}` };
  }

  waiting(): string {
    return 'waiting for the response to OPTIONS';
  }
}
