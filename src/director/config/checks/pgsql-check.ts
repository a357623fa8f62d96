// `PGSQL_CHECK { }`: a real server is up when its database lets the login in, and answers a query.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { block, noArguments } from '../vocabulary.ts';
import { sqlKeywords, sqlOf } from './sql.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

export const pgsqlCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when PostgreSQL lets the login in, and a query gives a row where one is set.',
  example: 'PGSQL_CHECK { ... }',
  keywords: () => ({ ...connectKeywords(), ...startTlsKeywords(), ...sqlKeywords() }),
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const sql = sqlOf(values, statement, reading);
    const tls = tlsOf(values, statement, reading);
    if (sql === null) return { complete: () => [] };
    return {
      complete: context => [
        { kind: 'PGSQL_CHECK', ...sql, ...tls, ...resolveTiming(values, statement, context) },
      ],
    };
  },
});
