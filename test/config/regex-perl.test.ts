// Perl, which PCRE2 is named after, finds random expressions at the same places as their translations do.
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { RegexProblem, translateRegex } from '../../src/director/config/checks/regex.ts';
import { NO_OPTIONS } from './regex-options.ts';
import { randomNumbers } from './support.ts';

const ATOMS = [
  ...[
    'a',
    'b',
    '1',
    '.',
    '\\d',
    '\\w',
    '\\s',
    '\\S',
    '\\h',
    '\\R',
    '\\n',
    '\\v',
    '[ab]',
    '[^a]',
    '[]a]',
    '[^]b]',
  ],
  ...[
    '[[:alpha:]]',
    '[[:space:]b]',
    '[a-c\\d]',
    '\\x61',
    '\\x{62}',
    '\\N',
    '\\H',
    '\\V',
    '{',
    '}',
    ']',
    '-',
    '\\-',
  ],
  ...['\\.', '#', ' ', '[ #]', '\\e', '\\012'],
];
const ASSERTIONS = ['^', '$', '\\b', '\\A', '\\Z', '\\z', '(?=a)', '(?!b)', '(?<=a)', '(?<!b)', '(?#x)'];
const REPETITIONS = ['', '', '', '', '*', '+', '?', '{2}', '{1,2}', '{1,}', '*?', '+?', '??'];
const CHARACTERS = 'aab1 \n\r\tc.]-{}#\u0085\u00a0\u000b';

type Random = (below: number) => number;

function expression(random: Random, depth: number): string {
  const parts = Array.from({ length: 1 + random(4) }, () => {
    if (random(5) === 0) return ASSERTIONS[random(ASSERTIONS.length)]!;
    const repetition = REPETITIONS[random(REPETITIONS.length)]!;
    if (depth === 0 || random(5) > 0) return ATOMS[random(ATOMS.length)]! + repetition;
    const other = random(3) === 0 ? `|${expression(random, depth - 1)}` : '';
    return `${random(2) === 0 ? '(' : '(?:'}${expression(random, depth - 1)}${other})${repetition}`;
  });
  return parts.join('');
}

/** Reads `FLAGS PATTERN TEXT` lines, in hexadecimal behind an x; says where the match begins, `no`, or `bad`. */
const PERL = `no warnings;
while (<STDIN>) {
  chomp;
  my ($flags, $pattern, $text) = map { s/^x//r } split / /;
  ($pattern, $text) = map { pack 'H*', $_ } $pattern, $text;
  my $regex = eval "qr/\\$pattern/$flags";
  print defined $regex ? ($text =~ $regex ? $-[0] : 'no') : 'bad', "\\n";
}`;

const hex = (text: string) => `x${Buffer.from(text, 'latin1').toString('hex')}`;

test('random expressions match where Perl matches them', t => {
  const seed = 20260407;
  const random = randomNumbers(seed);
  const cases = Array.from({ length: 2000 }, () => ({
    pattern: expression(random, 2),
    text: Array.from({ length: random(9) }, () => CHARACTERS[random(CHARACTERS.length)]!).join(''),
    options: {
      ...NO_OPTIONS,
      caseless: random(6) === 0,
      multiline: random(4) === 0,
      dotall: random(4) === 0,
      extended: random(8) === 0,
    },
  }));
  const lines = cases.map(({ pattern, text, options: { caseless, multiline, dotall, extended } }) => {
    const flags = `x${caseless ? 'i' : ''}${multiline ? 'm' : ''}${dotall ? 's' : ''}${extended ? 'x' : ''}`;
    return `${flags} ${hex(pattern)} ${hex(text)}\n`;
  });
  const { stdout, stderr } = spawnSync('perl', ['-e', PERL], { input: lines.join(''), encoding: 'utf8' });
  t.is(stderr, '');
  let compared = 0;
  for (const [at, theirs] of stdout.trim().split('\n').entries()) {
    const each = cases[at]!;
    const ours = placeOf(each);
    if (theirs === 'bad' || ours === 'refused') continue;
    compared++;
    t.is(ours, theirs, `seed ${seed}: ${JSON.stringify(each)}`);
  }
  t.true(compared > 1900, `${compared}`);
});

function placeOf({ pattern, text, options }: { pattern: string; text: string; options: Options }): string {
  try {
    const { source, flags } = translateRegex(pattern, options);
    return String(new RegExp(source, flags).exec(text)?.index ?? 'no');
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    return 'refused';
  }
}

type Options = Parameters<typeof translateRegex>[1];
