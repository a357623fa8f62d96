// `FTP_CHECK { }`: a real server is up when it greets, and takes a login where there is one.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { lacks, placeOf } from '../reading.ts';
import { text } from '../types.ts';
import { block, noArguments, value } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

/** Who needs no password: RFC 1635. */
const ANONYMOUS = ['anonymous', 'ftp'];

const keywords = () => ({
  ...connectKeywords(),
  ...startTlsKeywords(),
  ...loginKeywords(),
  file: value(text('PATH'), {
    help: 'A file that the server has to have for the login; it is not fetched.',
    example: 'file pub/alive.txt',
  }),
});

export const ftpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it greets as a FTP server and takes the login (anonymous needs no password) and has the file, or QUIT without one.',
  example: 'FTP_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const isNamed = !ANONYMOUS.includes(values.login ?? '');
    const login = loginOf(values, statement, reading, isNamed);
    const { file } = values;
    if (file !== undefined && lacks(statement, 'login')) {
      const message = 'a file without login';
      reading.error(placeOf(statement, 'file'), 0, message, 'add, for example: login anonymous');
    }
    const tls = tlsOf(values, statement, reading);
    return {
      complete: context => [
        {
          ...{ kind: 'FTP_CHECK', login, ...(file !== undefined && { file }) },
          ...tls,
          ...resolveTiming(values, statement, context),
        },
      ],
    };
  },
});
