// The reference in the README of the configuration language is that of the vocabulary.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { reference } from '../../src/director/config/reference.ts';
import { vocabulary } from '../../src/director/config/root.ts';

const README = join(import.meta.dirname, '../../src/director/config/README.md');

test('the README says what the vocabulary says', t => {
  const text = readFileSync(README, 'utf8');
  const written = /<!-- made of .*?-->\n(.*)<!-- end -->/s.exec(text)?.[1]?.trim();
  const made = reference(vocabulary).trim();
  if (written !== made) t.log(made);
  t.is(written, made);
});
