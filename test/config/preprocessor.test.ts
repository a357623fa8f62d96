// Conditions, definitions and loops: what is left of the lines, and where their problems are told.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names in braces belong to the configuration language.
import test from 'ava';
import { readStatements } from '../../src/director/config/include.ts';
import { loadConfig, type SourceReader } from '../../src/director/config/load.ts';
import { Problems } from '../../src/director/config/problem.ts';
import { type Statement, wordOffset } from '../../src/director/config/tree.ts';
import { memoryReader, randomNumbers, rounds } from './support.ts';

type Files = Readonly<Record<string, string>>;

function read(text: string, files: Files = {}, settings: Partial<SourceReader> = { configId: 'main' }) {
  const problems = new Problems();
  const reader = { ...memoryReader({ ...files, 'site.conf': text }), ...settings };
  const statements = readStatements('site.conf', reader, problems);
  const found = problems
    .located()
    .map(each => `${each.file}:${each.line}:${each.column} ${each.severity}: ${each.message}`);
  return { statements, found };
}

/** One line a statement, `word(...)` for one with a block. */
function show(statements: readonly Statement[]): string[] {
  return statements.map(({ words, block }) =>
    block === null ? words.join(' ') : `${words.join(' ')}(${show(block).join('; ')})`,
  );
}

function lines(text: string, files: Files = {}, settings?: Partial<SourceReader>): string[] {
  const { statements, found } = read(text, files, settings);
  if (found.length > 0) throw new Error(found.join('\n'));
  return show(statements);
}

test('a line with a condition counts for the config id it names', t => {
  t.deepEqual(lines('@main a 1\n@other b\n  @^main c\n@^other\td { # x\n}\n@ e\n@main\n'), ['a 1', 'd()']);
});

test('without a config id nothing is equal to it', t => {
  t.deepEqual(lines('@main a\n@^main b\n', {}, {}), ['b']);
});

test('the config id is the one given, else the host name of a system block above, else that of the machine', t => {
  const text = 'system {\nhostname lb1\n}\n@lb1 a\n@box b\n@main c\n';
  t.deepEqual(lines(text, {}, { hostName: 'box.example.org' }).slice(1), ['a']);
  t.deepEqual(lines(text, {}, { configId: 'main', hostName: 'box' }).slice(1), ['c']);
  t.deepEqual(lines('@box b\n', {}, { hostName: 'box.example.org' }), ['b']);
});

test('a definition is put in where its name stands with white space behind it, or in braces', t => {
  const text = '$N=5\n  $EMPTY=\na $N b\na${N}b $N\n$N\nx $EMPTY y\na,$N,($N)\n';
  t.deepEqual(lines(text), ['a 5 b', 'a5b 5', '5', 'x y', 'a,5,(5)']);
});

test('names that are not defined and other dollars stay', t => {
  t.deepEqual(lines('$N=5\na $Nx $6 $ $y$j9T$x \'$N\'\nb "$UNKNOWN ${UNKNOWN}"\n'), [
    'a $Nx $6 $ $y$j9T$x $N',
    'b $UNKNOWN ${UNKNOWN}',
  ]);
});

test('definitions are put in when they are used, and inside each other', t => {
  const text = '$BASE=10.2.${SUB}\n$SUB=0\na ${BASE}.1\n$SUB=10\na ${BASE}.1\n';
  t.deepEqual(lines(text), ['a 10.2.0.1', 'a 10.2.10.1']);
  t.deepEqual(lines('$V_1=one\n$I=1\na ${V_${I}}\n'), ['a one']);
});

test('definitions are put in inside quotes too', t => {
  t.deepEqual(lines('$DIR=/etc/x\na "${DIR}/b c"\n'), ['a /etc/x/b c']);
});

test('a definition may be a condition', t => {
  t.deepEqual(lines('$IF=@main\n$NOT=@other\n$IF a\n$NOT b\n@main $P=1\n@other $P=2\nc $P\n'), ['a', 'c 1']);
});

