// The one door to the operating system: everything the director asks of Linux, as an interface that a fake can stand in for.
// quickjs.ts implements it on the board over src/host; fake.ts implements it in memory under a virtual clock for the tests.

/** A failed system call: `code` is the symbolic errno (`ENOENT`), `syscall` the call, `argument` what it was given. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly argument: string;
}

/** True for errors the operating system gave, of any of `codes` when some are named. */
export function isSystemError(error: unknown, ...codes: string[]): error is SystemError {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return false;
  return codes.length === 0 || codes.includes(String(error.code));
}

export interface Clock {
  /** Milliseconds since an arbitrary moment; never steps (CLOCK_MONOTONIC). Everything that is timed uses this. */
  monotonic(): number;
  /** Milliseconds since 1970; may step. For people and logs only. */
  wall(): number;
  /** Sets the wall clock, milliseconds since 1970. */
  setWall(milliseconds: number): void;
}

export interface Timer {
  cancel(): void;
}

/** An address of a socket, by family. Addresses are 4 or 16 bytes in network order; `interface` is a kernel index. */
export type SocketAddress =
  | { readonly family: 'inet'; readonly address: Uint8Array; readonly port: number }
  | { readonly family: 'inet6'; readonly address: Uint8Array; readonly port: number; readonly scope: number }
  | { readonly family: 'unix'; readonly path: string }
  | { readonly family: 'netlink'; readonly port: number; readonly groups: number }
  | {
      readonly family: 'packet';
      readonly protocol: number;
      readonly interface: number;
      readonly hardware: Uint8Array;
    };

export interface Datagram {
  /** A view into the socket's receive buffer: valid until the next `receive` of any socket. Copy what must stay. */
  readonly data: Uint8Array;
  readonly from: SocketAddress | null;
  /** True when the datagram was longer than the buffer. */
  readonly truncated: boolean;
  /** What the IPv6 header said, on a socket with IPV6_RECVHOPLIMIT and IPV6_RECVPKTINFO (ipv6(7)). */
  readonly header?: ReceivedHeader;
}

export interface ReceivedHeader {
  /** Hop limit. */
  readonly hops: number;
  readonly destination: Uint8Array;
}

/** An instruction of a socket filter: struct sock_filter of linux/filter.h. */
export type FilterInstruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];

/** A non-blocking socket. Calls throw a SystemError. */
export interface Socket {
  readonly fd: number;
  bind(address: SocketAddress): void;
  /** True when connected at once; false when in progress: wait for writable, then read `error()`. */
  connect(address: SocketAddress): boolean;
  /** SO_ERROR: the symbolic errno of a failed connect, or null. */
  error(): string | null;
  listen(backlog: number): void;
  /** Null when nobody waits. */
  accept(): Socket | null;
  /** Bytes sent, or null when the socket would block. */
  send(data: Uint8Array, to?: SocketAddress): number | null;
  /** Null when nothing waits. On a stream, an empty `data` means that the peer closed. */
  receive(): Datagram | null;
  /** setsockopt(2); a number is passed as a 32-bit int. */
  setOption(level: number, name: number, value: number | Uint8Array): void;
  /** Drops in the kernel what the filter (SO_ATTACH_FILTER, socket(7)) returns 0 for. */
  attachFilter(program: readonly FilterInstruction[]): void;
  /** ioctl(2) with a buffer that is read and written in place (netdevice(7)). */
  ioctl(request: number, argument: Uint8Array): void;
  localAddress(): SocketAddress;
  /** Level-triggered; null stops. Errors and hang-ups call both. */
  onReadable(callback: (() => void) | null): void;
  onWritable(callback: (() => void) | null): void;
  close(): void;
}

/** How to speak TLS as a client. */
export interface TlsOptions {
  /** Server name indication; with `authorities` it has to be in the certificate. Null: none is sent. */
  readonly serverName: string | null;
  /** Null: what both sides have. */
  readonly version: '1.2' | '1.3' | null;
  /** Certificates as PEM, one of which the server's must come from; null: any certificate will do. */
  readonly authorities: string | null;
  /** What `resumption` gave of an earlier session with the same server. */
  readonly resumption: Uint8Array | null;
}

/**
 * TLS over a stream socket. Everything throws a SystemError; the code `EPROTO` says that TLS has failed, and its `argument` how
 * (src/host/host.d.ts, tlsOpen).
 */
export interface TlsSession extends Pick<Socket, 'send' | 'receive'> {
  /** One step of the handshake. `again`: nothing is waited for. A step may take a small board a quarter of a second. */
  handshake(): 'done' | 'again' | 'readable' | 'writable';
  /** What makes the next handshake with this server short, or null; complete when all has been received. */
  resumption(): Uint8Array | null;
  /** The socket stays open. */
  close(): void;
}

