// `login` and `password` of a check that logs in.
import type { LoginConfig } from '../config.ts';
import { placeOf, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import { text } from '../types.ts';
import { once, type Values, type ValueType, value } from '../vocabulary.ts';

const password: ValueType<string> = { ...text('PASSWORD'), isSecret: true };

export const loginKeywords = once(() => ({
  login: value(text('LOGIN'), {
    help: 'Who logs in.',
    example: 'login monitor',
  }),
  password: value(password, {
    help: 'The password of the login.',
    example: 'password secret',
  }),
}));

type LoginValues = Values<ReturnType<typeof loginKeywords>>;

/** Null without a login. A password without one is told, and a login without one where the check needs it. */
export function loginOf(
  { login, password: secret }: LoginValues,
  statement: Statement,
  reading: Reading,
  needsPassword: boolean,
): LoginConfig | null {
  if (login === undefined) {
    if (secret !== undefined) {
      const place = placeOf(statement, 'password');
      reading.error(place, 0, 'the password has no effect without login', 'add, for example: login monitor');
    }
    return null;
  }
  if (secret === undefined && needsPassword) {
    const place = placeOf(statement, 'login');
    reading.error(place, 0, 'a login without password', 'add, for example: password secret');
  }
  return { name: login, password: secret ?? null };
}
