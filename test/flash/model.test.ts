// The forecast against a card that is worn out here, block by block: whatever pattern the writes have, it dies within the interval.
import test from 'ava';
import { type CardProfile, KIBI } from '../../src/director/flash/card.ts';
import { forecast } from '../../src/director/flash/forecast.ts';
import { addShare, DAY, newHistory, WINDOW } from '../../src/director/flash/history.ts';
import { ownCard } from '../../src/director/flash/profiles.ts';
import { Random } from '../simulation/random.ts';

const PAGE = 4 * KIBI;
const PAGES = 16;
const BLOCKS = 24;
const CYCLES = 200;
/** Milliseconds between writes of one page. */
const EVERY = 60_000;

/** Which page a write goes to; the number of the write is given. */
type Pattern = (number: number) => number;

/** Writes until a block has been erased as often as it stands: a block is erased when a page is written that has something in it. */
function wearUnlevelled(pattern: Pattern): number {
  const erased = new Uint32Array(BLOCKS);
  const full = Array.from({ length: BLOCKS }, () => new Set<number>());
  for (let number = 0; ; number++) {
    const page = pattern(number) % (PAGES * BLOCKS);
    const block = Math.floor(page / PAGES);
    const pages = full[block]!;
    if (pages.has(page)) {
      pages.clear();
      erased[block]!++;
      if (erased[block]! >= CYCLES) return number + 1;
    }
    pages.add(page);
  }
}

/** The same with levelling over the whole card: writes go to the block that was erased least, `together` of them before the next. */
function wearLevelled(together: number): number {
  const erased = new Uint32Array(BLOCKS);
  for (let number = 0; ; number += together) {
    const least = erased.indexOf(Math.min(...erased));
    erased[least]!++;
    if (erased[least]! > CYCLES) return number;
  }
}

/** Days of life that are forecast after one day of these writes. */
function forecastLife(levelling: CardProfile['levelling']): readonly [number, number] {
  const size = BLOCKS * PAGES * PAGE;
  const card = ownCard({
    name: 'model',
    levelling,
    capacity: { least: size, most: size },
    cycles: { least: CYCLES, most: CYCLES },
    eraseBlock: { least: PAGES * PAGE, most: PAGES * PAGE },
  });
  let history = newHistory(0);
  for (let at = 0; at < 6; at++) {
    const writes = WINDOW / EVERY;
    history = addShare(history, {
      from: at * WINDOW,
      to: (at + 1) * WINDOW,
      sectorsRead: 0,
      writes,
      sectorsWritten: (writes * PAGE) / 512,
      sectorsPermitted: 0,
      bursts: 1,
      readings: 1,
    });
  }
  const result = forecast({
    card,
    history,
    forbidden: [],
    held: null,
    calibration: null,
    smart: null,
    written: null,
  });
  return result.kind === 'interval' ? [result.life.least, result.life.most] : [Number.NaN, Number.NaN];
}

const days = (writes: number) => (writes * EVERY) / DAY;

test('without levelling the same page again and again is the least, a log that goes round in one block is the most', t => {
  const [least, most] = forecastLife('none');
  // The first write of a page into an erased block is free, so the card stands one write, or one round, more.
  t.is(days(wearUnlevelled(() => 5) - 1).toFixed(6), least.toFixed(6));
  t.is(days(wearUnlevelled(number => number % PAGES) - 1).toFixed(6), most.toFixed(6));
});

test('without levelling, whatever goes on in one block ends within the interval', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  const random = new Random(seed);
  const [least, most] = forecastLife('none');
  for (let round = 0; round < 50; round++) {
    const pages = random.integer(1, PAGES);
    const hot = random.next();
    const life = days(wearUnlevelled(() => (random.chance(hot) ? 0 : random.integer(0, pages - 1))));
    t.true(life >= least && life <= most, `${life} days with ${pages} pages`);
  }
});

test('writes that wander over an unlevelled card last longer than is counted on, and no longer than with levelling', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  const random = new Random(seed);
  const life = days(wearUnlevelled(() => random.integer(0, PAGES * BLOCKS - 1)));
  t.true(life > forecastLife('none')[1]);
  const [least, most] = forecastLife('unknown');
  t.true(life > least && life < most);
});

test('with levelling the ends are a block for every write, and blocks that are filled first', t => {
  const [least, most] = forecastLife('static');
  t.is(days(wearLevelled(1)).toFixed(6), least.toFixed(6));
  t.is(days(wearLevelled(PAGES)).toFixed(6), most.toFixed(6));
  for (let together = 2; together < PAGES; together++) {
    const life = days(wearLevelled(together));
    t.true(life > least && life < most);
  }
});
