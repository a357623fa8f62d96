// The usual layout: the same statements and comments, and nothing to change a second time.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names in braces belong to the configuration language.
import test from 'ava';
import { readStatements } from '../../src/director/config/include.ts';
import { printSource } from '../../src/director/config/print.ts';
import { Problems } from '../../src/director/config/problem.ts';
import { Source } from '../../src/director/config/source.ts';
import type { Statement } from '../../src/director/config/tree.ts';
import { generate } from '../host/config/generate.ts';
import { generateGrammar } from '../host/config/grammar.ts';
import { anyWords } from './any-words.ts';
import { load, memoryReader, randomNumbers, rounds } from './support.ts';

/** Null when a quote is not closed. */
function tryPrint(text: string): string | null {
  const problems = new Problems();
  const printed = printSource(new Source('site.conf', text), problems);
  return problems.hasErrors ? null : printed;
}

function printText(text: string): string {
  return tryPrint(text) ?? '';
}

function outline(statements: readonly Statement[]): unknown[] {
  return statements.map(({ words, block }) => (block === null ? words : [...words, outline(block)]));
}

function read(text: string): unknown[] {
  const reader = { ...memoryReader({ 'site.conf': text }), configId: 'main' };
  return outline(readStatements('site.conf', reader, new Problems()));
}

/** The comments in their order, wherever they stand. */
function comments(text: string): string[] {
  return text.match(/#[a-z]+/g) ?? [];
}

test('one statement a line, indented by the blocks, with its comment', t => {
  t.is(
    printText('\n\n  a\t1  "b  c"#one\nd{e 1}f\n{ # two\n\n\n g # three\n\n\nh   \n} ! four\n\n\n'),
    `a 1 "b  c" #one
d {
  e 1
}
f { # two
  g # three

  h
} ! four
`,
  );
});

test('comments between a statement and its brace go into the block', t => {
  t.is(printText('a # one\n# two\n{\nb\n}\n'), 'a { # one\n  # two\n  b\n}\n');
  t.is(printText('a # one\n# two\nb\n'), 'a # one\n# two\nb\n');
});

test('words stay as they are written', t => {
  const text = `a 'b c' "d\\te" f\\#g it's $6$x\ninclude {a,b}.conf\n`;
  t.is(printText(text), text);
});

test('joined lines become one', t => {
  t.is(printText('a \\\n  b\\\nc\n'), 'a b c\n');
});

test('lines with conditions, loops and uses of definitions stay lines', t => {
  t.is(
    printText(
      '  @main   a {\n@other b{ # x\nc   ${A}{ d }\n~LST({A, B}, {1,2})  ~SEQ( C,1,2 )   e\n}\n@^x f { g }\n',
    ),
    `@main a {
@other b { # x
  c \${A} { d }
  ~LST({A, B}, {1,2}) ~SEQ( C,1,2 ) e
}
@^x f { g }
`,
  );
});

test('of a block with two conditions only one counts', t => {
  const text = `@a x {
@^a y {
  e
  @a z {
    b
  @a }
  c
@a }
@^a }
d
`;
  t.is(printText(text.replace(/^ +/gm, '')), text);
});

test('definitions are indented, and go on where they went on', t => {
  t.is(
    printText('x {\n$A=  b   { \\\n  c  # d \\\n } \\\n e\n}\n$B= \\\n  f \\\n\ng\n$C=h \\'),
    `x {
  $A=  b   { \\
    c  # d \\
  } \\
  e
}
$B= \\
  f

g
$C=h
`,
  );
});

test('misplaced braces stay', t => {
  t.is(printText('}\n{\na\n}\n}\n'), '}\n{\n  a\n}\n}\n');
});

test('what is printed reads the same, keeps its comments, and is not changed again', t => {
  const random = randomNumbers(4);
  const pieces = [
    'a',
    'bc',
    ' ',
    '  ',
    '\t',
    '\n',
    '\n',
    '\n',
    '\r\n',
    '{',
    '}',
    ' {\n',
    '}\n',
    '#c\n',
    ' #d\n',
    '"e f"',
    "'g",
    '\\',
    '\\\n',
    '$',
    '$6',
    'include x',
    '"',
  ];
  for (let round = 0; round < rounds(3000); round++) {
    const text = Array.from({ length: random(25) }, () => pieces[random(pieces.length)]!).join('');
    const printed = tryPrint(text);
    if (printed === null) continue;
    const about = JSON.stringify({ round, text, printed });
    t.deepEqual(read(printed), read(text), about);
    t.deepEqual(comments(printed), comments(text), about);
    t.is(printText(printed), printed, about);
  }
});

test('what is printed of conditions, definitions and loops leaves the same lines', t => {
  for (let seed = 1; seed <= rounds(500); seed++) {
    const text = generateGrammar(randomNumbers(seed));
    const printed = printText(text);
    t.deepEqual(read(printed), read(text), `seed ${seed}\n${text}\n${printed}`);
    t.is(printText(printed), printed, `seed ${seed}\n${text}`);
  }
});

test('what is printed means the same, and has the same problems', t => {
  const complaints = (text: string) =>
    load(text).problems.map(({ severity, message, advice }) => `${severity}: ${message}: ${advice}`);
  let meant = 0;
  for (let seed = 1; seed <= rounds(300); seed++) {
    const random = randomNumbers(seed);
    const text = seed % 2 === 0 ? generate(random, { first: 'eth0', second: 'eth1' }) : anyWords(random);
    const printed = tryPrint(text);
    if (printed === null) continue;
    const { config } = load(text);
    if (config !== null) meant++;
    t.deepEqual(load(printed).config, config, `seed ${seed}\n${text}\n${printed}`);
    t.deepEqual(complaints(printed), complaints(text), `seed ${seed}\n${text}\n${printed}`);
    t.is(printText(printed), printed, `seed ${seed}\n${text}`);
  }
  t.true(meant > 0);
});
