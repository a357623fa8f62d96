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
import {
  type FilterInstruction,
  isSystemError,
  type Platform,
  type Socket,
  type Timer,
} from '../platform/platform.ts';
import { NetlinkError } from './errors.ts';
import { Exchange, type ExchangeKind, type Listener } from './exchange.ts';
import { type Message, NLMSG_NOOP, readMessages } from './reader.ts';
import { concatenate } from './request.ts';

/** Exchanges in flight at most, so that their acknowledgements always fit into the receive buffer. */
const WINDOW = 32;
/** Bytes in one datagram to the kernel, but for a single exchange that is larger. */
const DATAGRAM = 16_384;
/** Datagrams read before other work of the process gets its turn. */
const READS = 64;

export interface NetlinkOptions {
  /** Bit mask of multicast groups: bit n-1 is group n. */
  readonly groups?: number;
  /** Called with each notification; the message is valid during the call only. */
  readonly onNotification?: (message: Message) => void;
  /** Drops what is of no interest before it wakes this process. It sees answers too. */
  readonly filter?: readonly FilterInstruction[];
  /** Notifications were lost: what they tell about must be read anew. */
  readonly onOverrun?: () => void;
  /** Milliseconds until an answer counts as lost; 5,000 unless told. */
  readonly timeout?: number;
  /** SO_RCVBUF in bytes; 131,072 unless told. */
  readonly receiveBuffer?: number;
}

export type Done<T> = (error: NetlinkError | null, results: T[]) => void;

export class NetlinkConnection {
  readonly #platform: Platform;
  readonly #socket: Socket;
  readonly #options: NetlinkOptions;
  readonly #queue: Exchange[] = [];
  /** In the order they were sent. */
  readonly #flying: Exchange[] = [];
  /** Exchanges that ended in the datagram being read; told when its bytes are no longer needed. */
  #ended: Exchange[] = [];
  #sequence = 1;
  #timer: Timer | null = null;
  #closed: NetlinkError | null = null;

  /** `protocol` is NETLINK_ROUTE, NETLINK_GENERIC or NETLINK_NETFILTER. Throws a SystemError. */
  static open(platform: Platform, protocol: number, options: NetlinkOptions = {}): NetlinkConnection {
    const socket = platform.socket(AF_NETLINK, SOCK_RAW, protocol);
    try {
      socket.setOption(SOL_SOCKET, SO_RCVBUF, options.receiveBuffer ?? 131_072);
      socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
      socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
      if (options.filter) socket.attachFilter(options.filter);
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
    this.#begin('single', [request], { onEnd: ({ error }) => done(error) });
  }

  /**
   * Sends a request that is answered with data, a dump if it carries NLM_F_DUMP. `decode` sees each message of the answer
   * during the call only and returns null for what is of no interest.
   */
  ask<T>(request: Uint8Array, decode: (message: Message) => T | null, done: Done<T>): void {
    const results: T[] = [];
    this.#begin('single', [request], {
      onReply(message) {
        const result = decode(message);
        if (result !== null) results.push(result);
      },
      onRestart() {
        results.length = 0;
      },
      onEnd: ({ error }) => done(error, results),
    });
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
   * Sends requests in one datagram, which costs one answer and not one each. The kernel works them off in order and goes on
   * behind one that it refuses. Resolves to what became of each, null being success; at most some 16 KiB of them.
   */
  series(requests: readonly Uint8Array[]): Promise<(NetlinkError | null)[]> {
    return new Promise(resolve => this.postSeries(requests, resolve));
  }

