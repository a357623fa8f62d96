// Guessing what was meant.
import test from 'ava';
import { editDistance, nearest } from '../../src/director/config/nearest.ts';

test('edits are characters added, left out, replaced, and neighbours exchanged', t => {
  t.is(editDistance('weight', 'weight', 3), 0);
  t.is(editDistance('wieght', 'weight', 3), 1);
  t.is(editDistance('weigt', 'weight', 3), 1);
  t.is(editDistance('weightt', 'weight', 3), 1);
  t.is(editDistance('weigth', 'weight', 3), 1);
  t.is(editDistance('abc', 'xyzabc', 2), Number.POSITIVE_INFINITY);
  t.is(editDistance('abcdef', 'uvwxyz', 3), Number.POSITIVE_INFINITY);
});

test('the nearest word is found, the first among equals', t => {
  const words = ['weight', 'retry', 'real_server', 'state'];
  t.is(nearest('real_servr', words), 'real_server');
  t.is(nearest('WEIGHT', words), 'weight');
  t.is(nearest('stat', words), 'state');
  t.is(nearest('ab', ['ac', 'ad']), 'ac');
});

test('a word far from all has no nearest', t => {
  t.is(nearest('frobnicate', ['weight', 'retry']), null);
  t.is(nearest('x'.repeat(100), ['x'.repeat(96)]), null);
});
