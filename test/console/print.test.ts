// director print: what people and programs get.
import test from 'ava';
import { printFile } from '../../src/director/console/print.ts';
import { validate } from '../schemas/validate.ts';

test('a file is printed in its usual layout', t => {
  const printed = printFile('a.conf', '\ufeffa{b #c\n}', { json: false });
  t.deepEqual(printed, { exitCode: 0, output: 'a {\n  b #c\n}\n', errors: '' });
});

test('a quote that is not closed is an error, and nothing is printed', t => {
  const { exitCode, output, errors } = printFile('a.conf', 'x\n  a "b\n', { json: false });
  t.is(exitCode, 2);
  t.is(output, '');
  t.regex(errors, /^a\.conf:2:5: error: this quote is not closed/);
});

test('programs get the text and the problems', t => {
  const { output } = printFile('a.conf', ' a\n', { json: true });
  t.deepEqual(JSON.parse(output), { version: 1, ok: true, text: 'a\n', problems: [] });
  for (const text of ['a', 'a "b'])
    t.deepEqual(validate('print', JSON.parse(printFile('a.conf', text, { json: true }).output)), []);
});
