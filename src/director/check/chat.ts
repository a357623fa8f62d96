// A chat of TCP_CHAT: what is sent and what must come, step by step. Pure; of what came only a window is kept.
import type { ChatStep } from '../config/config.ts';
import { quoted } from './quoted.ts';
import type { CheckResult } from './state.ts';
import type { Talker, Turn } from './talk.ts';

/** Bytes that a server may say altogether, and in how many pieces: each is looked through when it comes. */
const LONGEST_TALK = 65_536;
const MOST_PIECES = 2000;

/** Bytes that are looked at together: a match that is longer is not found. */
const WINDOW = 4096;

/** Bytes that are remembered to be repeated. */
const HEARD = 80;

export class Chat implements Talker {
  readonly searches = true;
  readonly #steps: readonly ChatStep[];
  #step = 0;
  /** What came and was not used up by a step yet, one character a byte. */
  #text = '';
  /** Something before the text is forgotten but for its last byte, which stands there for `^` and for what looks behind. */
  #isCut = false;
  #length = 0;
  #pieces = 0;
  #isClosed = false;
  /** The beginning of what the step has before it, for words about it. */
  #heard = '';

  constructor(steps: readonly ChatStep[]) {
    this.#steps = steps;
  }

  begin(): Turn {
    return this.#goOn();
  }

  take(data: Uint8Array): Turn {
    this.#length += data.length;
    if (this.#length > LONGEST_TALK) return failure(`more than ${LONGEST_TALK} bytes: ${this.waiting()}`);
    if (++this.#pieces > MOST_PIECES) return failure(`more than ${MOST_PIECES} pieces: ${this.waiting()}`);
    for (let at = 0; at < data.length; at += WINDOW) {
      this.#text += String.fromCharCode(...data.subarray(at, at + WINDOW));
    }
    if (this.#heard.length < HEARD) this.#heard += String.fromCharCode(...data.subarray(0, HEARD));
    return this.#goOn();
  }

  close(): CheckResult {
    this.#isClosed = true;
    const end = this.#goOn()?.end;
    return end ?? { ok: false, reason: `closed: ${this.waiting()}` };
  }

  waiting(): string {
    const step = this.#steps[this.#step];
    if (step === undefined) return 'all was said';
    const heard = this.#heard === '' ? 'nothing' : quoted(this.#heard);
    return `step ${this.#step + 1} waits for ${describe(step)}, there is ${heard}`;
  }

  /** Takes all steps that can be taken. */
  #goOn(): Turn {
    const words: Uint8Array[] = [];
    for (; this.#step < this.#steps.length; this.#step++) {
      const step = this.#steps[this.#step]!;
      if (step.kind === 'send') {
        words.push(bytesOf(step.data));
        continue;
      }
      const wrong = step.kind === 'expect_hex' ? this.#wrongByte(step.data) : null;
      if (wrong !== null) return failure(`step ${this.#step + 1}: ${wrong}`);
      if (!this.#find(step)) return words.length === 0 ? null : { say: joined(words) };
    }
    return { say: joined(words), end: { ok: true, reason: 'says all that is expected' } };
  }

  /** Looks for what the step expects, and uses up what came as far as it goes. */
  #find(step: Exclude<ChatStep, { kind: 'send' }>): boolean {
    switch (step.kind) {
      case 'expect': {
        const wanted = String.fromCharCode(...bytesOf(step.data));
        const at = this.#text.indexOf(wanted, this.#isCut ? 1 : 0);
        if (at >= 0) this.#useUp(at + wanted.length);
        else this.#keep(wanted.length - 1);
        return at >= 0;
      }
      case 'expect_hex':
        if (this.#text.length < step.data.length / 2) return false;
        this.#useUp(step.data.length / 2);
        return true;
      case 'expect_regex': {
        const { source, flags, seesEnd } = step.regex;
        // What follows a match is not known before the line is whole.
        if (seesEnd && !this.#isClosed && !this.#text.endsWith('\n')) return false;
        const regex = new RegExp(source, `${flags}g`);
        regex.lastIndex = this.#isCut ? 1 : 0;
        const match = regex.exec(this.#text);
        if (match !== null) this.#useUp(match.index + match[0].length);
        else this.#keep(WINDOW);
        return match !== null;
      }
    }
  }

  #wrongByte(pattern: string): string | null {
    const length = Math.min(this.#text.length, pattern.length / 2);
    for (let at = 0; at < length; at++) {
      const is = hex(this.#text.charCodeAt(at));
      const wanted = pattern.slice(2 * at, 2 * at + 2);
      const fits = [0, 1].every(half => wanted[half] === 'x' || wanted[half] === is[half]);
      if (!fits) return `byte ${at} is ${is}, not ${wanted}`;
    }
    return null;
  }

  #useUp(length: number): void {
    this.#text = this.#text.slice(length);
    this.#heard = this.#text.slice(0, HEARD);
    this.#isCut = false;
  }

  /** Forgets all but the last bytes, and the one before them. */
  #keep(length: number): void {
    const gone = this.#text.length - length - 1;
    if (gone <= 0) return;
    this.#text = this.#text.slice(gone);
    this.#isCut = true;
  }
}

function describe(step: ChatStep): string {
  if (step.kind === 'expect_regex') return `the regex ${quoted(step.text)}`;
  const text = String.fromCharCode(...bytesOf(step.data.replaceAll('x', '0')));
  return step.kind === 'expect_hex' || /[^\t\r\n -~]/.test(text) ? `${step.data} (hex)` : quoted(text);
}

function failure(reason: string): Turn {
  return { end: { ok: false, reason } };
}

function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function joined(words: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(words.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of words) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}
