// `MISC_CHECK { }`: a real server is as the exit status of a program says.
import { type CheckDraft, checkKeywords, LONGEST_SECONDS, resolveBeat } from '../check-timing.ts';
import { plainCommand, userKeyword } from '../command.ts';
import { lacks } from '../reading.ts';
import { seconds } from '../types.ts';
import { block, flag, noArguments, value } from '../vocabulary.ts';

/** keepalived: one run decides. */
const DEFAULTS = { retries: 0 };

const user = userKeyword({
  help: 'Whom the program runs as; script_user of global_defs unless set.',
  example: 'user nobody',
});

export const miscCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when a program ends with exit status 0.',
  example: 'MISC_CHECK { ... }',
  keywords: () => ({
    ...checkKeywords(),
    misc_path: plainCommand({
      help: 'The program with its arguments, in quotes when there are any; no shell is between.',
      example: 'misc_path "/usr/local/bin/check 10.0.0.1"',
    }),
    misc_timeout: value(seconds(0, LONGEST_SECONDS), {
      help: 'Seconds after which the program is ended and has failed; delay_loop unless set, or 0.',
      example: 'misc_timeout 5',
    }),
    misc_dynamic: flag({
      help: 'An exit status from 2 to 255 is success too, and sets the weight to 2 less; 0 leaves the weight, 1 is failure.',
      example: 'misc_dynamic',
    }),
    user,
  }),
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { misc_path: words, user: owner = { user: null, group: null } } = values;
    if (lacks(statement, 'misc_path')) {
      const advice = 'add, for example: misc_path "/usr/local/bin/check 10.0.0.1"';
      reading.error(statement, 0, 'MISC_CHECK has no misc_path', advice);
    }
    if (words === undefined) return { complete: () => [] };
    const command = { words, ...owner };
    return {
      complete(context) {
        const beat = resolveBeat(values, context, DEFAULTS);
        const timeout = values.misc_timeout || beat.interval;
        const dynamicFrom = values.misc_dynamic === true ? context.weight : null;
        return [{ kind: 'MISC_CHECK', command, timeout, dynamicFrom, ...beat }];
      },
    };
  },
});
