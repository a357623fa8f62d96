// A netlink socket: requests go out in bounded batches, answers come back to who asked, notifications to one listener.
import {
  AF_NETLINK,
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  SO_RCVBUF,
  SOCK_RAW,
  SOL_NETLINK,
  SOL_SOCKET,
} from '../platform/linux.ts';
import { isSystemError, type Platform, type Socket, type Timer } from '../platform/platform.ts';
import { acknowledgement, dumpResult } from './acknowledgement.ts';
import { NetlinkError } from './errors.ts';
import { type Message, NLMSG_DONE, NLMSG_ERROR, NLMSG_NOOP, readMessages } from './reader.ts';
import { concatenate, isDump, requestAcknowledgement, setSequence } from './request.ts';
import { NLM_F_DUMP_INTR, NLM_F_MULTI } from './writer.ts';

/** Messages in flight at most, so that their acknowledgements always fit into the receive buffer. */
const WINDOW = 32;
/** Bytes in one datagram to the kernel, but for a single message or transaction that is larger. */
const DATAGRAM = 16_384;
/** Datagrams read before other work of the process gets its turn. */
const READS = 64;
/** How often a dump that was changed under way is asked for again. */
const DUMP_TRIES = 5;

export interface NetlinkOptions {
  /** Bit mask of multicast groups: bit n-1 is group n. */
  readonly groups?: number;
  /** Called with each notification; the message is valid during the call only. */
  readonly onNotification?: (message: Message) => void;
  /** Notifications were lost: what they tell about must be read anew. */
  readonly onOverrun?: () => void;
  /** Milliseconds until an answer counts as lost; 5,000 unless told. */
  readonly timeout?: number;
  /** SO_RCVBUF in bytes; 131,072 unless told. */
  readonly receiveBuffer?: number;
}

export type Done<T> = (error: NetlinkError | null, results: T[]) => void;

interface Entry {
  /** One message, or the messages of a transaction in order. */
  readonly messages: readonly Uint8Array[];
  readonly dump: boolean;
  readonly onReply: (message: Message) => void;
  /** Forgets what `onReply` gathered: the dump starts again. */
  readonly restart: () => void;
  readonly done: (error: NetlinkError | null) => void;
  first: number;
  awaiting: number;
  error: NetlinkError | null;
  interrupted: boolean;
  tries: number;
  deadline: number;
}

export class NetlinkConnection {
  readonly #platform: Platform;
  readonly #socket: Socket;
  readonly #options: NetlinkOptions;
  readonly #queue: Entry[] = [];
  readonly #flying = new Map<number, Entry>();
  /** Entries that ended in the datagram being read; told when its bytes are no longer needed. */
  #ended: Entry[] = [];
  #sequence = 1;
  #dumping = false;
  #timer: Timer | null = null;
  #closed: NetlinkError | null = null;

  /** `protocol` is NETLINK_ROUTE, NETLINK_GENERIC or NETLINK_NETFILTER. Throws a SystemError. */
  static open(platform: Platform, protocol: number, options: NetlinkOptions = {}): NetlinkConnection {
    const socket = platform.socket(AF_NETLINK, SOCK_RAW, protocol);
    try {
      socket.setOption(SOL_SOCKET, SO_RCVBUF, options.receiveBuffer ?? 131_072);
      socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
      socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
      socket.bind({ family: 'netlink', port: 0, groups: options.groups ?? 0 });
    } catch (error) {
      socket.close();
      throw error;
    }
    return new NetlinkConnection(platform, socket, options);
  }

  private constructor(platform: Platform, socket: Socket, options: NetlinkOptions) {
    this.#platform = platform;
    this.#socket = socket;
    this.#options = options;
    socket.onReadable(() => this.#readable());
  }

  /** Sends a request and tells its result. The kernel has acted when this returns, unless the window was full. */
  post(request: Uint8Array, done: (error: NetlinkError | null) => void): void {
    this.#enqueue(
      [request],
      () => {},
      () => {},
      done,
    );
  }

