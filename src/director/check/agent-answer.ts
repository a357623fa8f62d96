// What the agent of a real server says of it, in the words of haproxy's agent-check. Pure.
import { quoted } from './quoted.ts';
import type { CheckResult } from './state.ts';
import type { Talker, Turn } from './talk.ts';

/** Bytes of an answer: a few words and a description. */
const LONGEST_ANSWER = 512;

/** haproxy's relative weights go no higher than that of 256 from 1. */
const LARGEST_PERCENTAGE = 25_600;

/** Sends what the agent wants to hear, if anything, and takes its one line. */
export class Agent implements Talker {
  readonly #send: string;
  readonly #weight: number;
  #text = '';
  /** It has said something that counts. */
  #isUnderstood = false;

  /** `weight` is the configured one of the real server. */
  constructor(send: string, weight: number) {
    this.#send = send;
    this.#weight = weight;
  }

  get isUnderstood(): boolean {
    return this.#isUnderstood;
  }

  begin(): Turn {
    return this.#send === '' ? null : { say: new TextEncoder().encode(this.#send) };
  }

  take(data: Uint8Array): Turn {
    this.#text += String.fromCharCode(...data.subarray(0, LONGEST_ANSWER));
    const end = this.#text.search(/[\r\n]/);
    if (end >= 0) return { end: this.#judge(this.#text.slice(0, end)) };
    if (this.#text.length < LONGEST_ANSWER) return null;
    return { end: { ok: false, reason: `the answer is longer than ${LONGEST_ANSWER} bytes` } };
  }

  close(): CheckResult {
    return this.#text === '' ? { ok: false, reason: 'closed without an answer' } : this.#judge(this.#text);
  }

  #judge(line: string): CheckResult {
    const result = agentAnswer(line, this.#weight);
    this.#isUnderstood = result !== null;
    return result ?? { ok: false, reason: `the agent is not understood: ${quoted(line)}` };
  }
}

/**
 * `up`, `down`, `failed`, `stopped`, `ready`, `drain`, `maint` and a percentage of the configured weight, in any order, separated by
 * white space or commas; `#` and what follows is a description. `maxconn:N` is passed over. Null when there is another word, or none.
 */
export function agentAnswer(line: string, weight: number): CheckResult | null {
  const [said = ''] = line.split('#', 1);
  const words = said.split(/[\s,]+/).filter(word => word !== '');
  if (words.length === 0) return null;
  let ok = true;
  let order: CheckResult['order'];
  let added: number | undefined;
  for (const word of words.map(each => each.toLowerCase())) {
    if (word === 'down' || word === 'failed' || word === 'stopped') ok = false;
    else if (word === 'ready' || word === 'drain') order = word;
    else if (word === 'maint') order = 'maintain';
    else if (/^\d{1,5}%$/.test(word)) {
      const percentage = Number.parseInt(word, 10);
      if (percentage > LARGEST_PERCENTAGE) return null;
      // As haproxy: no weight becomes 0 but by 0%.
      added = Math.ceil((weight * percentage) / 100) - weight;
    } else if (word !== 'up' && !/^maxconn:\d+$/.test(word)) return null;
  }
  return {
    ok,
    reason: `the agent says ${quoted(line)}`,
    ...(added !== undefined && { weight: added }),
    ...(order !== undefined && { order }),
  };
}
