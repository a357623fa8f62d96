// `IMAP_CHECK { }` and `POP_CHECK { }`: a real server is up when it greets, and takes a login where there is one.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { block, noArguments, once } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

const keywords = once(() => ({ ...connectKeywords(), ...startTlsKeywords(), ...loginKeywords() }));

function mailCheck(kind: 'IMAP_CHECK' | 'POP_CHECK', help: string) {
  return block({
    usage: '{ ... }',
    help,
    example: `${kind} { ... }`,
    keywords,
    header: noArguments,
    finish(_, values, statement, reading): CheckDraft {
      const login = loginOf(values, statement, reading, true);
      const tls = tlsOf(values, statement, reading);
      return {
        complete: context => [{ kind, login, ...tls, ...resolveTiming(values, statement, context) }],
      };
    },
  });
}

export const imapCheck = mailCheck(
  'IMAP_CHECK',
  'The real server is up when it greets as an IMAP server and takes the login, or NOOP without one.',
);

export const popCheck = mailCheck(
  'POP_CHECK',
  'The real server is up when it greets as a POP3 server and takes the login, or QUIT without one.',
);
