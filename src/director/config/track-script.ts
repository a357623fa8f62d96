// `vrrp_script NAME { }`: a program whose exit status is tracked.
import { plainCommand, userKeyword } from './command.ts';
import { lacks } from './reading.ts';
import { integer, seconds } from './types.ts';
import { block, flag, type Located, oneName, value, valueOr } from './vocabulary.ts';
import type { TrackScriptConfig } from './vrrp-config.ts';
import { priorityWeight, type Weight, weightKeyword } from './weight.ts';

/** The longest that keepalived takes: 32 bits of microseconds. */
const LONGEST = 4294;

/** keepalived 2.4 counts milliseconds. */
const SHORTEST = 0.001;

const user = userKeyword({
  help: 'Whom the program runs as; script_user of global_defs unless set.',
  example: 'user nobody',
});

const keywords = () => ({
  script: plainCommand({
    help: 'The program with its arguments, in quotes when there are any; no shell is between.',
    example: 'script "/usr/bin/killall -0 haproxy"',
  }),
  interval: valueOr(seconds(SHORTEST, LONGEST), '1', {
    help: 'Seconds between two runs.',
    example: 'interval 2',
  }),
  timeout: value(seconds(SHORTEST, LONGEST), {
    help: 'Seconds after which a run has failed; the interval unless set.',
    example: 'timeout 1',
  }),
  weight: weightKeyword(priorityWeight, {
    help: 'What is added to the priority while up, or, when negative, while down; 0, as is the default: FAULT while down.',
    example: 'weight -20',
  }),
  rise: valueOr(integer(1, 2_147_483_647), '1', {
    help: 'Successes in a row that make it up.',
    example: 'rise 2',
  }),
  fall: valueOr(integer(1, 2_147_483_647), '1', {
    help: 'Failures in a row that make it down.',
    example: 'fall 2',
  }),
  user,
  init_fail: flag({
    help: 'Down until its first success.',
    example: 'init_fail',
  }),
});

/** What is tracked, with the weight that it has where none is said. */
export interface Tracker<T> {
  readonly config: T;
  readonly weight: Weight;
}

export const NO_WEIGHT: Weight = { weight: 0, reverse: false };

export const vrrpScript = block({
  usage: 'NAME { ... }',
  help: 'A program that is run again and again; its exit status 0 is success.',
  example: 'vrrp_script chk_http { ... }',
  keywords,
  header: oneName,
  finish(name, values, statement, reading): Located<Tracker<TrackScriptConfig>> | undefined {
    if (lacks(statement, 'script')) {
      const advice = 'add, for example: script "/usr/bin/killall -0 haproxy"';
      reading.error(statement, 0, `vrrp_script ${name} has no script`, advice);
    }
    if (values.script === undefined) return undefined;
    const { interval = 1000, user: owner = { user: null, group: null } } = values;
    const config: TrackScriptConfig = {
      name,
      command: { words: values.script, ...owner },
      interval,
      timeout: values.timeout ?? interval,
      rise: values.rise ?? 1,
      fall: values.fall ?? 1,
      initFail: values.init_fail === true,
    };
    return { value: { config, weight: values.weight ?? NO_WEIGHT }, statement };
  },
});
