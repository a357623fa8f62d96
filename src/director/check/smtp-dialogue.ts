// The words of an SMTP client that only wants to know whether somebody is there (RFC 5321): greeting, HELO, QUIT.
import type { Dialogue, Reaction } from './dialogue.ts';

/** What each reply must say and what is said next; keepalived asks for no code of the farewell. */
const STEPS = [
  { what: 'the greeting', code: '220' },
  { what: 'the answer to HELO', code: '250' },
  { what: 'the answer to QUIT', code: null },
] as const;

export class SmtpDialogue implements Dialogue {
  readonly #helo: string;
  #step = 0;

  /** `helo` is the name that the client gives itself: a domain, or an address in brackets. */
  constructor(helo: string) {
    this.#helo = helo;
  }

  take(line: string): Reaction {
    const { what, code } = STEPS[this.#step]!;
    const match = /^(\d{3})(?:([ -]).*)?$/.exec(line);
    if (match === null) return { end: { ok: false, reason: `${what} is not SMTP` } };
    if (code !== null && match[1] !== code) return { end: { ok: false, reason: `${what} is ${match[1]}` } };
    if (match[2] === '-') return null;
    this.#step++;
    if (this.#step === 1) return { say: `HELO ${this.#helo}\r\n` };
    if (this.#step === 2) return { say: 'QUIT\r\n' };
    return { end: { ok: true, reason: 'greets and takes HELO' } };
  }
}
