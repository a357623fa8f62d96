// The budget of a card: what is told and when, what is refused, and clocks that are set.
import test from 'ava';
import {
  type BudgetInput,
  type BudgetState,
  dayOf,
  describeBudget,
  judgeWrite,
  newBudget,
  stepBudget,
} from '../../src/director/flash/budget.ts';
import { Random } from '../simulation/random.ts';

const DAY = 86_400_000;
const NOON = 20_000 * DAY + DAY / 2;
const PER_DAY = 65_536;

const fresh = () => newBudget(PER_DAY, NOON, null);

/** The state after these writes, and what was told, in order. */
function write(state: BudgetState, sizes: readonly number[], wall = NOON): [BudgetState, unknown[]] {
  let current = state;
  const told: unknown[] = [];
  for (const bytes of sizes) {
    const step = stepBudget(current, { type: 'wrote', bytes }, wall);
    current = step.state;
    for (const event of step.events) told.push(event.type === 'level' ? event.level : event.type);
  }
  return [current, told];
}

test('50, 80 and 100 % are told once each, when they are reached', t => {
  const [state, told] = write(fresh(), [32_767, 1, 0, 19_660, 1, 13_106, 1, 9000]);
  // 50 % are 32,768 bytes, 80 % are 52,428.8, reached with the 52,429th.
  t.deepEqual(told, [50, 80, 100]);
  t.is(state.spent, 74_536);
  t.deepEqual(write(fresh(), [32_768, 19_660])[1], [50]);
  t.deepEqual(write(fresh(), [32_768, 19_661])[1], [50, 80]);
});

test('one large write tells all that it passes', t => {
  const { events } = stepBudget(fresh(), { type: 'wrote', bytes: 70_000 }, NOON);
  t.deepEqual(events, [
    { type: 'level', level: 50, spent: 70_000, perDay: PER_DAY },
    { type: 'level', level: 80, spent: 70_000, perDay: PER_DAY },
    { type: 'level', level: 100, spent: 70_000, perDay: PER_DAY },
  ]);
});

test('a new day renews the budget, and says so after one with something to tell', t => {
  const [spent] = write(fresh(), [60_000]);
  const { state, events } = stepBudget(spent, { type: 'tick' }, NOON + DAY);
  t.deepEqual(events, [{ type: 'renewed', spentBefore: 60_000 }]);
  t.like(state, { spent: 0, told: 0, day: dayOf(NOON) + 1 });
  const [little] = write(fresh(), [100]);
  t.deepEqual(stepBudget(little, { type: 'tick' }, NOON + DAY).events, []);
});

test('what is written in a new day is of that day', t => {
  const [spent] = write(fresh(), [60_000]);
  t.is(stepBudget(spent, { type: 'wrote', bytes: 512 }, NOON + DAY).state.spent, 512);
});

test('a clock that is set back renews nothing, nor does the day that it enters again', t => {
  const [spent] = write(fresh(), [60_000]);
  const back = stepBudget(spent, { type: 'tick' }, NOON - 3 * DAY);
  t.like(back.state, { spent: 60_000, told: 80, day: dayOf(NOON) - 3 });
  t.deepEqual(back.events, []);
});

test('another budget is another part of the same bytes', t => {
  const [spent] = write(fresh(), [33_000]);
  const less: BudgetInput = { type: 'configured', perDay: 40_000 };
  t.deepEqual(
    stepBudget(spent, less, NOON).events.map(event => event.type === 'level' && event.level),
    [50, 80],
  );
  t.deepEqual(
    stepBudget(spent, { type: 'configured', perDay: PER_DAY }, NOON).events,
    [],
    'the same is not told again',
  );
  t.deepEqual(stepBudget(spent, { type: 'configured', perDay: 1e6 }, NOON).events, []);
  for (const perDay of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => stepBudget(spent, { type: 'configured', perDay }, NOON), { instanceOf: RangeError });
    t.throws(() => newBudget(perDay, NOON, null), { instanceOf: RangeError });
  }
});

test('a reboot gives no new budget on the same day', t => {
  t.is(newBudget(PER_DAY, NOON, { day: dayOf(NOON), spent: 60_000 }).spent, 60_000);
  t.is(newBudget(PER_DAY, NOON, { day: dayOf(NOON) - 1, spent: 60_000 }).spent, 0);
  // Without a battery the clock may begin before the last commit.
  t.is(newBudget(PER_DAY, NOON, { day: dayOf(NOON) + 1, spent: 60_000 }).spent, 60_000);
});

test('after a reboot the highest level alone is told again', t => {
  const toldAfter = (spent: number, since = 0) => {
    const state = newBudget(PER_DAY, NOON, { day: dayOf(NOON), spent }, since);
    t.is(state.spent, spent + since);
    return write(state, [0])[1];
  };
  t.deepEqual(
    [toldAfter(100), toldAfter(33_000), toldAfter(60_000), toldAfter(70_000)],
    [[], [50], [80], [100]],
  );
  t.deepEqual(toldAfter(60_000, 10_000), [100]);
});

test('within the budget everything may write', t => {
  const [spent] = write(fresh(), [65_024]);
  for (const kind of ['commit', 'other'] as const) {
    t.deepEqual(judgeWrite(spent, { kind, who: 'x', size: 512 }, NOON), { answer: 'allowed' });
  }
});

test('what does not fit is refused and named; a commit asks', t => {
  const [spent] = write(fresh(), [65_024]);
  t.deepEqual(judgeWrite(spent, { kind: 'other', who: 'director upgrade', size: 513 }, NOON), {
    answer: 'refused',
    reason:
      'the flash budget refuses director upgrade: 64 KiB of 64 KiB were written today, and this is 513 B more',
  });
  t.deepEqual(judgeWrite(spent, { kind: 'commit', who: 'admin', size: 4096 }, NOON), {
    answer: 'ask',
    reason:
      'the flash budget does not cover this commit: 64 KiB of 64 KiB were written today, and this is 4.0 KiB more',
  });
});

test('a request of the next day is judged by the budget of the next day', t => {
  const [spent] = write(fresh(), [65_536]);
  t.is(judgeWrite(spent, { kind: 'other', who: 'x', size: 1 }, NOON).answer, 'refused');
  t.is(judgeWrite(spent, { kind: 'other', who: 'x', size: 1 }, NOON + DAY).answer, 'allowed');
});

test('the budget is shown in words', t => {
  t.is(describeBudget(write(fresh(), [12_288])[0]), '12 KiB of 64 KiB written today (19 %)');
});

test('levels are never told twice a day, and spent never falls within one', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  const random = new Random(seed);
  let state = fresh();
  let wall = NOON;
  let told = new Set<number>();
  for (let step = 0; step < 5000; step++) {
    wall += random.integer(0, DAY / 10);
    const { state: after, events } = stepBudget(
      state,
      { type: 'wrote', bytes: random.integer(0, 8000) },
      wall,
    );
    if (after.day !== state.day) told = new Set();
    else t.true(after.spent >= state.spent);
    for (const event of events) {
      if (event.type !== 'level') continue;
      t.false(told.has(event.level));
      told.add(event.level);
    }
    t.is(after.told >= 50, after.spent * 2 >= PER_DAY);
    t.is(after.told === 100, after.spent >= PER_DAY);
    state = after;
  }
});
