// `TCP_CHECK { }`: a real server is up when it takes a connection.
import { type ConnectValues, connectKeywords, type TimingDefaults } from './check-timing.ts';
import type { Statement } from './tree.ts';
import { block, noArguments } from './vocabulary.ts';

export const TCP_DEFAULTS: TimingDefaults = { connectTimeout: 5000, retries: 1, delayBeforeRetry: 1000 };

/** A check with all but what it takes from its real server and virtual server. */
export interface TcpCheckDraft {
  readonly kind: 'TCP_CHECK';
  readonly values: ConnectValues;
  readonly statement: Statement;
}

export const tcpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it takes a TCP connection.',
  example: 'TCP_CHECK { ... }',
  keywords: () => connectKeywords,
  header: noArguments,
  finish: (_, values, statement): TcpCheckDraft => ({ kind: 'TCP_CHECK', values, statement }),
});
