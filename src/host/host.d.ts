// The native module `host`: what TypeScript cannot reach by itself, one C file per capability in this folder.
// Only src/platform imports it. A failed system call throws a HostError, a wrong argument a TypeError or a RangeError; nothing
// blocks but reads and writes of regular files and block devices, and `print` to a standard output that is slow.

declare module 'host' {
  /** A failed system call. `code` is the symbolic errno (`ENOENT`), `syscall` the call, `argument` what it was given. */
  export interface HostError extends Error {
    readonly code: string;
    readonly syscall: string;
    readonly argument: string;
  }

  // loop.c -------------------------------------------------------------------------------------------------
  /** Bits of `watch` and of its callback; the values of EPOLLIN, EPOLLOUT, EPOLLERR and EPOLLHUP (epoll_ctl(2)). */
  export const READABLE: number;
  export const WRITABLE: number;
  export const ERROR: number;
  export const HANGUP: number;
  /** Calls back whenever one of `events` holds (level triggered); a second call for the same fd replaces the first. */
  export function watch(fd: number, events: number, callback: (events: number) => void): void;
  /** Ends the watch of `fd`, if there is one; `close` does so too. */
  export function unwatch(fd: number): void;
  /**
   * One shot on CLOCK_MONOTONIC after `milliseconds` (fractions count; negative is 0; finite, at most 2^40). Timers fire in the
   * order they are due, those due at the same moment in the order they were set. Returns an id for `clearTimer`, never 0.
   */
  export function setTimer(milliseconds: number, callback: () => void): number;
  /** Does nothing for a timer that has fired or was cleared. */
  export function clearTimer(id: number): void;
  /**
   * Runs `step`, and breaks it off when it has taken `milliseconds` of the processor: then false, else true. Whatever it was at is left
   * as it is, `finally` too; what it throws itself comes out. Not to be nested.
   */
  export function within(milliseconds: number, step: () => void): boolean;
  /** CLOCK_MONOTONIC in milliseconds, with the fraction the clock source gives. */
  export function monotonic(): number;
  /** CLOCK_REALTIME in milliseconds since 1970. */
  export function wallClock(): number;
  /** Sets CLOCK_REALTIME, milliseconds since 1970 (clock_settime(2)). */
  export function setWallClock(milliseconds: number): void;

  // socket.c -----------------------------------------------------------------------------------------------
  /** socket(2), always non-blocking and close-on-exec. */
  export function socket(family: number, type: number, protocol: number): number;
  /** socketpair(AF_UNIX, SOCK_SEQPACKET), both ends non-blocking and close-on-exec. */
  export function socketPair(): [number, number];
  /** Makes a descriptor that came from the parent non-blocking and close-on-exec. */
  export function inherit(fd: number): void;
  /** `address` is a struct sockaddr of the socket's family, as src/platform/address.ts encodes it. */
  export function bind(fd: number, address: Uint8Array): void;
  /**
   * True when connected at once, false when in progress (wait for WRITABLE, then ask SO_ERROR). A unix stream socket whose
   * listener has no room throws EAGAIN.
   */
  export function connect(fd: number, address: Uint8Array): boolean;
  export function listen(fd: number, backlog: number): void;
  /** Null when nobody waits. */
  export function accept(fd: number): { fd: number; address: Uint8Array } | null;
  /** Bytes sent, or null when the socket would block. Never raises SIGPIPE. */
  export function send(fd: number, data: Uint8Array, address: Uint8Array | null): number | null;
  /**
   * Null when nothing waits. `length` bytes are in `into`; `truncated` when the datagram was longer; `address` is empty on a
   * connected stream. On a stream, length 0 means that the peer closed. With `header` also what the IPv6
   * header said, as far as IPV6_RECVHOPLIMIT and IPV6_RECVPKTINFO (ipv6(7)) asked for it.
   */
  export function receive(
    fd: number,
    into: Uint8Array,
    header?: boolean,
  ): {
    length: number;
    truncated: boolean;
    address: Uint8Array;
    hops?: number;
    destination?: Uint8Array;
  } | null;
  export function shutdown(fd: number, how: number): void;
  export function setOption(fd: number, level: number, name: number, value: Uint8Array): void;
  export function getOption(fd: number, level: number, name: number, length: number): Uint8Array;
  export function localAddress(fd: number): Uint8Array;
  /** SO_ATTACH_FILTER (socket(7)): `program` is an array of struct sock_filter, 8 bytes each. */
  export function attachFilter(fd: number, program: Uint8Array): void;

