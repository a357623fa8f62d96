// `vrrp_track_process NAME { }`: processes that are counted.
import { lacks, placeOf, type Reading } from './reading.ts';
import { NO_WEIGHT, type Tracker } from './track-script.ts';
import type { Statement } from './tree.ts';
import { choice, integer, label, seconds, signedInteger } from './types.ts';
import {
  block,
  flag,
  type Keyword,
  type Located,
  oneName,
  type Values,
  value,
  valueOr,
} from './vocabulary.ts';
import type { TrackProcessConfig } from './vrrp-config.ts';
import { weightKeyword } from './weight.ts';

const SHORTEST = 0.000001;
const LONGEST = 3600;

const matches = choice(['initial', 'partial']);

const processWords: Keyword<readonly string[], 'last'> = {
  usage: 'PROGRAM [ARGUMENT ...]',
  help: 'Name of the program; with arguments they are compared as well.',
  example: 'process haproxy',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, statement.words.length);
    const words = statement.words.slice(1);
    const program = reading.argument(statement, 1, label);
    return program === undefined ? undefined : words;
  },
};

/** Alone it means that there are no further arguments. */
const paramMatch: Keyword<'initial' | 'partial' | 'exact', 'last'> = {
  usage: '[initial|partial]',
  help: 'How arguments are compared: the first ones (partial), the last of them by its beginning (initial), or all.',
  example: 'param_match initial',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, 2);
    return statement.words.length === 1 ? 'exact' : reading.argument(statement, 1, matches);
  },
};

const delay = seconds(SHORTEST, LONGEST);

const keywords = () => ({
  process: processWords,
  param_match: paramMatch,
  full_command: flag({
    help: 'Compare with the command line, not with the name of the process.',
    example: 'full_command',
  }),
  weight: weightKeyword(signedInteger(-254, 254, 'WEIGHT'), {
    help: 'What is added to the priority while up, or, when negative, while down; 0, as is the default: FAULT while down.',
    example: 'weight -20',
  }),
  quorum: valueOr(integer(1, 65535), '1', {
    help: 'Least number of processes that is up.',
    example: 'quorum 2',
  }),
  quorum_max: value(integer(0, 65535), {
    help: 'Greatest number of processes that is up; any unless set, 0: none may run.',
    example: 'quorum_max 1',
  }),
  delay: value(delay, {
    help: 'Both of the following.',
    example: 'delay 2',
  }),
  fork_delay: value(delay, {
    help: 'Seconds for which enough processes must run until they count; 0 unless set.',
    example: 'fork_delay 1',
  }),
  terminate_delay: value(delay, {
    help: 'Seconds for which too few may run until they are missed; 0 unless set.',
    example: 'terminate_delay 2',
  }),
});

type ProcessValues = Values<ReturnType<typeof keywords>>;

export const trackProcess = block({
  usage: 'NAME { ... }',
  help: 'Processes of this machine that are counted.',
  example: 'vrrp_track_process haproxy { ... }',
  keywords,
  header: oneName,
  finish(name, values, statement, reading): Located<Tracker<TrackProcessConfig>> | undefined {
    if (lacks(statement, 'process')) {
      const advice = 'add, for example: process haproxy';
      reading.error(statement, 0, `vrrp_track_process ${name} has no process`, advice);
    }
    if (values.process === undefined) return undefined;
    const config: TrackProcessConfig = {
      name,
      words: values.process,
      match: matchOf(values),
      ...quorumOf(values, statement, reading),
      forkDelay: values.fork_delay ?? values.delay ?? 0,
      terminateDelay: values.terminate_delay ?? values.delay ?? 0,
    };
    return { value: { config, weight: values.weight ?? NO_WEIGHT }, statement };
  },
});

function matchOf({
  process,
  param_match: match,
  full_command: full,
}: ProcessValues): TrackProcessConfig['match'] {
  if (match !== undefined) return match;
  if (process !== undefined && process.length > 1) return 'exact';
  return full ? 'full-command' : 'name';
}

function quorumOf(
  values: ProcessValues,
  statement: Statement,
  reading: Reading,
): Pick<TrackProcessConfig, 'quorum' | 'quorumMax'> {
  const { quorum = 1 } = values;
  const most = values.quorum_max ?? null;
  if (most === 0 && lacks(statement, 'quorum')) return { quorum: 0, quorumMax: 0 };
  if (most !== null && most < quorum) {
    const message = `quorum_max ${most} is below quorum ${quorum}`;
    reading.error(placeOf(statement, 'quorum_max'), 1, message, 'it could never be up: exchange them');
  }
  return { quorum, quorumMax: most };
}
