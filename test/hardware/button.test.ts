// The reset button: what is meant by how long it is held.
import test from 'ava';
import { afterLook, NEW_BUTTON } from '../../src/director/hardware/button.ts';

/** What happens while it is looked at ten times a second: `0.5` held for half a second, `-1` released for one. */
function pressed(...spans: readonly number[]): string[] {
  let state = NEW_BUTTON;
  let now = 0;
  const told: string[] = [];
  for (const span of spans) {
    for (let look = 0; look < Math.abs(span) * 10; look++) {
      const after = afterLook(state, span > 0, now);
      state = after.state;
      if (after.pressed !== null) told.push(after.pressed);
      now += 100;
    }
  }
  return told;
}

test('a short press counts when it is released', t => {
  t.deepEqual(pressed(-1, 0.1), []);
  t.deepEqual(pressed(-1, 0.1, -1), ['short']);
  t.deepEqual(pressed(-1, 4.9, -1, 0.5, -1), ['short', 'short']);
});

test('a long press counts while it is still held, and is no short one', t => {
  t.deepEqual(pressed(-1, 5.1), ['long']);
  t.deepEqual(pressed(-1, 14, -1), ['long']);
  t.deepEqual(pressed(-1, 15.2), ['long', 'very long']);
  t.deepEqual(pressed(-1, 60, -1), ['long', 'very long']);
  t.deepEqual(pressed(-1, 6, -1, 6, -1), ['long', 'long']);
});

test('a button that is stuck from the beginning says nothing until it comes loose', t => {
  t.deepEqual(pressed(60), []);
  t.deepEqual(pressed(60, -0.1, 0.5, -1), ['short']);
});
