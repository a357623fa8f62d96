import test from 'ava';
import { afterRun, newScript } from '../../src/director/track/script.ts';

/** The verdicts after each run; `+` succeeds, `-` fails. */
function verdicts(runs: string, config: { rise: number; fall: number; initFail?: boolean }): string {
  let state = newScript({ initFail: config.initFail ?? false });
  let text = state.up === null ? '?' : state.up ? 'u' : 'd';
  for (const run of runs) {
    state = afterRun(state, run === '+', config);
    text += state.up ? 'u' : 'd';
  }
  return text;
}

test('the first run decides alone', t => {
  t.is(verdicts('+', { rise: 3, fall: 3 }), '?u');
  t.is(verdicts('-', { rise: 3, fall: 3 }), '?d');
});

test('it goes down after `fall` failures in a row and up after `rise` successes in a row', t => {
  t.is(verdicts('+-----+++++', { rise: 3, fall: 2 }), '?uudddddduuu');
  t.is(verdicts('+-+-+--', { rise: 1, fall: 2 }), '?uuuuuud');
  t.is(verdicts('-++-+++', { rise: 3, fall: 1 }), '?ddddddu');
});

test('with init_fail it is down from the start, until enough runs have succeeded', t => {
  t.is(verdicts('++', { rise: 2, fall: 1, initFail: true }), 'ddu');
  t.is(verdicts('+', { rise: 1, fall: 1, initFail: true }), 'du');
});