test('comments are no part of a definition, and quoted signs no comments', t => {
  t.deepEqual(lines('$A=b # c\n$B="d # e" ! f\n$C=g\\#h\nx $A\nx $B\nx $C\n'), ['x b', 'x d # e', 'x g#h']);
});

test('a definition of several lines makes statements and blocks', t => {
  const text =
    '$VI= \\\nvi ${NUM} { \\\n  interface eth${NUM} \\\n  @main p 130 \\\n  @other p 120 \\\n}\n$NUM=0\n$VI\n$NUM=1\nx\n$VI\n';
  t.deepEqual(lines(text), ['vi 0(interface eth0; p 130)', 'x', 'vi 1(interface eth1; p 130)']);
});

test('a comment ends a definition of several lines unless a backslash ends the comment', t => {
  t.deepEqual(lines('$A=one \\ \ntwo # x \\\nthree # y\n$A\n'), ['one', 'two', 'three']);
  const { statements, found } = read('$A=b \\\n # c\nd\n$A\n');
  t.deepEqual(show(statements), ['d', 'b']);
  t.is(found.length, 1);
});

test('definitions of several lines nest', t => {
  const text =
    '$RS= \\\nrs ${V}.${R} { \\\nw 1 \\\n}\n$VS= \\\nvs ${V} { \\\n$R=1 \\\n$RS \\\n$R=2 \\\n$RS \\\n}\n$V=7\n$VS\n';
  t.deepEqual(lines(text), ['vs 7(rs 7.1(w 1); rs 7.2(w 1))']);
});

test('only the last word of a line can stand for several lines', t => {
  t.deepEqual(lines('$A=b \\\nc\nx $A\n'), ['x b', 'c']);
  const { found } = read('$A=b \\\nc\nx $A y\n');
  t.deepEqual(found, ['site.conf:3:3 error: $A has several lines, or takes no numbers']);
});

test('an empty line ends a definition, with a warning', t => {
  const { statements, found } = read('$A=b \\\n\nc\n$A\n');
  t.deepEqual(show(statements), ['c', 'b']);
  t.deepEqual(found, ['site.conf:1:6 warning: the line that this backslash continues is empty']);
});

test('predefined names', t => {
  const files = { 'sub/in.conf': 'b "${_PWD}/x"\n' };
  const settings = { configId: 'main', folder: '/etc/director' };
  t.deepEqual(lines('a ${_PWD}\ninclude sub/in.conf\nc ${_INSTANCE}\n', files, settings), [
    'a /etc/director',
    'b /etc/director/sub/x',
    'c main',
  ]);
  t.deepEqual(lines('a x${_HASH}y "${_HASH}${_BANG}"\n'), ['a x#y #!']);
});

test('random numbers are within their limits, and the same whenever a director reads the file', t => {
  const text = ['a ${_RANDOM}\n'.repeat(20), 'b ${_RANDOM 3 7}\n'.repeat(50), 'c ${_RANDOM 9 9}\n'].join('');
  const first = lines(text);
  t.deepEqual(lines(text), first);
  t.notDeepEqual(lines(text, {}, { configId: 'backup' }), first);
  const small = new Set(first.filter(line => line.startsWith('b')));
  t.deepEqual([...small].sort(), ['b 3', 'b 4', 'b 5', 'b 6', 'b 7']);
  t.is(first.at(-1), 'c 9');
});

