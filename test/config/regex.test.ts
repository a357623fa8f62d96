// Regular expressions of PCRE2 find the same as RegExp.
import test from 'ava';
import { type RegexOptions, RegexProblem, translateRegex } from '../../src/director/config/checks/regex.ts';
import { NO_OPTIONS } from './regex-options.ts';
import { randomNumbers, rounds } from './support.ts';

/** What the pattern finds first in a text, or null. */
function first(pattern: string, text: string, options: Partial<RegexOptions> = {}): string | null {
  const { source, flags } = translateRegex(pattern, { ...NO_OPTIONS, ...options });
  return new RegExp(source, flags).exec(text)?.[0] ?? null;
}

test('what both know is the same', t => {
  t.is(first('a(b|c)+?d', 'xabcbd'), 'abcbd');
  t.is(first('[^a-c]{2,3}', 'abcdefg'), 'def');
  t.is(first('(?<=x)y(?!z)', 'yzxyzxya'), 'y');
  t.is(first('(a)(b)\\2\\1', 'abba'), 'abba');
  t.is(first('\\bfoo\\b', 'a foo b'), 'foo');
  t.is(first('a/b', 'a/b'), 'a/b');
  t.is(first('\\/\\.\\-', '/.-'), '/.-');
});

test('what PCRE2 writes otherwise means what it means there', t => {
  t.is(first('\\Aab\\z', 'ab'), 'ab');
  t.is(first('b\\Z', 'ab\n'), 'b');
  t.is(first('b\\z', 'ab\n'), null);
  t.is(first('(?P<x>a)(?P=x)', 'aa'), 'aa');
  t.is(first("(?'x'a)\\k{x}\\g{x}\\g1", 'aaaa'), 'aaaa');
  t.is(first('a(?#b)c', 'ac'), 'ac');
  t.is(first('\\Qa.b\\E+', 'a.bb'), 'a.bb');
  t.is(first('[[:digit:][:space:]]+', 'a1 2b'), '1 2');
  t.is(first('[]a]+', 'x]a]'), ']a]');
  t.is(first('[^]a]+', ']xa'), 'x');
  t.is(first('\\h+\\R', 'a \t\r\n'), ' \t\r\n');
  t.is(first('\\x41\\x{42}\\103\\o{104}', 'ABCD'), 'ABCD');
  t.is(first('\\x41\\x{42}\\o{103}\\041', 'ABC!'), 'ABC!');
  t.is(first('a{,2}', 'a{,2}'), 'a{,2}');
  t.is(first('{x}', '{x}'), '{x}');
  t.is(first('\\s', '\u00a0\u000b'), '\u000b');
});

test('the end of a line is a line feed, and $ passes over the last one', t => {
  t.is(first('.+', 'a\r\u2028\n'), 'a\r\u2028');
  t.is(first('a$', 'a\n'), 'a');
  t.is(first('a$', 'a\nb'), null);
  t.is(first('a$', 'a\n', { dollarEndOnly: true }), null);
  t.is(first('^b$', 'a\nb\nc', { multiline: true }), 'b');
  t.is(first('^b$', 'a\rb\rc', { multiline: true }), null);
  t.is(first('a\\n^', 'a\n', { multiline: true }), null);
  t.is(first('a\\n^', 'a\n', { multiline: true, altCircumflex: true }), 'a\n');
  t.is(first('\\R\\R', '\r\n'), null);
  t.is(first('a.b', 'a\nb', { dotall: true }), 'a\nb');
});

test('options', t => {
  t.is(first('ABC', 'abc', { caseless: true }), 'abc');
  t.is(first('a b # c\n c', 'abc', { extended: true }), 'abc');
  t.is(first('[a b]+', 'a b', { extended: true }), 'a b');
  t.is(first('a+', 'aaa', { ungreedy: true }), 'a');
  t.is(first('a+?', 'aaa', { ungreedy: true }), 'aaa');
  t.is(first('(a)(?<b>b)\\1', 'abb', { noAutoCapture: true }), 'abb');
  t.is(first('[]', 'x', { allowEmptyClass: true }), null);
  t.is(first('^.$', '😀', { utf: true }), '😀');
  t.is(first('(?i)ABC', 'abc'), 'abc');
  t.is(first('(?sU)a.+', 'a\nb'), 'a\n');
});

test('what has no counterpart is refused', t => {
  for (const [pattern, message] of [
    ['a++', /possessive/],
    ['(?>a)', /\(\?>/],
    ['a(?i)a', /\(\?i/],
    ['(?R)', /\(\?R/],
    ['(?|a|b)', /not supported/],
    ['(*FAIL)', /\(\*F/],
    ['a\\Kb', /\\K/],
    ['\\g{-1}', /\\g/],
    ['[[:^digit:]]', /\[:\^/],
    ['\\x{1234}', /without utf/],
    ['a)', /./],
    ['[a', /nothing follows/],
    ['a\\', /nothing follows/],
    ['(a', /./],
    ['*a', /./],
  ] as const) {
    const error = t.throws(() => translateRegex(pattern, NO_OPTIONS), { instanceOf: RegexProblem }, pattern);
    t.regex(error?.message ?? '', message, pattern);
  }
});

test('repetitions within repetitions are noticed', t => {
  const isSlow = (pattern: string) => translateRegex(pattern, NO_OPTIONS).isSlow;
  for (const pattern of ['(a+)+', '(?:a*|b)*', '((x)(a+))*', '(.*)*b']) t.true(isSlow(pattern), pattern);
  for (const pattern of ['(a+b)+', 'a+b+', '(a{1,3})+', '(a+)(b)+']) t.false(isSlow(pattern), pattern);
});

test('any text is translated or refused, and nothing else happens', t => {
  const seed = 20260405;
  const random = randomNumbers(seed);
  const signs = "\\()[]{}?*+|^$.:=!<>P'a1,#-xQEg \n";
  for (let round = 0; round < rounds(20_000); round++) {
    const pattern = Array.from({ length: 1 + random(14) }, () => signs[random(signs.length)]!).join('');
    try {
      translateRegex(pattern, { ...NO_OPTIONS, utf: random(2) === 0, extended: random(2) === 0 });
    } catch (error) {
      t.true(error instanceof RegexProblem, `seed ${seed}, round ${round}: ${JSON.stringify(pattern)}`);
    }
  }
  t.pass();
});
