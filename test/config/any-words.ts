// Random configurations of all words that there are: each keyword where it may stand, with its example or something near it.
import { vocabulary } from '../../src/director/config/root.ts';
import type { Fields, Keyword } from '../../src/director/config/vocabulary.ts';

type Random = (below: number) => number;

/** Arguments that are right in one place and wrong in another. */
const ARGUMENTS = [
  ...[
    '0',
    '1',
    '2',
    '65535',
    '65536',
    '4294967296',
    '-1',
    '0.5',
    '1e3',
    '',
    '""',
    '"a b"',
    "'c'",
    'x',
    'on',
    'off',
  ],
  ...[
    '192.0.2.1',
    '192.0.2.1/24',
    '192.0.2.1-9',
    '2001:db8::1',
    '255.255.255.0',
    '/bin/true',
    '"/bin/true a"',
  ],
  ...[
    'eth0',
    'web',
    'never',
    'TCP',
    'TUN',
    'type',
    'gue',
    'port',
    'fwmark',
    'group',
    'weight',
    '[a-z',
    '00ff',
    '{',
  ],
];

/** `most` bounds the words of a block. */
export function anyWords(random: Random, most = 6): string {
  return someOf(vocabulary, random, most, 0);
}

function someOf(fields: Fields, random: Random, most: number, depth: number): string {
  const words = [...fields.keys()];
  return Array.from({ length: 1 + random(most) }, () => {
    const word = words[random(words.length)]!;
    return statement(word, fields.get(word)!.keyword, random, most, depth);
  }).join('');
}

function statement(
  word: string,
  keyword: Keyword<unknown>,
  random: Random,
  most: number,
  depth: number,
): string {
  const [, ...rest] = keyword.example.split(' ');
  const brace = rest.indexOf('{');
  const head = brace < 0 ? rest : rest.slice(0, brace);
  const inner = brace < 0 ? [] : rest.slice(brace + 1, -1);
  const line = [word, ...head.map(each => (random(12) === 0 ? ARGUMENTS[random(ARGUMENTS.length)]! : each))];
  if (random(30) === 0) line.push(ARGUMENTS[random(ARGUMENTS.length)]!);
  const start = `${'  '.repeat(depth)}${line.join(' ')}`;
  if (keyword.fields !== null && (brace >= 0 || random(2) === 0)) {
    return `${start} {\n${someOf(keyword.fields, random, most, depth + 1)}${'  '.repeat(depth)}}\n`;
  }
  return inner.length === 0 ? `${start}\n` : `${start} {\n${inner.join(' ')}\n}\n`;
}