test('a sequence reads its line once for each number', t => {
  const all = (text: string) => lines(text).join(' ');
  t.is(all('~SEQ(A, 0, 3) a${A}'), 'a0 a1 a2 a3');
  t.is(all('~SEQ(A,3) $A'), '1 2 3');
  t.is(all('~SEQ(A,-2) $A'), '-1 -2');
  t.is(all('~SEQ(A,3,-2,0) $A'), '3 1');
  t.is(all('~SEQ(A,3,1) $A'), '3 2 1');
  t.is(all('~SEQx(A,0x90,0x10,0xb0) $A'), '90 a0 b0');
  t.is(all('~SEQ(A, 07, 010) $A'), '7 8');
  t.is(all('~SEQ (A,1,2) ~SEQ(B,1,2) ${A}${B}'), '11 12 21 22');
  t.is(all('$N=2\n~SEQ(A,1,$N) $A\n~SEQ(A,1,${N}) $A'), '1 2 1 2');
  t.is(all('$S=~SEQ(A,1,2)\n$S a${A}'), 'a1 a2');
});

test('a list reads its line once for each value', t => {
  t.deepEqual(lines('~LST(A, x, y) $A\n'), ['x', 'y']);
  t.deepEqual(lines('~LST({A, B}, {10,1},{20}, {5,6}) ${A}.${B}\n'), ['10.1', '20.', '5.6']);
  t.deepEqual(lines('~LST({A,B},{1,2}) ~SEQ(C,3,2,5) ${C}${A}${B}\n'), ['312', '512']);
});

test('a loop in a block, over a definition of several lines', t => {
  const text = '$V=a ${N} { \\\nb ${N} \\\n}\nx {\n~SEQ(N,1,2) $V\n}\n';
  t.deepEqual(lines(text), ['x(a 1(b 1); a 2(b 2))']);
});

test('what is wrong with a loop is told where it stands', t => {
  const wrong = (text: string) =>
    read(` ${text} x\n`).found.map(each => each.replace('site.conf:1:2 error: ', ''));
  t.deepEqual(wrong('~SEQ(A,5,1,2)'), ['steps of 1 do not lead from 5 to 2']);
  t.deepEqual(wrong('~SEQ(A,1,0,2)'), ['steps of 0 do not lead from 1 to 2']);
  t.deepEqual(wrong('~SEQ(A,a,b)'), ['"a" is no number']);
  t.deepEqual(wrong('~SEQ(A)'), ['~SEQ takes a name and 1 to 3 numbers']);
  t.deepEqual(wrong('~SEQ(1,2)'), ['"1" is no name of a variable']);
  t.deepEqual(wrong('~SEQ(A,1,2'), ['~SEQ has no closing parenthesis']);
  t.deepEqual(wrong('~SEQx(A,-1,2)'), ['~SEQx takes no negative numbers']);
  t.deepEqual(wrong('~SEQ(A,99999999999)'), ['99999999999 is too large']);
  t.deepEqual(wrong('~LST(A)'), ['~LST takes a name and values']);
  t.deepEqual(wrong('~LST(A,{b,c})'), ['{b,c} are more values than names']);
  t.deepEqual(wrong('~LST({A,b,c)'), ['the braces do not match']);
});

test('a problem is told where the text was written, and through what it came there', t => {
  const { problems } = loadConfig(
    'site.conf',
    memoryReader({
      'site.conf':
        '$SYS= \\\nsystem { \\\n  hostname ${NAME} \\\n  frob ${N} \\\n}\n$NAME=-bad-\n~SEQ(N,1,2) $SYS\n',
    }),
  );
  t.deepEqual(
    problems.map(each => `${each.line}:${each.column} ${each.message}`),
    [
      '4:3 unknown word "frob" in system (in $SYS of site.conf:7, with N = 1)',
      '6:7 "-bad-" is not a host name: letters, digits, hyphens, dots between, 64 characters at most (in $NAME of site.conf:3, in $SYS of site.conf:7, with N = 1)',
    ],
  );
});

test('the value of a variable is told where the variable stands', t => {
  const text = '~SEQ(N,1,2) system${N} {\n';
  t.deepEqual(read(text).found, [
    'site.conf:1:13 error: the block of system1 is never closed (with N = 1)',
    'site.conf:1:13 error: the block of system2 is never closed (with N = 2)',
  ]);
});

