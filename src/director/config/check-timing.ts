// When and where a check connects: said in the check, or for all checks of a real server or of a virtual server.
import type { CheckTiming } from './config.ts';
import { address, integer, port, seconds } from './types.ts';
import { type Values, value } from './vocabulary.ts';

/** The longest that keepalived takes: 32 bits of microseconds. */
export const LONGEST_SECONDS = 4294;

/** Keywords of a check, a real server and a virtual server. */
export const timingKeywords = {
  connect_timeout: value(seconds(0.000001, LONGEST_SECONDS), {
    help: 'Seconds until an attempt has failed; 5 unless set.',
    example: 'connect_timeout 3',
  }),
  retry: value(integer(0, 0xffffffff), {
    help: 'Further attempts before a server counts as down; 1 unless set.',
    example: 'retry 2',
  }),
  delay_before_retry: value(seconds(0, LONGEST_SECONDS), {
    help: 'Seconds between those attempts; 3 for HTTP_GET and 1 for others unless set.',
    example: 'delay_before_retry 2',
  }),
};

/** Keywords of every check that connects. */
export const connectKeywords = {
  ...timingKeywords,
  connect_ip: value(address, {
    help: 'Address to connect to; that of the real server unless set.',
    example: 'connect_ip 10.0.0.10',
  }),
  connect_port: value(port, {
    help: 'Port to connect to; that of the real server unless set.',
    example: 'connect_port 8080',
  }),
};

export type TimingValues = Values<typeof timingKeywords>;
export type ConnectValues = Values<typeof connectKeywords>;

/** In milliseconds. */
export interface TimingDefaults {
  readonly connectTimeout: number;
  readonly retries: number;
  readonly delayBeforeRetry: number;
}

/** The first of `levels` (check, real server, virtual server) that says something counts, then the default. */
export function resolveTiming(
  levels: readonly [ConnectValues, TimingValues, TimingValues],
  defaults: TimingDefaults,
  server: { readonly address: string; readonly port: number },
): CheckTiming {
  const [check, real, virtual] = levels;
  return {
    connectAddress: check.connect_ip ?? server.address,
    connectPort: check.connect_port ?? server.port,
    connectTimeout:
      check.connect_timeout ?? real.connect_timeout ?? virtual.connect_timeout ?? defaults.connectTimeout,
    retries: check.retry ?? real.retry ?? virtual.retry ?? defaults.retries,
    delayBeforeRetry:
      check.delay_before_retry ??
      real.delay_before_retry ??
      virtual.delay_before_retry ??
      defaults.delayBeforeRetry,
  };
}
