// What heat does, and how it ends: the policy alone.
import test from 'ava';
import {
  afterReading,
  describeHeat,
  NOT_MEASURED,
  rests,
  type ThermalPolicy,
  type ThermalState,
  yieldsOffice,
} from '../../src/director/hardware/thermal.ts';

const POLICY: ThermalPolicy = { warn: 70, hot: 80, critical: 90, hysteresis: 3, hold: 600_000 };
const PERIOD = 10_000;

interface World {
  state: ThermalState;
  now: number;
}

const world = (): World => ({ state: NOT_MEASURED, now: 0 });

/** One reading after the other, ten seconds apart; the levels after each. */
function read(at: World, ...readings: readonly number[]): string[] {
  return readings.map(reading => {
    at.state = afterReading(at.state, reading, POLICY, at.now);
    at.now += PERIOD;
    return at.state.level;
  });
}

const minutes = (count: number, celsius: number) => Array<number>(count * 6).fill(celsius);

test('heat goes through its levels, and each has its consequence', t => {
  const at = world();
  const told = (celsius: number) => {
    read(at, ...minutes(20, celsius));
    const { level } = at.state;
    return [level, yieldsOffice(at.state), rests(at.state)];
  };
  t.deepEqual(told(50), ['cool', false, false]);
  t.deepEqual(told(72), ['warm', false, false]);
  t.deepEqual(told(82), ['hot', true, false]);
  t.deepEqual(told(91), ['critical', true, true]);
  t.deepEqual(told(82), ['hot', true, false]);
  t.deepEqual(told(72), ['warm', false, false]);
  t.deepEqual(told(50), ['cool', false, false]);
});

test('a single reading that slipped changes nothing', t => {
  const at = world();
  read(at, 50, 50, 50);
  t.deepEqual(read(at, 120, 50, -20, 50, 50), ['cool', 'cool', 'cool', 'cool', 'cool']);
  t.deepEqual(read(at, 91, 91), ['cool', 'critical']);
});

test('a level is left only when the heat has gone by the hysteresis', t => {
  const at = world();
  read(at, ...minutes(20, 70));
  t.deepEqual([...new Set(read(at, ...minutes(5, 68)))], ['warm']);
  read(at, ...minutes(10, 66));
  t.is(at.state.level, 'cool');
  t.deepEqual([...new Set(read(at, ...minutes(5, 69)))], ['cool']);
});

test('a board that cools without its traffic does not take it back at once', t => {
  const at = world();
  read(at, ...minutes(1, 81));
  t.true(yieldsOffice(at.state));
  read(at, ...minutes(9, 60));
  t.is(at.state.level, 'hot');
  t.is(describeHeat(at.state, 'lm86 temp2', POLICY), 'lm86 temp2 is at 60 C: was hot, from 80 C');
  read(at, ...minutes(2, 60));
  t.is(at.state.level, 'cool');
});

test('a fast rise is warned of before the first limit, a slow one is not', t => {
  const at = world();
  const rising = (step: number) => Array.from({ length: 24 }, (_, index) => 50 + Math.floor(index * step));
  read(at, ...rising(0.1));
  t.is(at.state.level, 'cool');
  const fast = world();
  read(fast, ...rising(0.75));
  t.is(fast.state.level, 'warm');
  t.regex(
    describeHeat(fast.state, 'lm86 temp2', POLICY),
    /is at 66 C and rises by 4\.\d C a minute: hot from 80 C$/,
  );
});

test('a board that starts cold and warms up is not warned of', t => {
  const at = world();
  // 20 degrees, to 52 in ten minutes.
  const levels = read(at, ...Array.from({ length: 60 }, (_, index) => 20 + Math.floor(index * 0.53)));
  t.deepEqual([...new Set(levels)], ['cool']);
});

test('heat has its words', t => {
  const at = world();
  t.is(describeHeat(at.state, 'x', POLICY), 'no temperature is known');
  read(at, 50);
  t.is(describeHeat(at.state, 'lm77 temp1', POLICY), 'lm77 temp1 is at 50 C');
  read(at, ...minutes(6, 92.25));
  t.is(describeHeat(at.state, 'lm77 temp1', POLICY), 'lm77 temp1 is at 92.3 C: critical from 90 C');
  read(at, ...minutes(2, 88));
  t.is(describeHeat(at.state, 'lm77 temp1', POLICY), 'lm77 temp1 is at 88 C: was critical, from 90 C');
});

test('two boards that each get hot by the traffic hand it over ever more seldom, not for ever', t => {
  // Each goes to 84 degrees under the traffic and to 55 without, with a time constant of ten minutes.
  const boards = [0, 1].map(() => ({ ...world(), celsius: 55 }));
  const priorities = [150, 100];
  const handovers: number[] = [];
  let master = 0;
  for (let step = 0; step < 24 * 360; step++) {
    for (const [index, board] of boards.entries()) {
      const target = index === master ? 84 : 55;
      board.celsius += (target - board.celsius) * (1 - Math.exp(-PERIOD / 600_000));
      read(board, Math.round(board.celsius));
    }
    const effective = boards.map(({ state }, index) => priorities[index]! - (yieldsOffice(state) ? 60 : 0));
    const next = effective[0]! > effective[1]! ? 0 : 1;
    if (next !== master) handovers.push(step / 360);
    master = next;
  }
  const within = (from: number, to: number) => handovers.filter(hour => hour >= from && hour < to).length;
  t.log(`handovers in the first 4 hours ${within(0, 4)}, in the last 8 ${within(16, 24)}`);
  t.true(within(0, 4) <= 12);
  t.true(within(16, 24) <= 4);
});