test('every word of a line keeps its place', t => {
  const text = '$A=one two\nx ${A}y  z\n@main  k  v\n';
  const { statements } = read(text);
  const places = statements.map(statement =>
    statement.words.map((_, i) => {
      const { line, column } = statement.source.locate(wordOffset(statement, i));
      return `${line}:${column}`;
    }),
  );
  t.deepEqual(places, [
    ['2:1', '1:4', '1:8', '2:10'],
    ['3:8', '3:11'],
  ]);
});

test('what looks like a definition, a condition or a loop but is none is an error', t => {
  t.deepEqual(read('a { @main b }\n').found, [
    'site.conf:1:5 error: a condition, definition or loop must stand at the start of its line',
  ]);
  t.deepEqual(read('a ${UNKNOWN}x {\n}\n').found, ['site.conf:1:3 error: nothing is defined as UNKNOWN']);
  t.deepEqual(read('$ADDRESS=1\na $ADRESS b\n').found, [
    'site.conf:2:3 warning: nothing is defined as ADRESS',
  ]);
});

test('a definition that contains itself is an error', t => {
  for (const text of [
    '$A=$A\nx $A\n',
    '$A=${B}\n$B=${A}\nx $A\n',
    '$A=${A}${A}\nx $A\n',
    '$A=x \\\n$A\n$A\n',
  ]) {
    t.regex(read(text).found.join('\n'), /stands? for (itself|each other)/, text);
  }
});

test('what would become too much is an error, and is not read', t => {
  const bombs = [
    '~SEQ(A,1,100000) ~SEQ(B,1,2000000000) $C=1\n',
    `$A=${'x'.repeat(3000)}\n~SEQ(I,1,40000) y$A $I\n`,
    `$B=x \\\n${'$B \\\n'.repeat(50)}y\n$B\n`,
    `$A=xxxxxxxxxx\n${Array.from({ length: 12 }, (_, i) => `$A${i + 1}=${`\${A${i === 0 ? '' : i}}`.repeat(9)}\n`).join('')}x $A12\n`,
  ];
  for (const text of bombs) {
    const { found } = read(text);
    t.is(found.length, 1, text.slice(0, 60));
    t.regex(found[0]!, /more than \d+ (?:lines|characters)|too deep|for itself, or for too much/);
  }
});

test('definitions go on across files, and so do blocks', t => {
  const files = { 'open.conf': 'a {\n$N=5\n', 'close.conf': 'b $N\n}\n' };
  t.deepEqual(lines('include open.conf\ninclude close.conf\nc $N\n', files), ['a(b 5)', 'c 5']);
});

test('names of included files may hold definitions, and conditions count for them', t => {
  const files = { 'd/a.conf': 'a\n', 'd/b.conf': 'b\n' };
  t.deepEqual(lines('$D=d\ninclude ${D}/a.conf\n@main include d/b.conf\n@other include d/none\n', files), [
    'a',
    'b',
  ]);
});

test('whatever the lines are, reading them ends and every problem has a place', t => {
  const random = randomNumbers(3);
  const pieces = [
    '$A',
    '${A}',
    '$A=',
    '$B=',
    '${B}',
    ' ',
    ' \\\n',
    '\n',
    '\n',
    '@main ',
    '@x ',
    '~SEQ(A,1,3) ',
    '~LST(B,x,$A) ',
    'a',
    '{',
    '}',
    '"',
    '#',
    "'",
    '${_RANDOM 1 2}',
    '\r\n',
  ];
  for (let round = 0; round < rounds(2000); round++) {
    const text = Array.from({ length: random(25) }, () => pieces[random(pieces.length)]!).join('');
    const { found } = read(text);
    for (const each of found)
      t.regex(each, /^site\.conf:[1-9]\d*:[1-9]\d* /, JSON.stringify({ round, text }));
  }
});
