// The configurations in the README are right as they stand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkBlocks } from '../../src/director/config/checks/checks.ts';
import { describe, load } from '../config/support.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** Indented blocks that could be files of their own. */
const EXAMPLES = [...README.matchAll(/(?:^ {4}.*\n|^\n(?= {4}))+/gm)]
  .map(match => match[0].replace(/^ {4}/gm, ''))
  .filter(text => /^ *real_server /m.test(text) && !text.includes('...\n'));

test('the examples with real servers have no problem', t => {
  t.is(EXAMPLES.length, 2);
  for (const text of EXAMPLES) t.deepEqual(load(text).problems.map(describe), [], text);
});

test('every check is in the table of checks', t => {
  for (const name of Object.keys(checkBlocks)) t.true(README.includes(`| \`${name}\` |`), name);
});
