// Tokens: what is a word, what ends it, what is a comment.
import test from 'ava';
import { Problems } from '../../src/director/config/problem.ts';
import { CLOSE, LINE_END, OPEN, Scanner, WORD } from '../../src/director/config/scanner.ts';
import { Source } from '../../src/director/config/source.ts';
import { randomNumbers, rounds } from './support.ts';

function scan(text: string) {
  const problems = new Problems();
  const scanner = new Scanner(new Source('x', text), problems);
  const tokens: string[] = [];
  while (scanner.end < text.length) {
    const kind = scanner.next();
    if (kind === WORD) tokens.push(scanner.value);
    else tokens.push(kind === LINE_END ? '\n' : kind === OPEN ? '<open>' : '<close>');
  }
  return { tokens, problems: problems.located(), comments: scanner.comments };
}

function words(text: string): string[] {
  return scan(text).tokens;
}

test('white space of any kind separates words, a line feed ends the line', t => {
  t.deepEqual(words('a\tb \f c\vd'), ['a', 'b', 'c', 'd']);
  t.deepEqual(words('a b\r\nc\r\n'), ['a', 'b', '\n', 'c', '\n']);
});

test('braces are tokens of their own, also when glued to words', t => {
  t.deepEqual(words('server 80{weight 1}'), ['server', '80', '<open>', 'weight', '1', '<close>']);
});

test('a comment starts anywhere outside quotes', t => {
  t.deepEqual(words('a b#c d\n! e\nf!g'), ['a', 'b', '\n', '\n', 'f', '\n']);
  t.deepEqual(scan('a # b\n').comments, [2, 5]);
  t.deepEqual(words('"a # b" c'), ['a # b', 'c']);
});

test('an escaped comment sign is part of the word', t => {
  t.deepEqual(words('a\\#b \\!c'), ['a#b', '!c']);
});

test('double quotes join what they hold to the word around them', t => {
  t.deepEqual(words('abcd" efg h jkl "mnop'), ['abcd efg h jkl mnop']);
  t.deepEqual(words('abcd "efg h jkl" mnop'), ['abcd', 'efg h jkl', 'mnop']);
  t.deepEqual(words('""'), ['']);
  t.deepEqual(words('"{" }'), ['{', '<close>']);
});

test('single quotes quote a whole word; elsewhere they are apostrophes', t => {
  t.deepEqual(words("'a b' c"), ['a b', 'c']);
  t.deepEqual(words("don't you"), ["don't", 'you']);
  t.deepEqual(words("'tis a b"), ["'tis", 'a', 'b']);
  t.deepEqual(words("'$6$a#b'{"), ['$6$a#b', '<open>']);
});

test('escapes work inside quotes as the manual page lists them', t => {
  t.deepEqual(words('"\\a\\b\\E\\f\\n\\r\\t\\v"'), ['\x07\b\x1b\f\n\r\t\v']);
  t.deepEqual(words('"\\101\\x41\\cA\\"\\\\\\q"'), ['AA\x01"\\q']);
  t.deepEqual(words('a\\nb'), ['a\\nb']);
});

test('a backslash at the end of a line joins the next one', t => {
  t.deepEqual(words('lb_algo \\\n  rr\nx'), ['lb_algo', 'rr', '\n', 'x']);
  t.deepEqual(words('a\\  \r\nb'), ['a', 'b']);
  t.deepEqual(words('a \\'), ['a', '\\']);
});

test('a quote that is not closed is an error at the quote and ends with the line', t => {
  const { tokens, problems } = scan('a "b c\nd');
  t.deepEqual(tokens, ['a', 'b c', '\n', 'd']);
  t.is(problems.length, 1);
  t.is(problems[0]?.line, 1);
  t.is(problems[0]?.column, 3);
});

test('every character belongs to a token, a comment or white space, whatever the text', t => {
  const random = randomNumbers(1);
  const alphabet = ['a', 'b', ' ', '\t', '\n', '\r', '"', "'", '\\', '#', '!', '{', '}', 'é', '\u0000'];
  for (let round = 0; round < rounds(2000); round++) {
    const text = Array.from({ length: random(30) }, () => alphabet[random(alphabet.length)]!).join('');
    const scanner = new Scanner(new Source('x', text), null);
    let covered = 0;
    let comments = 0;
    while (scanner.end < text.length) {
      const kind = scanner.next();
      const gap = text.slice(covered, scanner.start);
      const rest = scanner.comments.slice(comments);
      comments = scanner.comments.length;
      const uncommented = rest.length === 0 ? gap : gap.slice(0, rest[0]! - covered);
      t.regex(uncommented, /^(?:\s|\\\s*\n)*$/, JSON.stringify({ round, text }));
      t.true([WORD, OPEN, CLOSE, LINE_END].includes(kind));
      t.true(scanner.end > covered || kind === LINE_END);
      covered = scanner.end;
    }
  }
});
