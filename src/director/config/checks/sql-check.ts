// `MYSQL_CHECK { }` and `PGSQL_CHECK { }`: a real server is up when its database lets the login in, and answers a query.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import type { LoginConfig, QueryConfig } from '../config.ts';
import { lacks, placeOf, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import { text } from '../types.ts';
import { block, noArguments, once, type Values, value } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

const sqlKeywords = once(() => ({
  ...loginKeywords(),
  database: value(text('NAME'), {
    help: 'The database to be connected with.',
    example: 'database shop',
  }),
  query: value(text('SQL'), {
    help: 'A statement that has to give a row; the login is enough unless set.',
    example: 'query "SELECT 1"',
  }),
  answer: value(text('TEXT'), {
    help: 'What the first value of that row has to be.',
    example: 'answer 1',
  }),
}));

type SqlValues = Values<ReturnType<typeof sqlKeywords>>;

/** The part of a check that both databases share. Null when a problem has been reported. */
function sqlOf(
  values: SqlValues,
  statement: Statement,
  reading: Reading,
): {
  readonly login: LoginConfig;
  readonly database: string | null;
  readonly query: QueryConfig | null;
} | null {
  const { database = null, query, answer = null } = values;
  const kind = statement.words[0]!;
  const login = loginOf(values, statement, reading, false);
  if (lacks(statement, 'login')) {
    const advice =
      'add, for example: login monitor; who only looks at the greeting is soon taken for an intruder';
    reading.error(statement, 0, `${kind} has no login`, advice);
  }
  if (answer !== null && query === undefined && lacks(statement, 'query')) {
    reading.warning(placeOf(statement, 'answer'), 0, 'answer has no effect without query', 'add query');
  }
  return login && { login, database, query: query === undefined ? null : { text: query, answer } };
}

/** The block of a check of a database. `name` is the database's, for people. */
export const sqlCheck = (kind: 'MYSQL_CHECK' | 'PGSQL_CHECK', name: string) =>
  block({
    usage: '{ ... }',
    help: `The real server is up when ${name} lets the login in, and a query gives a row where one is set.`,
    example: `${kind} { ... }`,
    keywords: () => ({ ...connectKeywords(), ...startTlsKeywords(), ...sqlKeywords() }),
    header: noArguments,
    finish(_, values, statement, reading): CheckDraft {
      const sql = sqlOf(values, statement, reading);
      const tls = tlsOf(values, statement, reading);
      if (sql === null) return { complete: () => [] };
      return {
        complete: context => [{ kind, ...sql, ...tls, ...resolveTiming(values, statement, context) }],
      };
    },
  });
