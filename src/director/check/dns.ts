// DNS_CHECK: the server answers a query over UDP without an error.
import { IPPROTO_UDP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { dnsQuery, judgeDnsAnswer } from './dns-message.ts';
import { exchange } from './exchange.ts';
import type { CheckResult } from './state.ts';

type DnsCheck = Extract<CheckConfig, { kind: 'DNS_CHECK' }>;

export function probeDns(platform: Platform, check: DnsCheck, done: (result: CheckResult) => void): Cancel {
  const [high = 0, low = 0] = platform.random(2);
  const question = dnsQuery((high << 8) | low, check.name, check.type);
  const judge = (answer: Uint8Array) => judgeDnsAnswer(answer, question);
  return exchange(platform, check, { type: SOCK_DGRAM, protocol: IPPROTO_UDP, question, judge }, done);
}
