// DNS_CHECK: the server answers a query over UDP or TCP without an error, and with the records that are expected.
import { IPPROTO_UDP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { dnsQuery, judgeDnsAnswer } from './dns-message.ts';
import { exchange } from './exchange.ts';
import { joined, type MessageDialogue, MessageTalker } from './message-talker.ts';
import type { CheckResult } from './state.ts';
import { converse, type Turn } from './talk.ts';

type DnsCheck = Extract<CheckConfig, { kind: 'DNS_CHECK' }>;

/** What comes of a datagram, or of a message of a connection. */
type Judge = (answer: Uint8Array) => CheckResult | null;

export function probeDns(platform: Platform, check: DnsCheck, done: (result: CheckResult) => void): Cancel {
  const [high = 0, low = 0] = platform.random(2);
  const question = dnsQuery((high << 8) | low, check.name, check.type);
  const { type, answers } = check;
  const expected = answers === undefined ? null : { type, answers };
  const judge: Judge = answer => judgeDnsAnswer(answer, question, expected);
  if (check.protocol !== 'TCP') {
    return exchange(platform, check, { type: SOCK_DGRAM, protocol: IPPROTO_UDP, question, judge }, done);
  }
  return converse(platform, check, () => new MessageTalker(new DnsDialogue(question, judge)), done);
}

/** Over TCP each message follows its length (RFC 1035 section 4.2.2). */
class DnsDialogue implements MessageDialogue {
  readonly protocol = 'DNS';
  readonly #question: Uint8Array;
  readonly #judge: Judge;

  constructor(question: Uint8Array, judge: Judge) {
    this.#question = question;
    this.#judge = judge;
  }

  open(): Uint8Array {
    const { length } = this.#question;
    return joined([Uint8Array.of(length >> 8, length & 0xff), this.#question]);
  }

  lengthOf(head: Uint8Array): number | null {
    return head.length < 2 ? null : 2 + ((head[0]! << 8) | head[1]!);
  }

  take(message: Uint8Array): Turn {
    return { end: this.#judge(message.subarray(2)) ?? { ok: false, reason: 'the answer is not DNS' } };
  }
}