  // file.c -------------------------------------------------------------------------------------------------
  /** open(2) with O_CLOEXEC; the flags are those of <fcntl.h> on i386. */
  export function open(path: string, flags: number, mode: number): number;
  export function close(fd: number): void;
  /** Bytes read into `into`; 0 at the end; null when it would block. `position` -1 reads at the file offset. */
  export function read(fd: number, into: Uint8Array, position: number): number | null;
  /** Bytes written; null when it would block. `position` -1 writes at the file offset. */
  export function write(fd: number, data: Uint8Array, position: number): number | null;
  /** fsync(2). */
  export function sync(fd: number): void;
  /** A whole file of up to 16 MiB, also of /proc and /sys whose size reads 0. */
  export function readFile(path: string): Uint8Array;
  /** stat(2): follows links, so that `type` is never `link`. */
  export function stat(path: string): FileStatus;
  /** The names in a folder, sorted, without `.` and `..`. */
  export function readDirectory(path: string): string[];
  export function readLink(path: string): string;
  export function makeDirectory(path: string, mode: number): void;
  /** unlink(2). */
  export function removeFile(path: string): void;
  export function rename(from: string, to: string): void;
  export function changeMode(path: string, mode: number): void;
  /** mkfifo(3). */
  export function makeFifo(path: string, mode: number): void;
  export function changeOwner(path: string, user: number, group: number): void;
  /** ioctl(2) with a buffer that is read and written in place; returns what ioctl returned. */
  export function ioctl(fd: number, request: number, argument: Uint8Array): number;
  export interface FileStatus {
    readonly type: 'file' | 'directory' | 'block' | 'character' | 'link' | 'socket' | 'fifo';
    readonly size: number;
    readonly mode: number;
    /** Milliseconds since 1970. */
    readonly modified: number;
  }

  // process.c ----------------------------------------------------------------------------------------------
  /** argv of this process. */
  export const args: readonly string[];
  export const pid: number;
  /**
   * Starts the file `program` (vfork and execve; PATH is not searched) and returns its pid. `args` is the child's whole argv, so
   * that `args[0]` may name a role. `environment` is of the form `NAME=value`; null passes on this process's own.
   * `descriptors[i]` becomes fd i of the child, -1 is /dev/null; it gets no others. The child starts with default signal actions, no blocked
   * signals and the ordinary scheduler. With `account` it runs as that user, with that group and no other, and leads a process
   * group of its own. Throws when the program cannot be executed.
   */
  export function spawn(
    program: string,
    args: string[],
    environment: string[] | null,
    descriptors: number[],
    account?: [user: number, group: number] | null,
  ): number;
  /** kill(2); signal 0 asks whether the process exists. */
  export function kill(pid: number, signal: number): void;
  /** A child that ended (waitpid with WNOHANG), or null. `signal` is 0 when it exited by itself. */
  export function reap(): { pid: number; status: number; signal: number } | null;
  /** Calls back for these signals instead of their default action (signalfd(2)). Replaces an earlier set. */
  export function onSignals(signals: number[], callback: (signal: number) => void): void;
  /** prctl(PR_SET_PDEATHSIG): this process gets `signal` when its parent ends. */
  export function dieWithParent(signal: number): void;
  /** mlockall(MCL_CURRENT | MCL_FUTURE). */
  export function lockMemory(): void;
  /** sched_setscheduler(SCHED_FIFO) at 1..99, or SCHED_OTHER at 0. Children do not inherit it. */
  export function setRealTimePriority(priority: number): void;
  /** What ps shows of this process: /proc/PID/comm, cut to 15 bytes, and /proc/PID/cmdline, in the place of the arguments. */
  export function setName(name: string): void;
  export function environment(name: string): string | null;
  export function setHostName(name: string): void;
  /** 0..65536 bytes from the kernel's generator that never blocks (/dev/urandom semantics, getrandom(2) GRND_INSECURE). */
  export function random(length: number): Uint8Array;
  /**
   * Writes to standard output (1) or standard error (2), whole or throws. Waits for a slow reader, or, after
   * `neverWaitForOutput`, throws EAGAIN for one, and the rest of the text is lost.
   */
  export function print(fd: 1 | 2, text: string): void;
  export function neverWaitForOutput(): void;
  /** Ends the process at once. */
  export function exit(status: number): never;
  /** Runs the garbage collector; for moments when nothing is due. */
  export function collectGarbage(): void;