  /** `series` with a callback instead of a promise. */
  postSeries(requests: readonly Uint8Array[], done: (results: (NetlinkError | null)[]) => void): void {
    if (requests.length === 0) {
      done([]);
      return;
    }
    this.#begin('series', requests, {
      onEnd: exchange => done(requests.map((_request, position) => exchange.refusal(position))),
    });
  }

  /** Reads what has arrived, without waiting for the loop: rtnetlink answers a request while it is being sent. */
  drain(): void {
    this.#readable();
  }

  /**
   * Sends `requests` in one datagram between the begin and the end message of a batch (nfnetlink): all take effect or none.
   * Rejects with the NetlinkError of the first that was refused.
   */
  transaction(begin: Uint8Array, requests: readonly Uint8Array[], end: Uint8Array): Promise<void> {
    if (requests.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#begin('transaction', [begin, ...requests, end], {
        onEnd: ({ error }) => (error ? reject(error) : resolve()),
      });
    });
  }

  /** What is under way ends with the error `ECANCELED`. */
  close(): void {
    this.#shut(new NetlinkError('ECANCELED', 'connection closed'));
  }

  #begin(kind: ExchangeKind, messages: readonly Uint8Array[], listener: Listener): void {
    const exchange = new Exchange(kind, messages, listener);
    if (this.#closed) {
      exchange.failure = this.#closed;
      this.#platform.soon(() => listener.onEnd(exchange));
      return;
    }
    this.#queue.push(exchange);
    this.#pump();
  }

  /** Sends what waits, as far as the window allows. */
  #pump(): void {
    while (this.#queue.length > 0 && this.#flying.length < WINDOW) {
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      try {
        const messages = batch.length === 1 ? batch[0]!.messages : batch.flatMap(each => each.messages);
        if (this.#socket.send(concatenate(messages)) === null) {
          throw new NetlinkError('EAGAIN', 'the kernel takes no message now');
        }
      } catch (error) {
        const failure = isSystemError(error) ? new NetlinkError(error.code, error.message) : error;
        if (!(failure instanceof NetlinkError)) throw failure;
        for (const exchange of batch) this.#fail(exchange, failure);
        this.#platform.soon(() => this.#tell());
      }
    }
    this.#watch();
  }

  /** Takes from the queue what goes into one datagram, ready to be sent. */
  #nextBatch(): Exchange[] {
    const batch: Exchange[] = [];
    const deadline = this.#platform.clock.monotonic() + (this.#options.timeout ?? 5000);
    let size = 0;
    while (this.#queue.length > 0 && this.#flying.length < WINDOW) {
      const exchange = this.#queue[0]!;
      // The kernel runs one dump per socket at a time and answers EBUSY to a second one.
      if (exchange.isDump && this.#flying.some(({ isDump }) => isDump)) break;
      if (batch.length > 0 && (exchange.isAlone || size + exchange.size > DATAGRAM)) break;
      this.#queue.shift();
      size += exchange.size;
      // The numbers of one exchange are consecutive, and 0 is what notifications carry.
      if (this.#sequence + exchange.messages.length > 0xffff_ffff) this.#sequence = 1;
      exchange.stamp(this.#sequence);
      exchange.deadline = deadline;
      this.#sequence += exchange.messages.length;
      this.#flying.push(exchange);
      batch.push(exchange);
      if (exchange.isAlone) break;
    }
    return batch;
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
    const exchange = this.#flying.find(candidate => candidate.covers(message.sequence));
    const progress = exchange?.take(message) ?? 'more';
    if (exchange === undefined || progress === 'more') return;
    this.#land(exchange);
    if (progress === 'again') this.#queue.unshift(exchange);
    else this.#ended.push(exchange);
  }

  #trouble(error: unknown): void {
    if (error instanceof NetlinkError && error.code === 'EBADMSG') {
      // Which request the broken message belonged to is unknown.
      this.#failAll(error);
    } else if ((error instanceof NetlinkError || isSystemError(error)) && error.code === 'ENOBUFS') {
      this.#failAll(new NetlinkError('ENOBUFS', 'answers were lost: the socket overflowed'));
      this.#options.onOverrun?.();
    } else if (isSystemError(error)) {
      this.#shut(new NetlinkError(error.code, error.message));
    } else {
      throw error;
    }
  }

  #failAll(error: NetlinkError): void {
    for (const exchange of [...this.#flying]) this.#fail(exchange, error);
  }

  #fail(exchange: Exchange, error: NetlinkError): void {
    this.#land(exchange);
    exchange.failure = error;
    this.#ended.push(exchange);
  }

  #land(exchange: Exchange): void {
    const position = this.#flying.indexOf(exchange);
    if (position >= 0) this.#flying.splice(position, 1);
  }

  #tell(): void {
    const ended = this.#ended;
    if (ended.length === 0) return;
    this.#ended = [];
    for (const exchange of ended) exchange.listener.onEnd(exchange);
  }

  /** Keeps one timer on the oldest exchange in flight. */
  #watch(): void {
    const oldest = this.#flying[0];
    if (this.#timer || oldest === undefined) return;
    const wait = Math.max(0, oldest.deadline - this.#platform.clock.monotonic());
    this.#timer = this.#platform.after(wait, () => {
      this.#timer = null;
      const now = this.#platform.clock.monotonic();
      for (const exchange of this.#flying.filter(({ deadline }) => deadline <= now)) {
        this.#fail(exchange, new NetlinkError('ETIMEDOUT', 'no answer'));
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
    this.#failAll(error);
    for (const exchange of this.#queue.splice(0)) this.#fail(exchange, error);
    this.#tell();
  }
}
