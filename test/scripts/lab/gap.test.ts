import test from 'ava';
import { answersPerServer, endsAnswered, longestGap, type Sample } from '../../../scripts/lab/gap.ts';

function answer(finished: number, server = 'web1'): Sample {
  return { started: finished - 1, finished, server, error: null };
}

const failure: Sample = { started: 30, finished: 1030, server: null, error: 'no answer' };

test('the gap is between answers, whatever fails in between', t => {
  t.is(longestGap([answer(10), answer(20), failure, answer(500), answer(510)]), 480);
});

test('answers that come out of order make no gap', t => {
  t.is(longestGap([answer(30), answer(10), answer(20)]), 10);
});

test('without two answers there is no gap', t => {
  t.is(longestGap([]), 0);
  t.is(longestGap([failure, answer(10)]), 0);
});

test('answers are counted by server, failures are not', t => {
  const counts = answersPerServer([answer(1, 'web2'), answer(2), failure, answer(3, 'web2')]);
  t.deepEqual(
    [...counts],
    [
      ['web1', 1],
      ['web2', 2],
    ],
  );
});

test('what counts at the end is the request started last, not the one that ended last', t => {
  t.true(endsAnswered([failure, answer(500), failure]));
  t.false(endsAnswered([answer(10), failure]));
  t.false(endsAnswered([]));
});