  // tls.c --------------------------------------------------------------------------------------------------
  /**
   * Begins a TLS client's session over the connected stream socket `fd`, which the caller closes after it. `serverName` is sent
   * (SNI; empty: nothing is) and, with `authorities`, has to be in the certificate. `version`: 2 is TLS 1.2 only, 3 is 1.3 only, 0 either. `authorities`
   * are certificates as PEM: the server's must come from one of them; empty: any certificate will do. `session` is what `tlsSession`
   * gave of an earlier session with this server. Returns the session's number. At most 16 are open at a time, else EAGAIN.
   * In all these functions EPROTO means that TLS has failed: `argument` has the number of the error of Mbed TLS, of the alert that the
   * server has sent (0: none), and bits of what is wrong with its certificate (mbedtls/x509.h, MBEDTLS_X509_BADCERT_...).
   */
  export function tlsOpen(
    fd: number,
    serverName: string,
    version: 0 | 2 | 3,
    authorities: string,
    session: Uint8Array | null,
  ): number;
  /** One step of the handshake. `again`: nothing is waited for, the next step can be taken. */
  export function tlsHandshake(session: number): 'done' | 'again' | 'readable' | 'writable';
  /** Bytes taken, or null when the socket would block: then the same bytes are to come first when it is writable. */
  export function tlsSend(session: number, data: Uint8Array): number | null;
  /** Bytes read into `into`, no more than one record; 0: the server has closed; null when nothing waits. */
  export function tlsReceive(session: number, into: Uint8Array): number | null;
  /** What makes the next handshake with this server short, or null. With TLS 1.3 it may come with what is received. */
  export function tlsSession(session: number): Uint8Array | null;
  /** Says goodbye as far as that can be sent at once. The socket stays open. */
  export function tlsClose(session: number): void;
  /** PBKDF2 (RFC 8018) by HMAC-SHA-256, 32 bytes; 1..10,000 rounds. */
  export function deriveKey(password: Uint8Array, salt: Uint8Array, rounds: number): Uint8Array;

  // sqlite.c -----------------------------------------------------------------------------------------------
  /** Makes the file unless it is there. Here and in all of it what SQLite refuses throws an InternalError with what SQLite says. */
  export function openDatabase(path: string): Database;
  export interface Database {
    /** Runs statements that take no values. */
    exec(statements: string): void;
    /** The one statement of a text. */
    prepare(statement: string): Statement;
    close(): void;
  }
  /** `values` are those of its question marks, all of them. What it gives are objects by the names of columns; BLOBs are Uint8Arrays. */
  export interface Statement {
    run(...values: (string | number | Uint8Array | null)[]): void;
    /** The first row, or undefined. */
    get(...values: (string | number | Uint8Array | null)[]): object | undefined;
    all(...values: (string | number | Uint8Array | null)[]): object[];
  }

  // text.c, error.c ----------------------------------------------------------------------------------------
  /** A lone surrogate is encoded as U+FFFD. */
  export function encodeUtf8(text: string): Uint8Array;
  /** Each malformed sequence reads as one U+FFFD, cut as the Encoding Standard says. */
  export function decodeUtf8(bytes: Uint8Array): string;
  /** The symbolic name of an errno (`ECONNREFUSED`), or `E<number>`. */
  export function errorName(errno: number): string;
  /** An error's `stack` with the lines of the bundle replaced by the TypeScript files and lines they come from. */
  export function describeStack(stack: string): string;
}
