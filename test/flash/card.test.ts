// Card profiles: those that are shipped can be used, and what cannot be is told of one's own.
import test from 'ava';
import { type CardProfile, checkCard, withCapacity } from '../../src/director/flash/card.ts';
import { ownCard, SHIPPED_CARDS, shippedCard, UNKNOWN_CARD } from '../../src/director/flash/profiles.ts';

const own = (changes: Partial<CardProfile>) => checkCard(ownCard({ name: 'ours', ...changes }));

test('all shipped profiles are free of problems and have names of their own', t => {
  for (const card of SHIPPED_CARDS) t.deepEqual(checkCard(card), [], card.name);
  t.is(new Set(SHIPPED_CARDS.map(({ name }) => name)).size, SHIPPED_CARDS.length);
});

test('every shipped profile is within the unknown one, but for what is outside its time', t => {
  const outside = SHIPPED_CARDS.filter(
    ({ cycles }) => cycles.least < UNKNOWN_CARD.cycles.least || cycles.most > UNKNOWN_CARD.cycles.most,
  );
  t.deepEqual(
    outside.map(({ name }) => name),
    ['sandisk-1998'],
  );
});

test('a profile is found by its name', t => {
  t.is(shippedCard('slc-static')?.levelling, 'static');
  t.is(shippedCard('floppy'), null);
});

test('what a profile of its own leaves out is as wide as nothing known', t => {
  const card = ownCard({ name: 'ours', cycles: { least: 20_000, most: 20_000 } });
  t.deepEqual(card.eraseBlock, UNKNOWN_CARD.eraseBlock);
  t.is(card.levelling, 'unknown');
  t.is(card.source, 'the configuration');
  t.deepEqual(checkCard(card), []);
});

test('each thing that cannot be is told with its field and advice', t => {
  t.deepEqual(own({ cycles: { least: 1, most: 1 } }), [
    {
      field: 'cycles',
      message: 'cycles of 1 is not within 100 to 10000000',
      advice: 'look for a wrong unit',
    },
  ]);
  t.like(own({ cycles: { least: 5000, most: 3000 } })[0], { field: 'cycles', advice: 'exchange the two' });
  t.like(own({ cycles: { least: Number.NaN, most: 3000 } })[0], { message: 'cycles is not a number' });
  t.like(own({ capacity: { least: 64, most: 64 } })[0], { field: 'capacity' });
  t.like(own({ eraseBlock: { least: 64, most: 64 } })[0], { field: 'eraseBlock' });
  t.like(
    own({ capacity: { least: 1 << 20, most: 1 << 20 }, eraseBlock: { least: 2 << 20, most: 2 << 20 } })[0],
    {
      message: 'an erase block is larger than the card',
    },
  );
  t.like(own({ levelling: 'zoned' })[0], { field: 'zone' });
  t.like(own({ zone: { least: 1 << 20, most: 1 << 20 } })[0], {
    message: 'a card with levelling unknown has no zones',
  });
  t.like(own({ levelling: 'zoned', zone: { least: 1024, most: 1024 } })[0], { field: 'zone' });
  t.like(own({ smart: { lifeLeft: 0 } })[0], { field: 'smart' });
  t.like(checkCard(ownCard({ name: 'a b' }))[0], { field: 'name' });
  t.is(
    own({ cycles: { least: 1, most: 1 }, capacity: { least: 9, most: 9 } }).length,
    3,
    'all are told at once',
  );
});

test('the size that the kernel tells goes before the profile', t => {
  t.deepEqual(withCapacity(UNKNOWN_CARD, 128_450_560).capacity, { least: 128_450_560, most: 128_450_560 });
});
