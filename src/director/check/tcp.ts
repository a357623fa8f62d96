// TCP_CHECK: the real server takes a connection.
import type { Platform } from '../../platform/platform.ts';
import type { CheckTiming } from '../config/config.ts';
import { type Cancel, dial } from '../dial.ts';
import type { CheckResult } from './state.ts';

export function probeTcp(
  platform: Platform,
  check: CheckTiming,
  done: (result: CheckResult) => void,
): Cancel {
  return dial(platform, check, call => call.end({ ok: true, reason: 'takes connections' }), done);
}
