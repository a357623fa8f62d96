// The forecast and everything it goes by, worked by hand with round numbers.
import test from 'ava';
import { cycleBytes } from '../../src/director/flash/capacity.ts';
import { type CardProfile, KIBI, MEBI } from '../../src/director/flash/card.ts';
import { type ForecastInput, forecast, type Interval } from '../../src/director/flash/forecast.ts';
import { addShare, type History, newHistory, type Share, WINDOW } from '../../src/director/flash/history.ts';
import { ownCard, SHIPPED_CARDS } from '../../src/director/flash/profiles.ts';

/** 100 MiB, 1,000 cycles, blocks of 64 KiB. */
function card(changes: Partial<CardProfile> = {}): CardProfile {
  return ownCard({
    name: 'round',
    capacity: { least: 100 * MEBI, most: 100 * MEBI },
    cycles: { least: 1000, most: 1000 },
    eraseBlock: { least: 64 * KIBI, most: 64 * KIBI },
    ...changes,
  });
}

/** Windows of four hours, each with so many writes of 4 KiB. */
function history(writes: readonly number[], changes: Partial<Share> = {}): History {
  return writes.reduce(
    (state, count, at) =>
      addShare(state, {
        from: at * WINDOW,
        to: (at + 1) * WINDOW,
        sectorsRead: 0,
        writes: count,
        sectorsWritten: 8 * count,
        sectorsPermitted: 0,
        bursts: count > 0 ? 1 : 0,
        readings: 1,
        ...changes,
      }),
    newHistory(0),
  );
}

function input(changes: Partial<ForecastInput> = {}): ForecastInput {
  return {
    card: card({ levelling: 'static' }),
    // 256 to 512 writes of 4 KiB in a window: 6 to 12 MiB a day, 9 in the mean.
    history: history([256, 512, 256, 512, 256, 512]),
    forbidden: [],
    held: null,
    calibration: null,
    smart: null,
    written: null,
    ...changes,
  };
}

function interval(changes: Partial<ForecastInput> = {}): Interval {
  const result = forecast(input(changes));
  if (result.kind !== 'interval') throw new Error(result.kind);
  return result;
}

const usage = { meanWrite: 4 * KIBI, held: null, calibration: null };

test('write amplification is at most a block for every write, and at least 1', t => {
  const most = (meanWrite: number) => cycleBytes(card(), { ...usage, meanWrite }).amplification.most;
  t.is(most(4 * KIBI), 16);
  t.is(most(512), 128);
  t.is(most(60 * KIBI), 2, 'a write that does not fill its block');
  t.is(most(64 * KIBI), 1);
  t.is(most(MEBI), 1);
});

test('each kind of levelling has its own capacity for a cycle', t => {
  const bytes = (changes: Partial<CardProfile>, held: number | null = null) =>
    cycleBytes(card(changes), { ...usage, held }).bytes;
  t.deepEqual(bytes({ levelling: 'static' }), { least: (100 * MEBI) / 16, most: 100 * MEBI });
  t.deepEqual(bytes({ levelling: 'dynamic' }, 80 * MEBI), { least: (20 * MEBI) / 16, most: 20 * MEBI });
  t.deepEqual(
    bytes({ levelling: 'dynamic' }, 100 * MEBI),
    { least: (3 * MEBI) / 16, most: 3 * MEBI },
    'spare',
  );
  t.deepEqual(bytes({ levelling: 'dynamic' }), { least: (3 * MEBI) / 16, most: 100 * MEBI });
  const zone = { least: 32 * MEBI, most: 64 * MEBI };
  t.deepEqual(bytes({ levelling: 'zoned', zone }), { least: 2 * MEBI, most: 64 * MEBI });
  const large = { least: 64 * MEBI, most: 128 * MEBI };
  t.is(bytes({ levelling: 'zoned', zone: large }).most, 100 * MEBI, 'a zone is not larger than the card');
  t.deepEqual(bytes({ levelling: 'none' }), { least: 4 * KIBI, most: 64 * KIBI });
  t.deepEqual(bytes({ levelling: 'unknown' }), { least: 4 * KIBI, most: 100 * MEBI });
});

