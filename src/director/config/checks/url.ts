// `url { }`: a page that a HTTP_GET asks for, and what the answer must be.
import { withoutEffect } from '../answers.ts';
import { shorten } from '../characters.ts';
import type { RegexConfig, UrlConfig } from '../config.ts';
import { lacks, placeOf, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import { choice, integer, range, text } from '../types.ts';
import { block, flag, list, noArguments, type Values, type ValueType, value } from '../vocabulary.ts';
import { type RegexOptions, RegexProblem, type Translated, translateRegex } from './regex.ts';
import { hostName } from './virtual-host.ts';

/** keepalived.conf(5): "Default is 200-299". */
const DEFAULT_STATUS_CODES = [{ from: 200, to: 299 }] as const;

const digest: ValueType<string> = {
  name: 'DIGEST',
  description: 'a digest in hexadecimal: MD5 (32 digits), SHA-1 (40) or SHA-256 (64)',
  parse: word =>
    /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(word) ? word.toLowerCase() : undefined,
};

const pattern: ValueType<string> = {
  name: 'REGEX',
  description: 'a regular expression',
  parse: word => (word === '' ? undefined : word),
};

/** Options of PCRE2 that change nothing here: they are about its speed, or what they forbid is not done anyway. */
const IDLE_OPTIONS = [
  ...(['auto_callout', 'never_ucp', 'never_utf', 'no_auto_possess', 'no_dotstar_anchor'] as const),
  ...(['no_start_optimize', 'never_backslash_c', 'alt_verbnames', 'use_offset_limit', 'alt_bsux'] as const),
  ...(['dupnames', 'match_unset_backref'] as const),
];

const OPTIONS = {
  caseless: 'caseless',
  multiline: 'multiline',
  dotall: 'dotall',
  extended: 'extended',
  dollar_endonly: 'dollarEndOnly',
  alt_circumflex: 'altCircumflex',
  allow_empty_class: 'allowEmptyClass',
  no_auto_capture: 'noAutoCapture',
  ungreedy: 'ungreedy',
  utf: 'utf',
} as const satisfies Record<string, keyof RegexOptions>;

const optionNames = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];

const anyOption = choice([...optionNames, ...IDLE_OPTIONS]);

const regexOption: typeof anyOption = {
  ...anyOption,
  advise: word =>
    word === 'firstline'
      ? 'say by regex_max_offset how far the first line may go'
      : (anyOption.advise?.(word) ?? null),
};

const offset = integer(0, 0xffffffff, 'OFFSET');

const keywords = () => ({
  path: value(text('PATH'), {
    help: 'Path of the page.',
    example: 'path /',
  }),
  status_code: list(range(100, 599, 'CODE[-CODE]'), {
    help: 'HTTP status codes that count as up; 200-299 unless set.',
    example: 'status_code 200 301-302',
  }),
  virtualhost: hostName,
  digest: value(digest, {
    help: 'Digest that the body has: MD5 as genhash(1) prints it, SHA-1 or SHA-256; a chunked body counts without its chunks.',
    example: 'digest 9b3a0c85a887a256d6939da88aabd8cd',
  }),
  regex: value(pattern, {
    help: 'Regular expression that is found in the body; in quotes a backslash is written twice.',
    example: 'regex "all systems (up|go)"',
  }),
  regex_no_match: flag({
    help: 'Down when the regular expression is found.',
    example: 'regex_no_match',
  }),
  regex_options: list(regexOption, {
    help: 'Options of the regular expression, by their names in pcre2api(3).',
    example: 'regex_options caseless dotall',
  }),
  regex_min_offset: value(offset, {
    help: 'Characters of the body before a match may begin.',
    example: 'regex_min_offset 100',
  }),
  regex_max_offset: value(offset, {
    help: 'Characters of the body after which no match begins.',
    example: 'regex_max_offset 1000',
  }),
  regex_stack: withoutEffect('regex_stack 1024 65536', 'memory is taken as it is needed'),
});

type UrlValues = Values<ReturnType<typeof keywords>>;

export const url = block({
  usage: '{ ... }',
  help: 'A page to ask for; may stand several times.',
  example: 'url { path / }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): UrlConfig | undefined {
    const { path, status_code, virtualhost, digest: sum } = values;
    if (path === undefined) {
      if (lacks(statement, 'path'))
        reading.error(statement, 0, 'url has no path', 'add, for example: path /');
      return undefined;
    }
    if (!path.startsWith('/')) {
      const advice = `write path /${path}`;
      reading.warning(placeOf(statement, 'path'), 1, 'the path does not start with /', advice);
    }
    const codes = status_code?.flat() ?? [];
    const plain = { path, statusCodes: codes.length > 0 ? codes : DEFAULT_STATUS_CODES };
    const regex = readRegex(values, statement, reading);
    if (virtualhost === undefined && sum === undefined && regex === null) return plain;
    return {
      ...plain,
      ...(virtualhost !== undefined && { host: virtualhost }),
      ...(sum !== undefined && { digest: sum }),
      ...(regex !== null && { regex }),
    };
  },
});

function readRegex(values: UrlValues, statement: Statement, reading: Reading): RegexConfig | null {
  const { regex, regex_min_offset: minOffset = 0, regex_max_offset: maxOffset = null } = values;
  if (regex === undefined) {
    if (!lacks(statement, 'regex')) return null;
    const words = statement.block?.filter(each => /^regex_(?!stack)/.test(each.words[0]!)) ?? [];
    for (const word of words)
      reading.warning(word, 0, `${word.words[0]} has no effect without regex`, 'delete it');
    return null;
  }
  if (maxOffset !== null && minOffset > maxOffset) {
    const place = placeOf(statement, 'regex_max_offset');
    reading.error(place, 1, `no match begins from ${minOffset} to ${maxOffset}`, 'exchange the two');
  }
  const place = placeOf(statement, 'regex');
  const translated = translate(regex, values, place, reading);
  if (translated === null) return null;
  const { isSlow, ...found } = translated;
  if (isSlow) {
    const message = 'a repetition within a repetition may take very long to search';
    reading.warning(place, 1, message, 'write it with one of them, if that finds the same');
  }
  return { ...found, negated: values.regex_no_match === true, minOffset, maxOffset };
}

function translate(regex: string, values: UrlValues, place: Statement, reading: Reading): Translated | null {
  const given = new Set<string>(values.regex_options?.flat());
  const options = Object.fromEntries(optionNames.map(name => [OPTIONS[name], given.has(name)]));
  try {
    return translateRegex(regex, options as unknown as RegexOptions);
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    const advice = `write "${shorten(regex)}" in other words`;
    reading.error(place, 1, `this regular expression cannot be searched for: ${error.message}`, advice);
    return null;
  }
}
