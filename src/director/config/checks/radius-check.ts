// `RADIUS_CHECK { }`: a real server is up when it accepts a login, or says that it is there.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { lacks, placeOf } from '../reading.ts';
import { text } from '../types.ts';
import { block, noArguments, type ValueType, value } from '../vocabulary.ts';
import { loginKeywords, loginOf } from './login.ts';

const secret: ValueType<string> = { ...text('SECRET'), isSecret: true };

/** Bytes of a name and of a password (RFC 2865 sections 5.1 and 5.2). */
const LONGEST_NAME = 253;
const LONGEST_PASSWORD = 128;

export const radiusCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when RADIUS accepts the login; without login, when it answers Status-Server.',
  example: 'RADIUS_CHECK { ... }',
  keywords: () => ({
    ...connectKeywords(),
    ...loginKeywords(),
    secret: value(secret, {
      help: 'What the director shares with the server.',
      example: 'secret testing123',
    }),
  }),
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const login = loginOf(values, statement, reading, true);
    if (lacks(statement, 'secret')) {
      reading.error(statement, 0, 'RADIUS_CHECK has no secret', 'add, for example: secret testing123');
    }
    for (const [word, most] of [
      ['login', LONGEST_NAME],
      ['password', LONGEST_PASSWORD],
    ] as const) {
      if (new TextEncoder().encode(values[word] ?? '').length <= most) continue;
      reading.error(
        placeOf(statement, word),
        1,
        `RADIUS takes no longer ${word} than ${most} bytes`,
        'shorten it',
      );
    }
    const { secret: shared } = values;
    if (shared === undefined) return { complete: () => [] };
    return {
      complete: context => [
        { kind: 'RADIUS_CHECK', secret: shared, login, ...resolveTiming(values, statement, context) },
      ],
    };
  },
});
