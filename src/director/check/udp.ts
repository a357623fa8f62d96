// UDP_CHECK: nobody says that the port is closed, or the answer is the expected one.
import { IPPROTO_UDP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { exchange } from './exchange.ts';
import type { CheckResult } from './state.ts';

type UdpCheck = Extract<CheckConfig, { kind: 'UDP_CHECK' }>;
type Reply = NonNullable<UdpCheck['reply']>;

/** Bytes of a payload that is made up. */
const RANDOM_LENGTH = 32;

export function probeUdp(platform: Platform, check: UdpCheck, done: (result: CheckResult) => void): Cancel {
  const { payload, reply } = check;
  const question = payload === null ? platform.random(RANDOM_LENGTH) : bytesOf(payload);
  const socket = { type: SOCK_DGRAM, protocol: IPPROTO_UDP };
  if (reply === null) {
    const silence = { ok: true, reason: 'nobody says that the port is closed' };
    const judge = () => ({ ok: true, reason: 'answers' });
    return exchange(platform, check, { ...socket, question, judge, silence }, done);
  }
  const judge = (answer: Uint8Array) => judgeReply(answer, reply);
  return exchange(platform, check, { ...socket, question, judge }, done);
}

/** The shorter one of answer and expectation is compared, as keepalived does. */
export function judgeReply(answer: Uint8Array, { data, minLength, maxLength }: Reply): CheckResult {
  if (answer.length < minLength || answer.length > maxLength) {
    return { ok: false, reason: `the answer has ${answer.length} bytes, not ${minLength} to ${maxLength}` };
  }
  const length = Math.min(answer.length, data.length / 2);
  for (let at = 0; at < length; at++) {
    if (!isNibble(data[2 * at]!, answer[at]! >> 4) || !isNibble(data[2 * at + 1]!, answer[at]! & 15)) {
      return { ok: false, reason: `byte ${at} of the answer is not the expected one` };
    }
  }
  return { ok: true, reason: 'the answer is as expected' };
}

function isNibble(expected: string, value: number): boolean {
  return expected === 'x' || expected === value.toString(16);
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  );
}
