// A socket without a kernel: what is sent is kept or handed to a simulated network, what arrives is delivered by the test.
import { systemError } from './fake-error.ts';
import type { Datagram, FilterInstruction, ReceivedHeader, Socket, SocketAddress } from './platform.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a socket was given to send. */
export interface Sent {
  readonly data: Uint8Array;
  readonly to: SocketAddress | null;
}

export class FakeSocket implements Socket {
  readonly fd: number;
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
  /** Everything sent and not taken by `onSend`. */
  readonly sent: Sent[] = [];
  /** setsockopt calls in their order. */
  readonly options: { level: number; name: number; value: number | Uint8Array }[] = [];
  /** What was attached last; it filters nothing here. */
  filter: readonly FilterInstruction[] | null = null;
  /** Answers `ioctl`; without it every request is refused with ENOTTY. */
  onIoctl: ((request: number, argument: Uint8Array) => void) | null = null;
  bound: SocketAddress | null = null;
  connectedTo: SocketAddress | null = null;
  listening = false;
  closed = false;
  /** Where a simulated network takes what is sent. */
  onSend: ((sent: Sent) => void) | null = null;
  onClose: (() => void) | null = null;
  /** While true nothing can be sent: `send` returns null. */
  blocked = false;
  /** What `connect` does: succeed at once, wait for `connected` or `refused`, or throw this errno. */
  connecting: 'at once' | 'waits' | `E${string}` = 'waits';
  #error: string | null = null;
  #pending = false;
  #hungUp = false;
  readonly #waiting: Datagram[] = [];
  readonly #callers: FakeSocket[] = [];
  #readable: (() => void) | null = null;
  #writable: (() => void) | null = null;
  #scheduled = false;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock, fd: number, family: number, type: number, protocol: number) {
    this.#clock = clock;
    this.fd = fd;
    this.family = family;
    this.type = type;
    this.protocol = protocol;
  }

  // What a test does ---------------------------------------------------------------------------------------

  /** A datagram, or a piece of a stream, arrives. */
  deliver(
    data: Uint8Array,
    from: SocketAddress | null = null,
    truncated = false,
    header?: ReceivedHeader,
  ): void {
    if (this.closed) return;
    this.#waiting.push({ data: data.slice(), from, truncated, ...(header && { header }) });
    this.#wake();
  }

  /** The other side closes: everything delivered before can still be received. */
  hangUp(): void {
    this.#hungUp = true;
    this.#wake();
  }

  /** A connect in progress succeeds. */
  connected(): void {
    this.#pending = false;
    this.#wake();
  }

  /** A connect in progress fails with `code`. */
  refused(code = 'ECONNREFUSED'): void {
    this.#error = code;
    this.#pending = false;
    this.#hungUp = true;
    this.#wake();
  }

  /** Somebody connects to this listening socket; `caller` is the end that `accept` returns. */
  offer(caller: FakeSocket): void {
    this.#callers.push(caller);
    this.#wake();
  }

  /** Room to send again. */
  unblock(): void {
    this.blocked = false;
    this.#wake();
  }

  // Socket -------------------------------------------------------------------------------------------------

  bind(address: SocketAddress): void {
    this.#open('bind');
    this.bound = address;
  }

  connect(address: SocketAddress): boolean {
    this.#open('connect');
    if (this.connecting !== 'at once' && this.connecting !== 'waits') {
      throw systemError(this.connecting, 'connect', address.family);
    }
    this.connectedTo = address;
    this.#pending = this.connecting === 'waits';
    return !this.#pending;
  }

  error(): string | null {
    const code = this.#error;
    this.#error = null;
    return code;
  }

  listen(): void {
    this.#open('listen');
    this.listening = true;
  }

  accept(): Socket | null {
    this.#open('accept');
    return this.#callers.shift() ?? null;
  }

  send(data: Uint8Array, to?: SocketAddress): number | null {
    this.#open('send');
    if (this.#error) throw systemError(this.error() ?? '', 'send', String(this.fd));
    if (this.blocked || this.#pending) return null;
    const sent: Sent = { data: data.slice(), to: to ?? null };
    if (this.onSend) this.onSend(sent);
    else this.sent.push(sent);
    return data.length;
  }

  receive(): Datagram | null {
    this.#open('receive');
    if (this.#error) throw systemError(this.error() ?? '', 'receive', String(this.fd));
    const next = this.#waiting.shift();
    if (next) return next;
    return this.#hungUp ? { data: new Uint8Array(0), from: null, truncated: false } : null;
  }

  setOption(level: number, name: number, value: number | Uint8Array): void {
    this.#open('setsockopt');
    this.options.push({ level, name, value });
  }

  attachFilter(program: readonly FilterInstruction[]): void {
    this.#open('setsockopt');
    this.filter = program;
  }

  ioctl(request: number, argument: Uint8Array): void {
    this.#open('ioctl');
    if (this.onIoctl === null) throw systemError('ENOTTY', 'ioctl', String(this.fd));
    this.onIoctl(request, argument);
  }

  localAddress(): SocketAddress {
    this.#open('getsockname');
    return this.bound ?? { family: 'inet', address: new Uint8Array(4), port: 0 };
  }

  onReadable(callback: (() => void) | null): void {
    this.#readable = callback;
    this.#wake();
  }

  onWritable(callback: (() => void) | null): void {
    this.#writable = callback;
    this.#wake();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#readable = null;
    this.#writable = null;
    this.onClose?.();
  }

  #open(syscall: string): void {
    if (this.closed) throw systemError('EBADF', syscall, String(this.fd));
  }

  // Level-triggered like epoll: as long as a condition holds and somebody waits for it, the callback comes again.
  #wake(): void {
    if (this.#scheduled || !(this.#isReadable() || this.#isWritable())) return;
    this.#scheduled = true;
    this.#clock.soon(() => {
      this.#scheduled = false;
      if (this.#isReadable()) this.#readable?.();
      if (this.#isWritable()) this.#writable?.();
      this.#wake();
    });
  }

  #isReadable(): boolean {
    return this.#readable !== null && (this.#waiting.length + this.#callers.length > 0 || this.#hungUp);
  }

  #isWritable(): boolean {
    return this.#writable !== null && ((!this.blocked && !this.#pending) || this.#hungUp);
  }
}

/** Joins two sockets: what one sends the other receives, and when one closes the other sees it. */
export function join(one: FakeSocket, other: FakeSocket): void {
  one.onSend = ({ data }) => other.deliver(data);
  other.onSend = ({ data }) => one.deliver(data);
  one.onClose = () => other.hangUp();
  other.onClose = () => one.hangUp();
}
