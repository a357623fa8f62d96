// One attempt of a check, whatever its kind.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { probeHttp } from './http.ts';
import type { CheckResult } from './state.ts';
import { probeTcp } from './tcp.ts';

/** Starts an attempt; `done` is called once, not before this returns, and not after the attempt was cancelled. */
export function probe(platform: Platform, check: CheckConfig, done: (result: CheckResult) => void): Cancel {
  switch (check.kind) {
    case 'TCP_CHECK':
      return probeTcp(platform, check, done);
    case 'HTTP_GET':
      return probeHttp(platform, check, done);
  }
}
