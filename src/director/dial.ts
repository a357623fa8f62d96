// Connects to a server within a time limit that also bounds everything that is then said over the connection.
import { AF_INET, AF_INET6, SOCK_STREAM } from '../platform/linux.ts';
import { isSystemError, type Platform, type Socket, type SocketAddress } from '../platform/platform.ts';
import { parseAddress } from './address.ts';
import type { CheckTiming } from './config/config.ts';

/** Whom to call, and the time limit in milliseconds. */
export type Callee = Pick<CheckTiming, 'connectAddress' | 'connectPort' | 'connectTimeout'>;

/** What came of it. */
export interface CallResult {
  readonly ok: boolean;
  /** In words. */
  readonly reason: string;
}

/** Gives up without a result. */
export type Cancel = () => void;

/** What one can do with a connection once it stands. */
export type Stream = Pick<Socket, 'send' | 'receive' | 'localAddress'>;

/** A connection that stands. A system error in a step given to `whenReadable` or `whenWritable` fails the attempt. */
export interface Call {
  readonly socket: Stream;
  whenReadable(step: (() => void) | null): void;
  whenWritable(step: (() => void) | null): void;
  /** Closes the connection and tells the result; later calls do nothing. */
  end(result: CallResult): void;
  /**
   * There when the check says that TLS starts later (`dialFor`): encrypts all that follows, with `socket` as before, and then goes on
   * with `then`. Meanwhile nothing is to be sent or received; `whenReadable` and `whenWritable` are to be set anew.
   */
  startTls?(then: () => void): void;
}

/** A plain connection, of which the socket can still be taken over. */
export interface SocketCall extends Call {
  readonly socket: Socket;
}

/** A way to connect. `connected` may be called again with a new connection in the place of the first, of which nothing more is heard. */
export type Dial = (
  platform: Platform,
  callee: Callee,
  connected: (call: Call) => void,
  done: (result: CallResult) => void,
) => Cancel;

/** Starts to connect. `done` gets the result, also when the connection fails or the time is up, but never before this returns. */
export function dial(
  platform: Platform,
  { connectAddress, connectPort, connectTimeout }: Callee,
  connected: (call: SocketCall) => void,
  done: (result: CallResult) => void,
): Cancel {
  let socket: Socket | null = null;
  let open = true;
  const timer = platform.after(connectTimeout, () => fail(`no answer within ${connectTimeout / 1000} s`));

  function cancel(): void {
    open = false;
    timer.cancel();
    socket?.close();
  }

  function end(result: CallResult): void {
    if (!open) return;
    cancel();
    done(result);
  }

  function fail(reason: string): void {
    end({ ok: false, reason });
  }

  function guarded(step: () => void): () => void {
    return () => {
      if (!open) return;
      try {
        step();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        fail(explain(error.code));
      }
    };
  }

  function begin(): void {
    const address = socketAddress(connectAddress, connectPort);
    const opened = platform.socket(address.family === 'inet' ? AF_INET : AF_INET6, SOCK_STREAM, 0);
    socket = opened;
    const call: SocketCall = {
      socket: opened,
      whenReadable: step => opened.onReadable(step && guarded(step)),
      whenWritable: step => opened.onWritable(step && guarded(step)),
      end,
    };
    if (opened.connect(address)) {
      connected(call);
      return;
    }
    call.whenWritable(() => {
      call.whenWritable(null);
      const code = opened.error();
      if (code !== null) fail(explain(code));
      else connected(call);
    });
  }

  platform.soon(guarded(begin));
  return cancel;
}

function socketAddress(text: string, port: number): SocketAddress {
  const address = parseAddress(text);
  if (address === null) throw new RangeError(`${text} is no address`);
  if (address.length === 4) return { family: 'inet', address, port };
  return { family: 'inet6', address, port, scope: 0 };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
};

function explain(code: string): string {
  return REASONS[code] ?? code;
}
