import test from 'ava';
import { decideQuorum } from '../../src/director/check/quorum.ts';

const served = (weight: number, isOpen = false) => ({ weight, isOpen });
const THREE = { weight: 3, hysteresis: 1 };

test('one real server that is up is quorum, none is not, and what is not decided is neither', t => {
  t.is(decideQuorum(null, served(1, true)), true);
  t.is(decideQuorum(null, served(0, true)), null);
  t.is(decideQuorum(null, served(0)), false);
  t.is(decideQuorum(true, served(0)), false);
  t.is(decideQuorum(false, served(1)), true);
});

test('it is gained above the weight and lost below it by as much as the hysteresis', t => {
  const weights = [2, 1, 2, 3, 4, 3, 2, 1, 0];
  let isUp: boolean | null = null;
  const course = weights.map(weight => {
    isUp = decideQuorum(isUp, served(weight), THREE);
    return isUp;
  });
  t.deepEqual(course, [true, false, false, false, true, true, true, false, false]);
});

test('servers that are yet to be checked keep it from being lost', t => {
  t.is(decideQuorum(true, served(0, true), THREE), true);
  t.is(decideQuorum(null, served(1, true), THREE), null);
  t.is(decideQuorum(false, served(1, true), THREE), false);
});

test('a hysteresis as large as the weight does not make nothing enough', t => {
  t.is(decideQuorum(true, served(0), { weight: 2, hysteresis: 2 }), false);
});
