// `flash_budget { }` and `flash_card NAME { }`.
import test from 'ava';
import { size, sizeRange } from '../../src/director/config/sizes.ts';
import { shippedCard, UNKNOWN_CARD } from '../../src/director/flash/profiles.ts';
import { goodConfig, problemsOf } from './support.ts';

test('sizes have units of 1024', t => {
  t.deepEqual(['512', '64k', '64K', '2m', '1g'].map(size.parse), [512, 65_536, 65_536, 2 ** 21, 2 ** 30]);
  t.deepEqual(
    ['0', '', 'k', '1.5k', '-1', '64kb', '9999999999999g'].map(size.parse),
    Array(7).fill(undefined),
  );
  t.deepEqual(sizeRange.parse('64k-128k'), { least: 65_536, most: 131_072 });
  t.deepEqual(sizeRange.parse('64k'), { least: 65_536, most: 65_536 });
  t.deepEqual(['128k-64k', '64k-', '-64k', '1k-2k-3k'].map(sizeRange.parse), Array(4).fill(undefined));
});

test('without flash_budget nothing is said of the card; with it what is not said is unknown', t => {
  t.is(goodConfig('interface eth0 { }').flash, undefined);
  t.deepEqual(goodConfig('flash_budget { }').flash, { perDay: null, card: UNKNOWN_CARD });
  t.deepEqual(goodConfig('flash_budget {\nper_day 64k\ncard "slc-zoned"\n}').flash, {
    perDay: 65_536,
    card: shippedCard('slc-zoned'),
  });
});

test('a card of one’s own is as wide as an unknown one but for what it says, wherever it stands', t => {
  const text = `flash_budget {
card ours
}
flash_card ours {
cell SLC
cycles 100000
erase_block 64k-128k
levelling static
average_erasures 229
}`;
  t.deepEqual(goodConfig(text).flash?.card, {
    ...UNKNOWN_CARD,
    ...{ name: 'ours', description: 'ours', source: 'the configuration' },
    cell: 'SLC',
    cycles: { least: 100_000, most: 100_000 },
    eraseBlock: { least: 65_536, most: 131_072 },
    levelling: 'static',
    smart: { averageErasures: 229 },
  });
  t.is(goodConfig(text.replaceAll('ours', 'slc')).flash?.card.source, 'the configuration');
});

test('a card that is not known, and one that cannot be, are errors with their place', t => {
  t.deepEqual(problemsOf('flash_budget {\ncard slc-statik\n}'), ['2:6 error: there is no card slc-statik']);
  t.deepEqual(problemsOf('flash_card x {\nlevelling zoned\ncycles 10\n}'), [
    '1:1 error: the card levels within zones, and their size is missing',
    '3:8 error: cycles of 10 is not within 100 to 10000000',
  ]);
  t.deepEqual(problemsOf('flash_budget {\nper_day 0\n}'), [
    '2:9 error: "0" is not a number of bytes above 0, or of k, m or g (1024 bytes each step)',
  ]);
});
