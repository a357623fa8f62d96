// `flap_damping { }`: a real server that comes and goes stays out for a while, as a route does in BGP (RFC 2439). Ours.
import type { FlapDampingConfig } from './config.ts';
import { placeOf } from './reading.ts';
import { integer, seconds } from './types.ts';
import { block, noArguments, valueOr } from './vocabulary.ts';

const points = integer(1, 1_000_000);

/** The defaults are those that routers have. */
const keywords = {
  penalty: valueOr(points, '1000', {
    help: 'What each loss of a real server adds to its penalty.',
    example: 'penalty 1000',
  }),
  half_life: valueOr(seconds(1, 86_400), '900', {
    help: 'Seconds in which a penalty halves.',
    example: 'half_life 300',
  }),
  suppress: valueOr(points, '2000', {
    help: 'Penalty above which a real server stays out although it is up.',
    example: 'suppress 2000',
  }),
  reuse: valueOr(points, '750', {
    help: 'Penalty below which it is back.',
    example: 'reuse 750',
  }),
};

export const flapDamping = block({
  usage: '{ ... }',
  help: 'A real server that comes and goes stays out until its penalty, which halves with time, is small again.',
  example: 'flap_damping { half_life 300 }',
  repeat: 'last',
  keywords: () => keywords,
  header: noArguments,
  finish(_, values, statement, reading): FlapDampingConfig {
    const config = {
      penalty: values.penalty ?? keywords.penalty.default,
      halfLife: values.half_life ?? keywords.half_life.default,
      suppress: values.suppress ?? keywords.suppress.default,
      reuse: values.reuse ?? keywords.reuse.default,
    };
    if (config.reuse >= config.suppress) {
      const message = `reuse ${config.reuse} is not below suppress ${config.suppress}`;
      reading.error(
        placeOf(statement, 'reuse'),
        0,
        message,
        'a server comes back at less than what takes it out',
      );
    }
    return config;
  },
});
