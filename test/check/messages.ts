// A dialogue in messages spoken with by a test, without a connection.
import { type MessageDialogue, MessageTalker } from '../../src/director/check/message-talker.ts';
import type { CheckResult } from '../../src/director/check/state.ts';

export interface Spoken {
  /** What was said, message by message, as hexadecimal. */
  readonly said: readonly string[];
  /** Null: it goes on. */
  readonly end: CheckResult | null;
  readonly encrypted: boolean;
}

/** What the dialogue says to these pieces of bytes, up to its end. */
export function speak(dialogue: MessageDialogue, ...pieces: readonly Uint8Array[]): Spoken {
  const talker = new MessageTalker(dialogue);
  const said: string[] = [];
  let encrypted = false;
  let turn = talker.begin();
  for (let at = 0; ; at++) {
    if (turn?.say !== undefined) said.push(hex(turn.say));
    if (turn?.end !== undefined) return { said, end: turn.end, encrypted };
    if (turn?.encrypt) {
      encrypted = true;
      const more = talker.encrypted();
      if (more?.say !== undefined) said.push(hex(more.say));
    }
    const piece = pieces[at];
    if (piece === undefined) return { said, end: null, encrypted };
    turn = talker.take(piece);
  }
}

/** As `speak`, with each byte in a piece of its own. */
export function dribble(dialogue: MessageDialogue, ...pieces: readonly Uint8Array[]): Spoken {
  return speak(dialogue, ...pieces.flatMap(piece => [...piece].map(byte => Uint8Array.of(byte))));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

export function unhex(text: string): Uint8Array {
  const digits = text.replaceAll(' ', '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

/** The bytes with a few changed, some taken away or some put in: what a fuzz test feeds. */
export function mangled(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const list = [...bytes];
  for (let left = 1 + random(4); left > 0; left--) {
    const at = random(list.length + 1);
    const way = random(4);
    if (way === 0) list.splice(at, 1 + random(4));
    else if (way === 1) list.splice(at, 0, random(256), random(256));
    else if (at < list.length) list[at] = way === 2 ? random(256) : list[at]! ^ (1 << random(8));
  }
  return Uint8Array.from(list);
}
