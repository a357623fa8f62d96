// One datagram to the server and what comes back, within the time limit of the check.
import { isSystemError, type Platform, type Socket, type SocketAddress } from '../../platform/platform.ts';
import type { CheckTiming } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { destinationOf, openSocket } from './source.ts';
import type { CheckResult } from './state.ts';

/** What is said and how the answer counts. */
export interface Exchange {
  /** Of the socket. */
  readonly type: number;
  readonly protocol: number;
  /** Or what makes it, where it says from which address it comes. */
  readonly question: Uint8Array | ((from: SocketAddress) => Uint8Array);
  /** Null when the datagram is no answer: then the next one is waited for. */
  judge(datagram: Uint8Array): CheckResult | null;
  /** What it means when nothing came; a failure unless it is there. */
  readonly silence?: CheckResult;
}

/** `done` gets the result, but never before this returns. */
export function exchange(
  platform: Platform,
  timing: CheckTiming,
  { type, protocol, question, judge, silence }: Exchange,
  done: (result: CheckResult) => void,
): Cancel {
  const { connectTimeout } = timing;
  let socket: Socket | null = null;
  let open = true;
  const timer = platform.after(connectTimeout, () =>
    end(silence ?? { ok: false, reason: `no answer within ${connectTimeout / 1000} s` }),
  );

  function cancel(): void {
    open = false;
    timer.cancel();
    socket?.close();
  }

  function end(result: CheckResult): void {
    if (!open) return;
    cancel();
    done(result);
  }

  function guarded(step: () => void): () => void {
    return () => {
      if (!open) return;
      try {
        step();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        end({ ok: false, reason: REASONS[error.code] ?? error.code });
      }
    };
  }

  function begin(): void {
    const opened = openSocket(platform, timing, type, protocol);
    socket = opened;
    // So that nobody else's datagrams arrive, and what routers say of ours does.
    opened.connect(destinationOf(timing));
    opened.onReadable(guarded(() => read(opened)));
    opened.onWritable(guarded(() => write(opened)));
  }

  function write(opened: Socket): void {
    const words = typeof question === 'function' ? question(opened.localAddress()) : question;
    if (opened.send(words) !== null) opened.onWritable(null);
  }

  /** One at a time: a server that never pauses must not keep everybody else waiting. */
  function read(opened: Socket): void {
    const datagram = opened.receive();
    const result = datagram === null ? null : judge(datagram.data);
    if (result !== null) end(result);
  }

  platform.soon(guarded(begin));
  return cancel;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'port unreachable',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'the address to come from is not here',
  ENODEV: 'the interface is not there',
};