export interface FileStatus {
  readonly type: 'file' | 'directory' | 'block' | 'character' | 'link' | 'socket' | 'fifo';
  readonly size: number;
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** An open file or device. */
export interface OpenFile {
  readonly fd: number;
  /** Bytes read; 0 at the end. */
  readAt(into: Uint8Array, position: number): number;
  writeAt(data: Uint8Array, position: number): void;
  /** fsync(2). */
  sync(): void;
  /** ioctl(2) with a buffer that is read and written in place. */
  ioctl(request: number, argument: Uint8Array): number;
  close(): void;
}

/** A FIFO or a terminal. */
export interface Pipe {
  /** Bytes read; null when nothing waits there. */
  read(into: Uint8Array): number | null;
  /** False when there is no room for all of it: then nothing was written. At most 4096 bytes (PIPE_BUF). */
  write(data: Uint8Array): boolean;
  close(): void;
}

/** What a database holds. Numbers are doubles; a column of type INTEGER makes whole ones of them again. */
export type DatabaseValue = string | number | Uint8Array | null;

/** One statement of SQL, which is run with a value for each of its question marks. */
export interface Statement {
  run(...values: DatabaseValue[]): void;
  /** The first row by the names of its columns, or undefined. */
  get(...values: DatabaseValue[]): object | undefined;
  all(...values: DatabaseValue[]): object[];
}

/** A database of SQLite in a file, in the shape of better-sqlite3. Everything throws an Error that says what SQLite says. */
export interface Database {
  /** Runs statements that take no values. */
  exec(statements: string): void;
  prepare(statement: string): Statement;
  close(): void;
}

/** Whom a process runs as, and what a file belongs to. */
export interface Account {
  readonly user: number;
  readonly group: number;
}

export interface Files {
  /** Throws a SystemError (`ENOENT`, ...). */
  readText(path: string): string;
  read(path: string): Uint8Array;
  /** Replaces the file by writing beside it and renaming, so that a reader never sees half of it. */
  replace(path: string, content: string | Uint8Array, mode?: number): void;
  /** Writes into an existing file in place, in one write(2): /proc/sys, /sys. */
  put(path: string, content: string): void;
  /** `poll`: reads; what has nothing to say at the moment has its end there, instead of being waited for. */
  open(path: string, access: 'read' | 'write' | 'read-write' | 'poll'): OpenFile;
  /** The file behind a descriptor that an ioctl gave. */
  adopt(fd: number): OpenFile;
  exists(path: string): boolean;
  status(path: string): FileStatus;
  list(path: string): string[];
  /** Where a symbolic link leads, as it says. */
  readLink(path: string): string;
  makeDirectory(path: string, mode?: number): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  changeMode(path: string, mode: number): void;
  changeOwner(path: string, account: Account): void;
  makeFifo(path: string, mode: number): void;
  /** Opens a FIFO, whether or not somebody reads it: what is written waits in the kernel, up to 64 KiB. A terminal as well. */
  openPipe(path: string): Pipe;
}

export interface ChildExit {
  readonly pid: number;
  /** Exit status, 0..255; meaningful when `signal` is 0. */
  readonly status: number;
  readonly signal: number;
}

export interface Processes {
  readonly pid: number;
  /** argv without the program itself. */
  readonly args: readonly string[];
  environment(name: string): string | null;
  /**
   * Starts the file `program`; PATH is not searched. `args` is the child's whole argv, `args[0]` included: the supervisor starts
   * `/proc/self/exe` as `director: vrrp`. `descriptors[i]` becomes fd i of the child, -1 is /dev/null, it gets no others. Without
   * `environment` (`NAME=value` each) it gets this process's own. With `account` it runs as that user, with that one group, and
   * leads a process group of its own. Returns the child's pid; its end comes to `onExit`.
   */
  spawn(
    program: string,
    args: readonly string[],
    descriptors: readonly number[],
    environment?: readonly string[] | null,
    account?: Account,
  ): number;
  /** A negative pid means the process group of that number. */
  kill(pid: number, signal: number): void;
  /** Calls back for each child that ends. A further callback is added to the earlier ones, here and in `onSignal`. */
  onExit(callback: (exit: ChildExit) => void): void;
  /** Instead of the signal's default action. */
  onSignal(signal: number, callback: () => void): void;
  /** A connected pair of SOCK_SEQPACKET sockets: this side and the fd that a child inherits. `release` closes that fd here. */
  pair(): { readonly socket: Socket; readonly childFd: number; release(): void };
  /** The socket that this process inherited as `fd`. */
  inherited(fd: number): Socket;
  /** What `ps` shows of this process: its name, cut to 15 bytes, and in the place of its arguments. */
  setName(name: string): void;
  dieWithParent(signal: number): void;
  lockMemory(): void;
  /** SCHED_FIFO 1..99, 0 for the ordinary scheduler. */
  setRealTimePriority(priority: number): void;
  setHostName(name: string): void;
  exit(status: number): never;
}

export interface Platform {
  readonly clock: Clock;
  readonly files: Files;
  readonly processes: Processes;
  /** Calls back once after `milliseconds` of monotonic time. */
  after(milliseconds: number, callback: () => void): Timer;
  /** Runs before the loop waits again. */
  soon(callback: () => void): void;
  /**
   * Runs `step`, and breaks it off when it has taken `milliseconds` of the processor: then false, else true. For what others can make
   * endless: the search for a regular expression. What it was working on is to be thrown away then.
   */
  within(milliseconds: number, step: () => void): boolean;
  /** Opens a non-blocking socket; the numbers are those of src/platform/linux.ts. */
  socket(family: number, type: number, protocol: number): Socket;
  /** Begins TLS over a socket that is connected. There is room for 16 sessions. */
  tls(socket: Socket, options: TlsOptions): TlsSession;
  /** PBKDF2 (RFC 8018) by HMAC-SHA-256: 32 bytes. At most 10,000 rounds, which take a small board five seconds. */
  deriveKey(password: Uint8Array, salt: Uint8Array, rounds: number): Uint8Array;
  /** Opens a database, which is made unless it is there: in RAM, as it is never flushed. */
  database(path: string): Database;
  /** Random bytes; never blocks. */
  random(length: number): Uint8Array;
  /** From now on what does not fit on standard output or standard error is lost; before, a slow reader is waited for. */
  neverWaitForOutput(): void;
  /** Standard output and standard error. `printError` never throws. */
  print(text: string): void;
  printError(text: string): void;
}
