// `TCP_CHECK { }`: a real server is up when it takes a connection.
import { type CheckDraft, connectKeywords, resolveTiming } from './check-timing.ts';
import { block, noArguments } from './vocabulary.ts';

export const tcpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it takes a TCP connection.',
  example: 'TCP_CHECK { ... }',
  keywords: connectKeywords,
  header: noArguments,
  finish: (_, values, statement): CheckDraft => ({
    complete: context => [{ kind: 'TCP_CHECK', ...resolveTiming(values, statement, context) }],
  }),
});
