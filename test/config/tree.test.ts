// The tree: statements, blocks, and braces that are not where they should be.
import test from 'ava';
import { readStatements } from '../../src/director/config/include.ts';
import { Problems } from '../../src/director/config/problem.ts';
import { type Statement, wordOffset } from '../../src/director/config/tree.ts';
import { memoryReader, randomNumbers, rounds } from './support.ts';

function parse(text: string, files: Readonly<Record<string, string>> = {}) {
  const problems = new Problems();
  const statements = readStatements('x', memoryReader({ ...files, x: text }), problems);
  return {
    statements,
    problems: problems.located().map(each => `${each.line}:${each.column} ${each.message}`),
  };
}

/** Statements as nested lists of words. */
function outline(statements: readonly Statement[]): unknown[] {
  return statements.map(({ words, block }) => (block === null ? words : [...words, outline(block)]));
}

function shape(text: string, files: Readonly<Record<string, string>> = {}): unknown[] {
  const { statements, problems } = parse(text, files);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return outline(statements);
}

test('a statement is a line of words, a block belongs to the statement before it', t => {
  t.deepEqual(shape('a b {\n c d\n e {\n }\n}\nf\n'), [
    [
      'a',
      'b',
      [
        ['c', 'd'],
        ['e', []],
      ],
    ],
    ['f'],
  ]);
});

test('the brace may follow on a later line, with comments between', t => {
  t.deepEqual(shape('a b # {\n\n# c\n{\nd\n}'), [['a', 'b', [['d']]]]);
});

test('a brace ends a statement, so that blocks may stand on one line', t => {
  t.deepEqual(shape('a { b 1 } c 2\nd{e{f}}'), [
    ['a', [['b', '1']]],
    ['c', '2'],
    ['d', [['e', [['f']]]]],
  ]);
});

test('braces of an include line belong to the name', t => {
  const files = { 'conf.d/a.conf': 'one', 'conf.d/b.conf': 'two' };
  t.deepEqual(shape('include conf.d/{b,a}.conf\nx {\n}', files), [['two'], ['one'], ['x', []]]);
});

test('a block that is never closed is an error at its keyword', t => {
  t.deepEqual(parse('a\nb 1 {\n  c {\n').problems, [
    '2:1 the block of b is never closed',
    '3:3 the block of c is never closed',
  ]);
});

test('braces too many are errors where they stand, and the rest is read', t => {
  const { statements, problems } = parse('a\n  }\n{\nb\n}\nc { } {\n}\n');
  t.deepEqual(problems, [
    '2:3 this } closes no block',
    '3:1 this { belongs to no statement',
    '6:7 this { belongs to no statement',
  ]);
  t.deepEqual(outline(statements), [['a'], ['c', []]]);
});

test('nesting is bounded, by an error that says where', t => {
  const { problems } = parse('a {\n'.repeat(100_000));
  t.is(problems.filter(each => each.includes('nested deeper')).length, 1);
  t.true(problems.includes('33:3 blocks are nested deeper than 32'));
});

test('the place of every word is found again', t => {
  const text = '  a  "b c"\td # e\n x { f g }';
  const [first, second] = parse(text).statements;
  t.deepEqual(
    [0, 1, 2].map(i => text.slice(wordOffset(first!, i)).charAt(0)),
    ['a', '"', 'd'],
  );
  t.is(wordOffset(first!, 3), text.indexOf('d #') + 1);
  t.is(wordOffset(second!.block![0]!, 1), text.indexOf('g'));
});

test('lines give the same tree whether they are simple or not', t => {
  const random = randomNumbers(2);
  const pieces = ['a', 'bc', ' ', '  ', '\t', '\n', '\n', '\r\n', '{', '}', ' {\n', '}\n', 'include x', 'd'];
  for (let round = 0; round < rounds(3000); round++) {
    const text = Array.from({ length: random(25) }, () => pieces[random(pieces.length)]!).join('');
    const simple = parse(text);
    const scanned = parse(text.replaceAll('\n', '#\n'));
    t.deepEqual(outline(scanned.statements), outline(simple.statements), JSON.stringify(text));
    t.deepEqual(scanned.problems, simple.problems, JSON.stringify(text));
  }
});
