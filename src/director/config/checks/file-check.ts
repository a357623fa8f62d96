// `FILE_CHECK { }`: a real server is as the number in a tracked file says.
import type { CheckDraft } from '../check-timing.ts';
import { lacks } from '../reading.ts';
import { label, signedInteger } from '../types.ts';
import { block, noArguments, value } from '../vocabulary.ts';
import { weightKeyword } from '../weight.ts';

/** Milliseconds between two looks. */
const INTERVAL = 1000;

export const fileCheck = block({
  usage: '{ ... }',
  help: 'The real server is up, or has the weight, that the number in a file says.',
  example: 'FILE_CHECK { ... }',
  keywords: () => ({
    track_file: value(label, {
      help: 'The file, by the name of its track_file.',
      example: 'track_file load',
    }),
    weight: weightKeyword(signedInteger(-2_147_483_647, 2_147_483_647, 'WEIGHT'), {
      help: 'The number times this is added to the weight; unless set, or 0, that of the track_file; 0 there: another number than 0 means down.',
      example: 'weight -1',
    }),
  }),
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { track_file: name } = values;
    if (lacks(statement, 'track_file')) {
      reading.error(statement, 0, 'FILE_CHECK has no track_file', 'add, for example: track_file load');
    }
    if (name === undefined) return { complete: () => [] };
    const { weight = 0, reverse = false } = values.weight ?? {};
    // What the file is and how its number counts is known when all blocks have been read: see finish.ts.
    const file = { kind: 'FILE_CHECK', name, path: '', initial: null, weight, reverse } as const;
    return { complete: () => [{ ...file, interval: INTERVAL, retries: 0, delayBeforeRetry: 0 }] };
  },
});
