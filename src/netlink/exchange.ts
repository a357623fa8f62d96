// One exchange with the kernel: the messages sent together, and what comes back for them. Pure; the connection moves the bytes.
import { acknowledgement, dumpResult } from './acknowledgement.ts';
import { NetlinkError } from './errors.ts';
import { type Message, NLMSG_DONE, NLMSG_ERROR } from './reader.ts';
import { isDump, requestAcknowledgement, setSequence } from './request.ts';
import { NLM_F_DUMP_INTR, NLM_F_MULTI } from './writer.ts';

/** How often a dump that was changed under way is asked for again. */
const DUMP_TRIES = 5;

/**
 * `single`: one request, be it answered with data or not. `series`: requests that do not depend on each other. `transaction`:
 * the same between the begin and the end of a batch, of which all take effect or none.
 */
export type ExchangeKind = 'single' | 'series' | 'transaction';

/** What an answer does to the exchange: it goes on, has ended, or must be sent again. */
export type Progress = 'more' | 'ended' | 'again';

export interface Listener {
  /** Data; the message is valid during the call only. */
  onReply?(message: Message): void;
  /** What `onReply` was given is void: the dump starts again. */
  onRestart?(): void;
  onEnd(exchange: Exchange): void;
}

export class Exchange {
  readonly messages: readonly Uint8Array[];
  readonly isDump: boolean;
  readonly listener: Listener;
  /** Monotonic milliseconds at which the answer counts as lost. */
  deadline = 0;
  /** Why the exchange as a whole failed. */
  failure: NetlinkError | null = null;
  readonly #kind: ExchangeKind;
  /** Refusals by position in `messages`. */
  readonly #refusals = new Map<number, NetlinkError>();
  /** The position whose answer is the last one: messages are worked off in order, and only refusals are answered unasked. */
  readonly #last: number;
  #first = 0;
  #interrupted = false;
  #tries = 0;

  /** `messages` is not empty, and begins and ends with the batch's own for a transaction. */
  constructor(kind: ExchangeKind, messages: readonly Uint8Array[], listener: Listener) {
    this.messages = messages;
    this.listener = listener;
    this.isDump = kind === 'single' && isDump(messages[0]!);
    this.#kind = kind;
    this.#last = messages.length - (kind === 'transaction' ? 2 : 1);
    if (!this.isDump) requestAcknowledgement(messages[this.#last]!);
  }

  /** True when it must have a datagram to itself. */
  get isAlone(): boolean {
    return this.isDump || this.#kind === 'transaction';
  }

  /** Bytes of all messages. */
  get size(): number {
    let size = 0;
    for (const message of this.messages) size += message.length;
    return size;
  }

  /** Numbers the messages from `sequence` on, as they are about to be sent. */
  stamp(sequence: number): void {
    this.#first = sequence;
    this.#interrupted = false;
    this.#tries += 1;
    let next = sequence;
    for (const message of this.messages) setSequence(message, next++);
  }

  /** True when an answer with that number belongs here. */
  covers(sequence: number): boolean {
    return sequence >= this.#first && sequence < this.#first + this.messages.length;
  }

  /** Throws a NetlinkError when the answer makes no sense. */
  take(message: Message): Progress {
    if (message.flags & NLM_F_DUMP_INTR && message.flags & NLM_F_MULTI) this.#interrupted = true;
    if (message.type === NLMSG_ERROR) return this.#acknowledged(message);
    if (message.type === NLMSG_DONE) return this.#dumped(dumpResult(message));
    this.listener.onReply?.(message);
    return 'more';
  }

  /** What became of the message at that position: null when it took effect. */
  refusal(position: number): NetlinkError | null {
    return this.failure ?? this.#refusals.get(position) ?? null;
  }

  /** The first refusal, or null. */
  get error(): NetlinkError | null {
    return this.failure ?? this.#refusals.values().next().value ?? null;
  }

  #acknowledged(message: Message): Progress {
    const error = acknowledgement(message);
    const position = message.sequence - this.#first;
    if (error !== null) this.#refusals.set(position, error);
    // A refused begin stands for all that follows.
    const whole = error !== null && this.#kind === 'transaction' && position === 0;
    return whole || position === this.#last ? 'ended' : 'more';
  }

  #dumped(error: NetlinkError | null): Progress {
    if (error === null && this.#interrupted) {
      if (this.#tries < DUMP_TRIES) {
        this.listener.onRestart?.();
        return 'again';
      }
      this.failure = new NetlinkError('EINTR', 'changed each time it was read');
    } else {
      this.failure = error;
    }
    return 'ended';
  }
}