  /**
   * Sends a request that is answered with data, a dump if it carries NLM_F_DUMP. `decode` sees each message of the answer
   * during the call only and returns null for what is of no interest.
   */
  ask<T>(request: Uint8Array, decode: (message: Message) => T | null, done: Done<T>): void {
    const results: T[] = [];
    this.#enqueue(
      [request],
      message => {
        const result = decode(message);
        if (result !== null) results.push(result);
      },
      () => {
        results.length = 0;
      },
      error => done(error, results),
    );
  }

  /** `post` as a promise; rejects with a NetlinkError. */
  request(request: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.post(request, error => (error ? reject(error) : resolve()));
    });
  }

  /** `ask` as a promise; rejects with a NetlinkError. */
  query<T>(request: Uint8Array, decode: (message: Message) => T | null): Promise<T[]> {
    return new Promise((resolve, reject) => {
      this.ask(request, decode, (error, results) => (error ? reject(error) : resolve(results)));
    });
  }

  /**
   * Sends `messages` in one datagram between the begin and the end message of a batch (nfnetlink): all take effect or none.
   * Rejects with the NetlinkError of the first that was refused.
   */
  transaction(begin: Uint8Array, messages: readonly Uint8Array[], end: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue(
        [begin, ...messages, end],
        () => {},
        () => {},
        error => (error ? reject(error) : resolve()),
      );
    });
  }

  /** What is under way ends with the error `ECANCELED`. */
  close(): void {
    this.#shut(new NetlinkError('ECANCELED', 'connection closed'));
  }

  #enqueue(
    messages: readonly Uint8Array[],
    onReply: (message: Message) => void,
    restart: () => void,
    done: (error: NetlinkError | null) => void,
  ): void {
    if (this.#closed) {
      const error = this.#closed;
      this.#platform.soon(() => done(error));
      return;
    }
    const dump = messages.length === 1 && isDump(messages[0]!);
    this.#queue.push({
      messages,
      dump,
      onReply,
      restart,
      done,
      first: 0,
      awaiting: 0,
      error: null,
      interrupted: false,
      tries: 0,
      deadline: 0,
    });
    this.#pump();
  }

  /** Sends what waits, as far as the window allows. */
  #pump(): void {
    while (this.#queue.length > 0 && this.#flying.size < WINDOW) {
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      for (const entry of batch) this.#launch(entry);
      try {
        if (this.#socket.send(concatenate(batch.flatMap(entry => entry.messages))) === null) {
          throw new NetlinkError('EAGAIN', 'the kernel takes no message now');
        }
      } catch (error) {
        const failure = isSystemError(error) ? new NetlinkError(error.code, error.message) : error;
        if (!(failure instanceof NetlinkError)) throw failure;
        for (const entry of batch) this.#end(entry, failure);
        this.#platform.soon(() => this.#tell());
      }
    }
    this.#watch();
  }

  /** Takes from the queue what goes into one datagram: several plain requests, or one dump, or one transaction. */
  #nextBatch(): Entry[] {
    const batch: Entry[] = [];
    let size = 0;
    while (this.#queue.length > 0 && this.#flying.size + batch.length < WINDOW) {
      const entry = this.#queue[0]!;
      const alone = entry.dump || entry.messages.length > 1;
      // The kernel runs one dump per socket at a time and answers EBUSY to a second one.
      if (entry.dump && this.#dumping) break;
      if (batch.length > 0 && (alone || size + entry.messages[0]!.length > DATAGRAM)) break;
      this.#queue.shift();
      batch.push(entry);
      size += entry.messages[0]!.length;
      if (alone) break;
    }
    return batch;
  }

  #launch(entry: Entry): void {
    // The numbers of one entry are consecutive, and 0 is what notifications carry.
    if (this.#sequence + entry.messages.length > 0xffff_ffff) this.#sequence = 1;
    entry.first = this.#sequence;
    entry.awaiting = Math.max(1, entry.messages.length - 2);
    entry.deadline = this.#platform.clock.monotonic() + (this.#options.timeout ?? 5000);
    entry.tries += 1;
    entry.interrupted = false;
    if (entry.dump) this.#dumping = true;
    entry.messages.forEach((message, position) => {
      setSequence(message, this.#sequence);
      // The ends of a batch are not acknowledged by every kernel; what is between them is.
      const end = entry.messages.length > 1 && (position === 0 || position === entry.messages.length - 1);
      if (!entry.dump && !end) requestAcknowledgement(message);
      this.#flying.set(this.#sequence, entry);
      this.#sequence += 1;
    });
  }

  #readable(): void {
    for (let reads = 0; reads < READS && !this.#closed; reads += 1) {
      try {
        const datagram = this.#socket.receive();
        if (datagram === null) break;
        const from = datagram.from;
        // Only the kernel, port 0, is believed: any process may send to this socket.
        if (from === null || from.family !== 'netlink' || from.port !== 0) continue;
        if (datagram.truncated) throw new NetlinkError('ENOBUFS', 'message longer than the buffer');
        readMessages(datagram.data, message => this.#take(message, from.groups !== 0));
      } catch (error) {
        this.#trouble(error);
      }
      this.#tell();
    }
    if (!this.#closed) this.#pump();
  }

  #take(message: Message, multicast: boolean): void {
    if (message.type === NLMSG_NOOP) return;
    // A notification repeats the sequence number of the request that caused it; only the group tells them apart.
    if (multicast) {
      this.#options.onNotification?.(message);
      return;
    }
    const entry = this.#flying.get(message.sequence);
    if (entry === undefined) return;
    if (message.flags & NLM_F_DUMP_INTR && message.flags & NLM_F_MULTI) entry.interrupted = true;
    if (message.type === NLMSG_ERROR) {
      const error = acknowledgement(message);
      entry.error ??= error;
      entry.awaiting -= 1;
      // An error of the first message of a batch is about the whole of it.
      if (entry.awaiting === 0 || (error && message.sequence === entry.first)) this.#end(entry, entry.error);
    } else if (message.type === NLMSG_DONE) {
      this.#endDump(entry, dumpResult(message));
    } else {
      entry.onReply(message);
    }
  }

  #endDump(entry: Entry, error: NetlinkError | null): void {
    if (error || !entry.interrupted) {
      this.#end(entry, error);
    } else if (entry.tries >= DUMP_TRIES) {
      this.#end(entry, new NetlinkError('EINTR', 'changed each time it was read'));
    } else {
      this.#land(entry);
      entry.restart();
      this.#queue.unshift(entry);
    }
  }

  #trouble(error: unknown): void {
    if (error instanceof NetlinkError && error.code === 'EBADMSG') {
      // Which request the broken message belonged to is unknown.
      this.#endAll(error);
    } else if ((error instanceof NetlinkError || isSystemError(error)) && error.code === 'ENOBUFS') {
      this.#endAll(new NetlinkError('ENOBUFS', 'answers were lost: the socket overflowed'));
      this.#options.onOverrun?.();
    } else if (isSystemError(error)) {
      this.#shut(new NetlinkError(error.code, error.message));
    } else {
      throw error;
    }
  }

  #endAll(error: NetlinkError): void {
    for (const entry of new Set(this.#flying.values())) this.#end(entry, error);
  }

  #end(entry: Entry, error: NetlinkError | null): void {
    this.#land(entry);
    entry.error = error;
    this.#ended.push(entry);
  }

  #land(entry: Entry): void {
    entry.messages.forEach((_message, position) => {
      this.#flying.delete(entry.first + position);
    });
    if (entry.dump) this.#dumping = false;
  }

  #tell(): void {
    const ended = this.#ended;
    if (ended.length === 0) return;
    this.#ended = [];
    for (const entry of ended) entry.done(entry.error);
  }

  /** Keeps one timer on the oldest request in flight. */
  #watch(): void {
    const oldest = this.#flying.values().next();
    if (this.#timer || oldest.done) return;
    const wait = Math.max(0, oldest.value.deadline - this.#platform.clock.monotonic());
    this.#timer = this.#platform.after(wait, () => {
      this.#timer = null;
      const now = this.#platform.clock.monotonic();
      for (const entry of new Set(this.#flying.values())) {
        if (entry.deadline <= now) this.#end(entry, new NetlinkError('ETIMEDOUT', 'no answer'));
      }
      this.#tell();
      if (!this.#closed) this.#pump();
    });
  }

  #shut(error: NetlinkError): void {
    if (this.#closed) return;
    this.#closed = error;
    this.#timer?.cancel();
    this.#socket.onReadable(null);
    this.#socket.close();
    this.#endAll(error);
    for (const entry of this.#queue.splice(0)) this.#end(entry, error);
    this.#tell();
  }
}
