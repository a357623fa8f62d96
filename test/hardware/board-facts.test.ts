// What the kernel's command line says of the board.
import test from 'ava';
import { readBoardFacts } from '../../src/director/hardware/board-facts.ts';
import { createFake } from '../../src/platform/fake.ts';

const facts = (line: string) => readBoardFacts(createFake({ files: { '/proc/cmdline': `${line}\n` } }));

test('what is there is taken, what makes no sense is not', t => {
  t.deepEqual(facts('quiet director.board=alix director.button=24 director.limits=60,70,80'), {
    name: 'alix',
    limits: { warn: 60, hot: 70, critical: 80 },
    button: 24,
  });
  const nothing = { name: null, limits: null, button: null };
  t.deepEqual(facts('console=ttyS0'), nothing);
  t.deepEqual(facts('director.limits=70,60,80 director.button=x'), nothing);
  t.deepEqual(facts('director.limits=70,80 director.button='), nothing);
  t.deepEqual(readBoardFacts(createFake()), nothing);
});
