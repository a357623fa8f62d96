import test from 'ava';
import { afterLoss, isDamped, type Penalty, penaltyAt, reusedAt } from '../../src/director/check/damping.ts';

const DAMPING = { penalty: 1000, halfLife: 60_000, suppress: 2000, reuse: 750 };

/** After losses at these moments. */
function lost(...moments: number[]): Penalty {
  return moments.reduce<Penalty | null>((penalty, now) => afterLoss(penalty, DAMPING, now), null)!;
}

test('a penalty halves with every half-life', t => {
  const penalty = lost(0);
  t.is(penaltyAt(penalty, DAMPING, 0), 1000);
  t.is(penaltyAt(penalty, DAMPING, 60_000), 500);
  t.is(penaltyAt(penalty, DAMPING, 180_000), 125);
  t.false(isDamped(penalty, DAMPING, 0));
});

test('a server that is lost too often stays out until its penalty is small again', t => {
  t.false(isDamped(lost(0, 1000), DAMPING, 1000));
  const penalty = lost(0, 1000, 2000);
  t.true(isDamped(penalty, DAMPING, 2000));
  const reused = reusedAt(penalty, DAMPING);
  t.true(isDamped(penalty, DAMPING, reused - 1));
  t.false(isDamped(penalty, DAMPING, reused));
  t.true(penaltyAt(penalty, DAMPING, reused) <= DAMPING.reuse);
});

test('one loss more keeps a server out that is out, and does not bring out one that was', t => {
  const penalty = lost(0, 1000, 2000);
  const early = afterLoss(penalty, DAMPING, 60_000);
  t.true(early.suppressed);
  const late = afterLoss(penalty, DAMPING, reusedAt(penalty, DAMPING) + 1);
  t.false(late.suppressed);
});

test('whatever a server did, four half-lives make it good', t => {
  const moments = Array.from({ length: 1000 }, (_, at) => at);
  const penalty = lost(...moments);
  t.true(reusedAt(penalty, DAMPING) <= 999 + 4 * DAMPING.halfLife);
});

test('a limit that is far above the other one can be reached', t => {
  const damping = { penalty: 1, halfLife: 1000, suppress: 100_000, reuse: 1 };
  let penalty: Penalty | null = null;
  for (let loss = 0; loss <= 100_000; loss++) penalty = afterLoss(penalty, damping, 0);
  t.true(isDamped(penalty!, damping, 0));
});
