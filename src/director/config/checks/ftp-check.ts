// `FTP_CHECK { }`: a real server is up when it greets, and takes a login where there is one.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { block, noArguments } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

/** Who needs no password: RFC 1635. */
const ANONYMOUS = ['anonymous', 'ftp'];

const keywords = () => ({ ...connectKeywords(), ...startTlsKeywords(), ...loginKeywords() });

export const ftpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it greets as a FTP server and takes the login (anonymous needs no password), or QUIT without one.',
  example: 'FTP_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const isNamed = !ANONYMOUS.includes(values.login ?? '');
    const login = loginOf(values, statement, reading, isNamed);
    const tls = tlsOf(values, statement, reading);
    return {
      complete: context => [
        { kind: 'FTP_CHECK', login, ...tls, ...resolveTiming(values, statement, context) },
      ],
    };
  },
});
