// A conversation in messages of bytes: each says how long it is, and may be answered.
import type { CheckResult } from './state.ts';
import type { Talker, Turn } from './talk.ts';

/** Bytes of a message that are waited for, and messages altogether: no server of good will says more. */
const LONGEST_MESSAGE = 16_384;
const MOST_MESSAGES = 200;

export interface MessageDialogue {
  /** Of the protocol, for people. */
  readonly protocol: string;
  /** What is said first, and again once TLS has begun; null when the server speaks first. */
  open(): Uint8Array | null;
  /** Bytes of the message that `head` begins with; null: more of it is needed to tell; 0: it is none of this protocol. */
  lengthOf(head: Uint8Array): number | null;
  /** Takes the next message as a whole, a view that is valid until this returns. */
  take(message: Uint8Array): Turn;
}

/** A dialogue as a talker. */
export class MessageTalker implements Talker {
  readonly #dialogue: MessageDialogue;
  #heard: Uint8Array = new Uint8Array(0);
  #messages = 0;

  constructor(dialogue: MessageDialogue) {
    this.#dialogue = dialogue;
  }

  begin(): Turn {
    const say = this.#dialogue.open();
    return say === null ? null : { say };
  }

  encrypted(): Turn {
    return this.begin();
  }

  take(data: Uint8Array): Turn {
    const heard = this.#heard.length === 0 ? data : joined([this.#heard, data]);
    const said: Uint8Array[] = [];
    let at = 0;
    while (at < heard.length) {
      const rest = heard.subarray(at);
      const length = this.#dialogue.lengthOf(rest);
      if (length === 0) return failure(`the answer is not ${this.#dialogue.protocol}`);
      if ((length ?? rest.length) > LONGEST_MESSAGE) {
        return failure(`a message is longer than ${LONGEST_MESSAGE} bytes`);
      }
      if (length === null || length > rest.length) break;
      if (++this.#messages > MOST_MESSAGES) return failure(`more than ${MOST_MESSAGES} messages`);
      at += length;
      const turn = this.#dialogue.take(rest.subarray(0, length));
      if (turn === null) continue;
      if (turn.say !== undefined) said.push(turn.say);
      if (turn.encrypt && at < heard.length) return failure('more is said before TLS begins');
      if (turn.encrypt) return { say: joined(said), encrypt: true };
      if (turn.end !== undefined) return { say: joined(said), end: turn.end };
    }
    // A copy: the bytes are those of a buffer that everybody receives into.
    this.#heard = heard.slice(at);
    return said.length === 0 ? null : { say: joined(said) };
  }

  close(): CheckResult {
    return { ok: false, reason: 'closed within the conversation' };
  }
}

function failure(reason: string): { readonly end: CheckResult } {
  return { end: { ok: false, reason } };
}

/** The parts one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
