// The conversation of protocols where each word of the client gets one reply with a status: SMTP, FTP, NNTP, POP, IMAP. Pure.
import type { Dialogue, Reaction } from './dialogue.ts';

/** A reply, or the beginning of one that goes on in further lines. */
export interface Reply {
  readonly status: string;
  readonly goesOn: boolean;
}

/** How a protocol writes its replies. */
export interface Grammar {
  /** For people. */
  readonly protocol: string;
  /** Takes a line of the reply to the word number `word`, the greeting being 0. Null: it is none of this protocol. */
  read(line: string, word: number): Reply | null;
}

export interface Word {
  /** What is said, without the end of the line; empty for the greeting, before which nothing is. */
  readonly say: string;
  /** What the reply is called. */
  readonly what: string;
  /** What its status begins with when all is well; null: any will do. */
  readonly wants: readonly string[] | null;
  /** Those of them behind which the words up to the next one that is no `detail` are left out. */
  readonly enough?: readonly string[];
  readonly isDetail?: true;
  /** TLS begins behind the reply. */
  readonly encrypts?: true;
}

export class ReplyDialogue implements Dialogue {
  readonly #grammar: Grammar;
  readonly #words: readonly Word[];
  readonly #up: string;
  readonly #farewell: string;
  #word = 0;

  /** `up` is the reason when all went well, `farewell` what is said then, without waiting for a reply. */
  constructor(grammar: Grammar, words: readonly Word[], up: string, farewell = '') {
    this.#grammar = grammar;
    this.#words = words;
    this.#up = up;
    this.#farewell = farewell;
  }

  take(line: string): Reaction {
    const { what, wants, enough, encrypts } = this.#words[this.#word]!;
    const reply = this.#grammar.read(line, this.#word);
    if (reply === null) return failure(`${what} is not ${this.#grammar.protocol}`);
    const { status, goesOn } = reply;
    const isOne = (statuses: readonly string[]) => statuses.some(each => status.startsWith(each));
    if (wants !== null && !isOne(wants)) return failure(`${what} is ${status}`);
    if (goesOn) return null;
    this.#word++;
    if (enough !== undefined && isOne(enough)) {
      while (this.#words[this.#word]?.isDetail) this.#word++;
    }
    return encrypts ? { encrypt: true } : this.#next();
  }

  encrypted(): Reaction {
    return this.#next();
  }

  waiting(): string {
    return `waiting for ${this.#words[this.#word]?.what ?? 'nothing'}`;
  }

  #next(): Reaction {
    const word = this.#words[this.#word];
    if (word !== undefined) return { say: `${word.say}\r\n` };
    const end = { ok: true, reason: this.#up };
    return this.#farewell === '' ? { end } : { say: `${this.#farewell}\r\n`, end };
  }
}

function failure(reason: string): Reaction {
  return { end: { ok: false, reason } };
}

/** Replies that begin with three digits, and go on in lines that have a minus behind them (RFC 5321 section 4.2). */
export function readCode(line: string): Reply | null {
  const match = /^(\d{3})(?:([ -]).*)?$/.exec(line);
  return match === null ? null : { status: match[1]!, goesOn: match[2] === '-' };
}
