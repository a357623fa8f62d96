// `LDAP_CHECK { }`: a real server is up when a directory takes the login and finds an entry.
import { encodeFilter } from '../../check/ldap-filter.ts';
import { unwantedCharacter } from '../characters.ts';
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { lacks, placeOf } from '../reading.ts';
import { choice } from '../types.ts';
import { block, noArguments, type ValueType, value, valueOr } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

/** Empty for the root of the server, which describes itself. */
const distinguishedName: ValueType<string> = {
  name: 'DN',
  description: 'a distinguished name, as dc=example,dc=org',
  parse: word =>
    word === '' || (/^[^=,]+=/.test(word) && unwantedCharacter(word) === null) ? word : undefined,
};

const filter: ValueType<string> = {
  name: 'FILTER',
  description: 'a filter as RFC 4515 has it',
  parse: word => (encodeFilter(word) === null ? undefined : word),
};

const keywords = () => ({
  ...connectKeywords(),
  ...startTlsKeywords(),
  ...loginKeywords(),
  base: value(distinguishedName, {
    help: 'The entry where a search begins; without it nothing is searched for.',
    example: 'base "dc=example,dc=org"',
  }),
  scope: valueOr(choice(['base', 'one', 'sub']), 'base', {
    help: 'Whether that entry alone is looked at, those directly below it, or it with all below.',
    example: 'scope sub',
  }),
  filter: valueOr(filter, '(objectClass=*)', {
    help: 'What an entry must be like; one has to be found.',
    example: 'filter "(uid=monitor)"',
  }),
});

export const ldapCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when its directory takes a bind, and finds an entry where base is set.',
  example: 'LDAP_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { base, scope = 'base', filter: condition = '(objectClass=*)' } = values;
    const login = loginOf(values, statement, reading, true);
    const tls = tlsOf(values, statement, reading);
    if (lacks(statement, 'base') && !lacks(statement, 'scope', 'filter')) {
      const place = placeOf(statement, 'scope', 'filter');
      reading.warning(place, 0, `${place.words[0]} has no effect without base`, 'add base, or delete it');
    }
    const search = base === undefined ? null : { base, scope, filter: condition };
    return {
      complete: context => [
        { kind: 'LDAP_CHECK', login, search, ...tls, ...resolveTiming(values, statement, context) },
      ],
    };
  },
});
