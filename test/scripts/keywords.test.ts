// No keyword of keepalived is passed over.
import test from 'ava';
import { answeredKeywords, keywordTable } from '../../scripts/keywords/answers.ts';
import { problemsOf } from '../config/support.ts';

test('every keyword of keepalived has an answer', t => {
  const keywords = answeredKeywords();
  t.true(keywords.length > 350);
  t.deepEqual(
    keywords.filter(({ answers }) => answers.length === 0).map(({ word }) => word),
    [],
  );
  t.regex(keywordTable(), / 0 passed over\.\n$/);
});

test('what is refused says what to do', t => {
  for (const { word, answers } of answeredKeywords()) {
    for (const { kind, note } of answers) if (kind !== 'works') t.true(note.length > 10, word);
  }
});

test('a bfd_instance is refused with all that is in it', t => {
  t.deepEqual(problemsOf('bfd_instance A {\nneighbor_ip 192.0.2.1\nmin_rx 10\n}\n'), [
    '1:1 error: bfd_instance is not supported',
  ]);
});
