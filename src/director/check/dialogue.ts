// A conversation in lines over TCP, within the time limit of the check: what is said is pure, this is the connection.
import type { Platform } from '../../platform/platform.ts';
import type { CheckTiming } from '../config/config.ts';
import { type Call, type Cancel, dial } from '../dial.ts';
import { leavingFrom } from './source.ts';
import type { CheckResult } from './state.ts';

/** Bytes of a line that are waited for, and lines altogether: no server of good will says more. */
const LONGEST_LINE = 2048;
const MOST_LINES = 200;

const LINE_FEED = 10;

/** What follows from a line of the server: say this, it is over, or nothing yet. */
export type Reaction = { readonly say: string } | { readonly end: CheckResult } | null;

export interface Dialogue {
  /** Takes the next line, without its end. */
  take(line: string): Reaction;
}

/** `begin` makes the dialogue once the connection stands; the server speaks first. */
export function converse(
  platform: Platform,
  check: CheckTiming,
  begin: (call: Call) => Dialogue,
  done: (result: CheckResult) => void,
): Cancel {
  return dial(leavingFrom(platform, check.source), check, call => speak(call, begin(call)), done);
}

function speak(call: Call, dialogue: Dialogue): void {
  let unsent = new Uint8Array(0);
  let line = '';
  let lines = 0;

  function write(): void {
    const sent = call.socket.send(unsent);
    if (sent !== null) unsent = unsent.subarray(sent);
    call.whenWritable(unsent.length > 0 ? write : null);
  }

  /** False when it is over. */
  function take(): boolean {
    const reaction = dialogue.take(line.endsWith('\r') ? line.slice(0, -1) : line);
    line = '';
    if (reaction === null) {
      if (++lines < MOST_LINES) return true;
      call.end({ ok: false, reason: `more than ${MOST_LINES} lines` });
      return false;
    }
    if ('end' in reaction) {
      call.end(reaction.end);
      return false;
    }
    const words = new TextEncoder().encode(reaction.say);
    const rest = new Uint8Array(unsent.length + words.length);
    rest.set(unsent);
    rest.set(words, unsent.length);
    unsent = rest;
    call.whenWritable(write);
    return true;
  }

  /** One piece at a time: a server that never pauses must not keep everybody else waiting. */
  function read(): void {
    const piece = call.socket.receive();
    if (piece === null) return;
    if (piece.data.length > 0) takeAll(piece.data);
    else call.end({ ok: false, reason: 'closed within the conversation' });
  }

  function takeAll(data: Uint8Array): void {
    for (let at = 0; at < data.length; ) {
      const end = data.indexOf(LINE_FEED, at);
      const stop = end < 0 ? data.length : end;
      if (line.length + stop - at > LONGEST_LINE) {
        call.end({ ok: false, reason: `a line is longer than ${LONGEST_LINE} bytes` });
        return;
      }
      line += String.fromCharCode(...data.subarray(at, stop));
      at = stop + 1;
      if (end >= 0 && !take()) return;
    }
  }

  call.whenReadable(read);
}
