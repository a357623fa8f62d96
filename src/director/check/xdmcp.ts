// XDMCP_CHECK: the display manager is willing to manage a display, and may tell its load.
import { IPPROTO_UDP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { exchange } from './exchange.ts';
import { judgeLoad } from './load.ts';
import type { CheckResult } from './state.ts';
import { readXdmcp, XDMCP_QUERY } from './xdmcp-packet.ts';

type XdmcpCheck = Extract<CheckConfig, { kind: 'XDMCP_CHECK' }>;

export function probeXdmcp(
  platform: Platform,
  check: XdmcpCheck,
  done: (result: CheckResult) => void,
): Cancel {
  const judge = (datagram: Uint8Array): CheckResult | null => {
    const answer = readXdmcp(datagram);
    if (answer === null) return null;
    if (!answer.isWilling) return { ok: false, reason: `is unwilling: ${answer.status}` };
    return judgeLoad(`is willing: ${answer.status}`, answer.load, check);
  };
  const socket = { type: SOCK_DGRAM, protocol: IPPROTO_UDP };
  return exchange(platform, check, { ...socket, question: XDMCP_QUERY, judge }, done);
}
