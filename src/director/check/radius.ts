// RADIUS_CHECK: the server accepts the login, or says that it is there.
import { IPPROTO_UDP, SOCK_DGRAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { exchange } from './exchange.ts';
import { judgeRadius, radiusRequest } from './radius-packet.ts';
import type { CheckResult } from './state.ts';

type RadiusCheck = Extract<CheckConfig, { kind: 'RADIUS_CHECK' }>;

/** A number and an authenticator. */
const RANDOM_LENGTH = 17;

export function probeRadius(
  platform: Platform,
  check: RadiusCheck,
  done: (result: CheckResult) => void,
): Cancel {
  const question = radiusRequest(check, platform.random(RANDOM_LENGTH));
  const judge = (answer: Uint8Array) => judgeRadius(answer, question, check.secret);
  return exchange(platform, check, { type: SOCK_DGRAM, protocol: IPPROTO_UDP, question, judge }, done);
}
