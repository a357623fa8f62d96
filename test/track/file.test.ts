import test from 'ava';
import { parseValue } from '../../src/director/track/file.ts';

test('a file says the number at its beginning', t => {
  const cases: [string, number][] = [
    ['5\n', 5],
    ['  -17 because of maintenance\n', -17],
    ['+3', 3],
    ['0x10', 16],
    ['-0X1f', -31],
    ['010', 8],
    ['08', 8],
    ['0', 0],
    ['-0', 0],
    ['', 0],
    ['none', 0],
    ['99999999999999', 2147483647],
    ['-99999999999999', -2147483647],
  ];
  for (const [text, value] of cases) t.is(parseValue(text), value, text);
});
