// A conversation over a connection, within the time limit of the check: what is said is pure, this is the connection.
import type { Platform } from '../../platform/platform.ts';
import type { CheckTiming } from '../config/config.ts';
import type { Call, Cancel } from '../dial.ts';
import { dialFor } from '../dial-tls.ts';
import { leavingFrom } from './source.ts';
import type { CheckResult } from './state.ts';

/**
 * What follows from what the server said: say this, then it is over; each only where it is there. `encrypt`: TLS begins once that is
 * said. Null: listen on.
 */
export type Turn =
  | { readonly say?: Uint8Array; readonly end?: CheckResult; readonly encrypt?: undefined }
  | { readonly say?: Uint8Array | undefined; readonly encrypt: true; readonly end?: undefined }
  | null;

export interface Talker {
  /** It searches what it hears for regular expressions, which may be endless: so that is broken off. */
  readonly searches?: true;
  /** The connection stands. */
  begin(): Turn;
  /** Takes the next bytes, never none. */
  take(data: Uint8Array): Turn;
  /** TLS has begun, as it was told to. */
  encrypted?(): Turn;
  /** The server has closed. */
  close(): CheckResult;
  /** What is being waited for, in words, for an attempt that fails from without: its time is up, the connection is reset. */
  waiting?(): string;
}

/** `begin` makes the talker once the connection stands. */
export function converse(
  platform: Platform,
  check: CheckTiming,
  begin: (call: Call) => Talker,
  done: (result: CheckResult) => void,
): Cancel {
  let talker: Talker | null = null;
  let isJudged = false;
  const connected = (call: Call) => {
    talker = begin(call);
    talk(platform, call, talker, () => {
      isJudged = true;
    });
  };
  return dialFor(check)(leavingFrom(platform, check.source), check, connected, result => {
    const waiting = isJudged ? undefined : talker?.waiting?.();
    done(waiting === undefined ? result : { ...result, reason: `${result.reason}: ${waiting}` });
  });
}

/** Milliseconds of the processor. */
const LONGEST_SEARCH = 200;

function talk(platform: Platform, call: Call, talker: Talker, judged: () => void): void {
  let unsent = new Uint8Array(0);
  let ending: CheckResult | null = null;
  let encrypting = false;

  function end(result: CheckResult): void {
    judged();
    call.end(result);
  }

  function write(): void {
    const sent = call.socket.send(unsent);
    if (sent !== null) unsent = unsent.subarray(sent);
    if (unsent.length > 0) return;
    call.whenWritable(null);
    if (ending !== null) end(ending);
    else if (encrypting) encrypt();
  }

  function encrypt(): void {
    encrypting = false;
    call.startTls!(() => {
      call.whenReadable(read);
      follow(talker.encrypted!());
    });
  }

  function follow(turn: Turn): void {
    if (turn === null) return;
    if (turn.say !== undefined && turn.say.length > 0) {
      const rest = new Uint8Array(unsent.length + turn.say.length);
      rest.set(unsent);
      rest.set(turn.say, unsent.length);
      unsent = rest;
      call.whenWritable(write);
    }
    if (turn.encrypt) {
      call.whenReadable(null);
      encrypting = true;
      if (unsent.length === 0) encrypt();
      return;
    }
    if (turn.end === undefined) return;
    if (unsent.length === 0) {
      end(turn.end);
      return;
    }
    ending = turn.end;
    call.whenReadable(null);
  }

  /** One piece at a time: a server that never pauses must not keep everybody else waiting. */
  function read(): void {
    const piece = call.socket.receive();
    if (piece === null) return;
    follow(hear(() => (piece.data.length === 0 ? { end: talker.close() } : talker.take(piece.data))));
  }

  function hear(step: () => Turn): Turn {
    if (!talker.searches) return step();
    let turn: Turn = null;
    const inTime = platform.within(LONGEST_SEARCH, () => {
      turn = step();
    });
    return inTime ? turn : { end: { ok: false, reason: 'the regex takes too long to search for' } };
  }

  call.whenReadable(read);
  follow(talker.begin());
}
