// `NNTP_CHECK { }`: a real server is up when it greets, takes a login and has a newsgroup, as far as they are said.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { block, noArguments, type ValueType, value } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

/** RFC 3977 section 4.1, by what would end it. */
const groupName: ValueType<string> = {
  name: 'GROUP',
  description: 'the name of a newsgroup',
  parse: word => (/^[!-)+->@-Z^-~]{1,255}$/.test(word) ? word : undefined),
};

const keywords = () => ({
  ...connectKeywords(),
  ...startTlsKeywords(),
  ...loginKeywords(),
  group: value(groupName, {
    help: 'A newsgroup that the server has to have.',
    example: 'group local.test',
  }),
});

export const nntpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it greets as a news server, takes the login and has the group, or QUIT without either.',
  example: 'NNTP_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { group = null } = values;
    const login = loginOf(values, statement, reading, true);
    const tls = tlsOf(values, statement, reading);
    return {
      complete: context => [
        { kind: 'NNTP_CHECK', login, group, ...tls, ...resolveTiming(values, statement, context) },
      ],
    };
  },
});
