// PING_CHECK: the host answers an ICMP echo request.
import { IPPROTO_ICMP, IPPROTO_ICMPV6, SOCK_RAW } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { familyOf } from '../address.ts';
import type { CheckTiming } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { echoRequest, isEchoReply } from './echo.ts';
import { exchange } from './exchange.ts';
import type { CheckResult } from './state.ts';

/** Identifier, sequence number and 56 bytes of data, as ping(8) sends. */
const IDENTITY_LENGTH = 60;

/** Over a raw socket: one for echo alone would need /proc/sys/net/ipv4/ping_group_range changed for the whole machine. */
export function probePing(
  platform: Platform,
  check: CheckTiming,
  done: (result: CheckResult) => void,
): Cancel {
  const family = familyOf(check.connectAddress);
  const identity = platform.random(IDENTITY_LENGTH);
  return exchange(
    platform,
    { ...check, connectPort: 0 },
    {
      type: SOCK_RAW,
      protocol: family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6,
      question: echoRequest(family, identity),
      judge: datagram =>
        isEchoReply(family, datagram, identity) ? { ok: true, reason: 'answers echo requests' } : null,
    },
    done,
  );
}
