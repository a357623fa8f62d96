// What checks of databases have in common: whom they log in as, and what they ask.
import type { LoginConfig, QueryConfig } from '../config.ts';
import { lacks, placeOf, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import { text } from '../types.ts';
import { once, type Values, value } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';

export const sqlKeywords = once(() => ({
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
export function sqlOf(
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
