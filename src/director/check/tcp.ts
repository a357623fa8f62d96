// TCP_CHECK: the real server takes a connection.
import type { Platform } from '../../platform/platform.ts';
import type { CheckTiming } from '../config/config.ts';
import { type Cancel, dial } from '../dial.ts';
import { leavingFrom } from './source.ts';
import type { CheckResult } from './state.ts';

export function probeTcp(
  platform: Platform,
  check: CheckTiming,
  done: (result: CheckResult) => void,
): Cancel {
  const connected = { ok: true, reason: 'takes connections' };
  return dial(leavingFrom(platform, check.source), check, call => call.end(connected), done);
}
