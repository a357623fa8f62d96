// The Platform of the director's own binary: src/host as objects; its files are in files.ts.
import * as host from 'host';
import { decodeAddress, encodeAddress } from './address.ts';
import { files } from './files.ts';
import { encodeFilter } from './filter.ts';
import { IPPROTO_IPV6, IPV6_RECVHOPLIMIT, SIGCHLD, SO_ERROR, SOL_SOCKET } from './linux.ts';
import {
  type ChildExit,
  type Datagram,
  type FilterInstruction,
  isSystemError,
  type Platform,
  type Processes,
  type Socket,
  type SocketAddress,
  type Timer,
} from './platform.ts';
import { openTls } from './tls.ts';

/** What one `receive` takes at most: the kernel never sends a longer netlink message, and no network here has longer datagrams. */
const RECEIVE_LENGTH = 32768;

let receiveBuffer: Uint8Array | null = null;

function sharedBuffer(): Uint8Array {
  receiveBuffer ??= new Uint8Array(RECEIVE_LENGTH);
  return receiveBuffer;
}

class HostSocket implements Socket {
  readonly fd: number;
  #readable: (() => void) | null = null;
  #writable: (() => void) | null = null;
  #closed = false;
  #wantsHeader = false;

  constructor(fd: number) {
    this.fd = fd;
  }

  bind(address: SocketAddress): void {
    host.bind(this.fd, encodeAddress(address));
  }

  connect(address: SocketAddress): boolean {
    return host.connect(this.fd, encodeAddress(address));
  }

  error(): string | null {
    const value = host.getOption(this.fd, SOL_SOCKET, SO_ERROR, 4);
    const errno = new DataView(value.buffer).getInt32(0, true);
    return errno === 0 ? null : host.errorName(errno);
  }

  listen(backlog: number): void {
    host.listen(this.fd, backlog);
  }

  accept(): Socket | null {
    const accepted = host.accept(this.fd);
    return accepted && new HostSocket(accepted.fd);
  }

  send(data: Uint8Array, to?: SocketAddress): number | null {
    return host.send(this.fd, data, to ? encodeAddress(to) : null);
  }

  receive(): Datagram | null {
    const buffer = sharedBuffer();
    const received = host.receive(this.fd, buffer, this.#wantsHeader);
    if (!received) return null;
    const { hops, destination } = received;
    const header = hops !== undefined && destination !== undefined && { hops, destination };
    return {
      data: buffer.subarray(0, received.length),
      from: decodeAddress(received.address),
      truncated: received.truncated,
      ...(header && { header }),
    };
  }

  setOption(level: number, name: number, value: number | Uint8Array): void {
    host.setOption(this.fd, level, name, typeof value === 'number' ? int32(value) : value);
    if (level === IPPROTO_IPV6 && name === IPV6_RECVHOPLIMIT) this.#wantsHeader = true;
  }

  attachFilter(program: readonly FilterInstruction[]): void {
    host.attachFilter(this.fd, encodeFilter(program));
  }

  ioctl(request: number, argument: Uint8Array): void {
    host.ioctl(this.fd, request, argument);
  }

  localAddress(): SocketAddress {
    const address = decodeAddress(host.localAddress(this.fd));
    if (!address) throw new TypeError(`socket ${this.fd} is of a family without addresses`);
    return address;
  }

  onReadable(callback: (() => void) | null): void {
    this.#readable = callback;
    this.#watch();
  }

  onWritable(callback: (() => void) | null): void {
    this.#writable = callback;
    this.#watch();
  }

  close(): void {
    if (this.#closed) return;
    this.#readable = null;
    this.#writable = null;
    this.#watch();
    this.#closed = true;
    host.close(this.fd);
  }

  #watch(): void {
    if (this.#closed) return;
    const events = (this.#readable ? host.READABLE : 0) | (this.#writable ? host.WRITABLE : 0);
    if (events) host.watch(this.fd, events, this.#ready);
    else host.unwatch(this.fd);
  }

  readonly #ready = (events: number): void => {
    const broken = events & (host.ERROR | host.HANGUP);
    if (events & host.READABLE || broken) this.#readable?.();
    if (events & host.WRITABLE || broken) this.#writable?.();
  };
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

function createProcesses(): Processes {
  const exitCallbacks: ((exit: ChildExit) => void)[] = [];
  const signalCallbacks = new Map<number, (() => void)[]>();

  function onSignal(signal: number, callback: () => void): void {
    const callbacks = signalCallbacks.get(signal);
    if (callbacks) {
      callbacks.push(callback);
      return;
    }
    signalCallbacks.set(signal, [callback]);
    host.onSignals([...signalCallbacks.keys()], arrived => {
      for (const each of signalCallbacks.get(arrived) ?? []) each();
    });
  }

  function reapAll(): void {
    for (let exit = host.reap(); exit; exit = host.reap()) {
      for (const callback of exitCallbacks) callback(exit);
    }
  }

  let reaping = false;
  // Also without anybody who asks for exits: an ended child must not stay a zombie.
  function startReaping(): void {
    if (reaping) return;
    reaping = true;
    onSignal(SIGCHLD, reapAll);
  }

  return {
    pid: host.pid,
    args: host.args.slice(1),
    environment: host.environment,
    spawn(program, args, descriptors, environment, account) {
      startReaping();
      return host.spawn(
        program,
        [...args],
        environment ? [...environment] : null,
        [...descriptors],
        account ? [account.user, account.group] : null,
      );
    },
    kill: host.kill,
    onExit(callback) {
      exitCallbacks.push(callback);
      startReaping();
    },
    onSignal,
    pair() {
      const [ours, theirs] = host.socketPair();
      return { socket: new HostSocket(ours), childFd: theirs, release: () => host.close(theirs) };
    },
    inherited(fd) {
      host.inherit(fd);
      return new HostSocket(fd);
    },
    setName: host.setName,
    dieWithParent: host.dieWithParent,
    lockMemory: host.lockMemory,
    setRealTimePriority: host.setRealTimePriority,
    setHostName: host.setHostName,
    exit: host.exit,
  };
}

/** The platform of this process; made once, by its script. */
export function createPlatform(): Platform {
  return {
    clock: { monotonic: host.monotonic, wall: host.wallClock, setWall: host.setWallClock },
    files,
    processes: createProcesses(),
    after(milliseconds: number, callback: () => void): Timer {
      const id = host.setTimer(milliseconds, callback);
      return { cancel: () => host.clearTimer(id) };
    },
    soon: queueMicrotask,
    within: host.within,
    socket: (family, type, protocol) => new HostSocket(host.socket(family, type, protocol)),
    tls: (socket, options) => openTls(socket.fd, options, sharedBuffer),
    deriveKey: host.deriveKey,
    database: host.openDatabase,
    random: host.random,
    neverWaitForOutput: host.neverWaitForOutput,
    print: text => host.print(1, text),
    printError(text) {
      try {
        host.print(2, text);
      } catch (error) {
        // A log that nobody takes is no reason to stop serving.
        if (!isSystemError(error)) throw error;
      }
    },
  };
}
