import test from 'ava';
import * as host from 'host';

test('a search without an end is broken off, and the next one is not', t => {
  let reached = '';
  const text = `${'a'.repeat(40)}b`;
  const inTime = host.within(30, () => {
    try {
      reached = 'search';
      /^(a+)+$/.test(text);
      reached = 'end';
    } catch {
      reached = 'caught';
    }
  });
  t.false(inTime);
  t.is(reached, 'search');
  t.true(host.within(10_000, () => void /^a+b$/.exec(text)));
  t.false(
    host.within(30, () => {
      for (;;);
    }),
  );
});

test('what a step throws comes out', t => {
  t.throws(
    () =>
      host.within(1000, () => {
        throw new RangeError('too deep');
      }),
    { message: 'too deep' },
  );
});