test('a write larger than a block erases the hottest one once', t => {
  const unlevelled = card({ levelling: 'none' });
  t.deepEqual(cycleBytes(unlevelled, { ...usage, meanWrite: MEBI }).bytes, { least: MEBI, most: MEBI });
});

test('life is capacity by cycles, less amplification, by what is written', t => {
  const { life, daily, amplification, used } = interval();
  t.deepEqual(daily, { least: 6 * MEBI, most: 12 * MEBI });
  t.deepEqual(amplification, { least: 1, most: 16 });
  // 100 MiB x 1,000 / (16 x 12 MiB) = 520.8 days; 100 MiB x 1,000 / (1 x 6 MiB) = 16,666.7 days.
  t.is(life.least.toFixed(1), '520.8');
  t.is(life.most.toFixed(1), '16666.7');
  t.is(used, null);
});

test('the reasons are all there, in words', t => {
  t.deepEqual(interval().reasons, [
    '6.0 MiB to 12 MiB written a day, 9.0 MiB in the mean: nine tenths of 6 windows are within',
    'write amplification 1 to 16: writes of 4.0 KiB in the mean, erase blocks of 64 KiB',
    'levelling static: the whole card wears evenly, 100 MiB',
    '1,000 cycles: round (the configuration)',
    // 2,304 writes in a day: one every 37.5 s, a thousand of which are 10.4 hours.
    'hot block: one that takes all these writes, one every 37.5 s, lasts 10 hours without levelling',
  ]);
});

test('the known numbers of a hot block come out: 100,000 cycles once a second, a minute, an hour', t => {
  const days = (every: number) => {
    const writes = WINDOW / every;
    const unlevelled = card({ levelling: 'none', cycles: { least: 100_000, most: 100_000 } });
    return interval({ card: unlevelled, history: history(Array(6).fill(writes)) }).hotBlock.least;
  };
  t.is(days(1000).toFixed(2), '1.16');
  t.is(days(60_000).toFixed(1), '69.4');
  t.is((days(3_600_000) / 365).toFixed(1), '11.4');
});

test('without levelling the least life is that of the hot block', t => {
  const { life, hotBlock } = interval({
    card: card({ levelling: 'none' }),
    history: history(Array(6).fill(384)),
  });
  t.is(life.least.toFixed(6), hotBlock.least.toFixed(6));
  t.is(
    (life.most / life.least).toFixed(6),
    '16.000000',
    'at best a block takes 16 writes before it is erased',
  );
});

test('one window is said to be one window', t => {
  const { reasons, life } = interval({ history: history([384]) });
  t.is(
    reasons[0],
    '120 KiB to 50 MiB written a day, 9.0 MiB in the mean: only 1 window of 4 hours, so the range is that of 1 burst of writes in 4 h by chance',
  );
  t.is(reasons[1], '6 windows make a day: until then this may be the quiet or the busy part of one');
  const day = interval({ history: history(Array(6).fill(384)) });
  t.true(life.least < day.life.least && life.most > day.life.most, 'and its interval is wider');
});

test('less than a window is said to be less', t => {
  const short = addShare(newHistory(0), {
    from: 0,
    to: 600_000,
    sectorsRead: 0,
    writes: 10,
    sectorsWritten: 80,
    sectorsPermitted: 0,
    bursts: 5,
    readings: 5,
  });
  const [first] = interval({ history: short }).reasons;
  t.regex(
    first!,
    /not one window of 4 hours is over, so the range is that of 5 bursts of writes in 10 min by chance$/,
  );
});

test('all since the start, known by one reading, is said to be one window', t => {
  const { open } = newHistory(0);
  const amounts = { observed: 40 * 86_400_000, writes: 10, sectorsWritten: 80, bursts: 1, readings: 1 };
  const { reasons } = interval({ history: { open: { ...open, ...amounts }, windows: [], days: [] } });
  t.regex(
    reasons[0]!,
    /: one reading is one window, of 40 days, so the range is that of one burst of writes by chance$/,
  );
});

