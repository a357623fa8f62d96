// SIP_CHECK: the server answers OPTIONS, over UDP, TCP or TLS.
import { IPPROTO_UDP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { exchange } from './exchange.ts';
import { judgeSip, SipTalker } from './sip-dialogue.ts';
import { hostOf, readSip, type SipQuestion, sipOptions } from './sip-message.ts';
import { destinationOf } from './source.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type SipCheck = Extract<CheckConfig, { kind: 'SIP_CHECK' }>;

export function probeSip(platform: Platform, check: SipCheck, done: (result: CheckResult) => void): Cancel {
  const { protocol, user, statusCodes, tls } = check;
  const token = Array.from(platform.random(8), byte => byte.toString(16).padStart(2, '0')).join('');
  const uri = check.uri ?? `sip:${hostOf(destinationOf(check))}`;
  const question: SipQuestion = { transport: tls === undefined ? protocol : 'TLS', uri, user, token };
  if (protocol === 'TCP') {
    const begin = ({ socket }: { socket: { localAddress(): ReturnType<typeof destinationOf> } }) =>
      new SipTalker(question, socket.localAddress(), statusCodes);
    return converse(platform, check, begin, done);
  }
  return exchange(
    platform,
    check,
    {
      ...{ type: SOCK_DGRAM, protocol: IPPROTO_UDP },
      question: from => new TextEncoder().encode(sipOptions(question, from)),
      judge(datagram) {
        const response = readSip(String.fromCharCode(...datagram), token, true);
        return typeof response === 'string' ? null : judgeSip(response, statusCodes);
      },
    },
    done,
  );
}