test('a write to what is read-only is an alarm, whatever else there is', t => {
  t.deepEqual(forecast(input({ forbidden: [{ name: 'sda1', sectors: 1 }] })), {
    kind: 'alarm',
    reasons: [
      '1 sector was written to sda1, which nothing may write to: find what does that before it is worth a forecast',
    ],
  });
});

test('nothing written wears nothing, nothing observed tells nothing', t => {
  t.deepEqual(forecast(input({ history: history([0, 0]) })), {
    kind: 'idle',
    reasons: ['nothing was written in 8 h', 'what does not wear by writing still ages, and fails of heat'],
  });
  t.is(forecast(input({ history: newHistory(0) })).kind, 'unobserved');
});

test('a rate that may be 0 has no upper end', t => {
  const { life, daily } = interval({ history: history([...Array(11).fill(0), 384]) });
  t.is(daily.least, 0);
  t.is(life.most, Number.POSITIVE_INFINITY);
  t.true(Number.isFinite(life.least));
});

test('what the card says of its erasures takes the place of the bounds', t => {
  const calibration = { amplification: { least: 2, most: 3 }, reason: 'measured' };
  const { life, amplification, reasons } = interval({ calibration });
  t.deepEqual(amplification, { least: 2, most: 3 });
  // 100,000 MiB / (3 x 12 MiB) and / (2 x 6 MiB).
  t.is(life.least.toFixed(1), '2777.8');
  t.is(life.most.toFixed(1), '8333.3');
  t.true(reasons.includes('measured'));
  const beyond = { amplification: { least: 20, most: 40 }, reason: 'measured' };
  t.true(
    interval({ calibration: beyond }).reasons.includes(
      'measured; that is more than block and write sizes explain (16)',
    ),
  );
});

test('the odometer takes off what is used', t => {
  // 3,125 MiB: half of 100,000 MiB / 16, and a thirty-second of 100,000 MiB.
  const { life, used, reasons } = interval({ written: 3125 * MEBI });
  t.deepEqual(used, { least: 0.03125, most: 0.5 });
  t.is(life.least.toFixed(1), '260.4');
  t.is(life.most.toFixed(1), '16145.8');
  t.is(reasons.at(-1), '3.1 % to 50 % of its life is used by the odometer');
});

test('the card goes before the odometer', t => {
  const smart = {
    averageErasures: 900,
    worstErasures: null,
    totalErasures: null,
    lifeLeft: null,
    spareBlocks: null,
  };
  const { used, life, reasons } = interval({ smart, written: 1 });
  t.deepEqual(used, { least: 0.9, most: 0.9 });
  t.is(life.least.toFixed(1), '52.1');
  t.is(reasons.at(-1), '90 % of its life is used by what the card says');
});

test('a card beyond its cycles may end at once, and is said to', t => {
  const { life, used, reasons } = interval({ written: 200_000 * MEBI });
  t.deepEqual(used, { least: 2, most: 32 });
  t.deepEqual(life, { least: 0, most: 0 });
  t.is(
    reasons.at(-1),
    '200 % to 3200 % of its life is used by the odometer: it may be beyond what it is rated for',
  );
});

test('with every shipped card the interval is one: least is not above most, and there are reasons', t => {
  for (const shipped of SHIPPED_CARDS) {
    for (const writes of [[1], [500, 0], [1, 1, 1, 1, 1, 1], Array(200).fill(7)]) {
      for (const held of [null, 0, 64e6, 1e12]) {
        const { life, hotBlock, reasons } = interval({
          card: shipped,
          history: history(writes),
          held,
          written: 1e6,
        });
        t.true(life.least >= 0 && life.least <= life.most, shipped.name);
        t.true(hotBlock.least <= hotBlock.most);
        t.true(reasons.length >= 5 && reasons.every(reason => !/NaN|undefined|null/.test(reason)));
      }
    }
  }
});

test('more writes never make a life longer', t => {
  for (const shipped of SHIPPED_CARDS) {
    let before = interval({ card: shipped, history: history(Array(6).fill(1)) }).life;
    for (const writes of [2, 10, 100, 10_000]) {
      const { life } = interval({ card: shipped, history: history(Array(6).fill(writes)) });
      t.true(life.least <= before.least && life.most <= before.most, shipped.name);
      before = life;
    }
  }
});
