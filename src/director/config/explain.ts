// What a keyword means, wherever it stands: the answer to `director help WORD`, made of the vocabulary like the reference page.
import { keepalivedKeywords } from './keepalived-keywords.ts';
import { nearest } from './nearest.ts';
import { SYNTAX } from './syntax.ts';
import type { Field, Fields, Keyword } from './vocabulary.ts';

export interface Explanation {
  /** The blocks it stands in, the outermost first; empty at the top level. */
  readonly within: readonly string[];
  /** The word with its arguments. */
  readonly usage: string;
  readonly help: string;
  /** What its argument may be; null when there is none, or when the usage says it. */
  readonly takes: string | null;
  /** Null when there is none, or when it depends on other keywords. */
  readonly default: string | null;
  readonly example: string;
  /** Null, or the word that it is another one for. */
  readonly means: string | null;
  readonly isOld: boolean;
  /** The words of its block; empty when it has none. */
  readonly words: readonly string[];
}

/** One for each block that has the word; or what it means in all files. */
export function explain(word: string, fields: Fields): Explanation[] {
  const syntax = SYNTAX.find(({ words }) => words.includes(word));
  if (syntax === undefined) return explainKeyword(word, fields, []);
  const { usage, help, example } = syntax;
  const none = { takes: null, default: null, means: null, isOld: false, words: [] };
  return [{ within: [ANY], usage, help, example, ...none }];
}

/** Instead of the blocks it stands in. */
const ANY = 'any block';

function explainKeyword(word: string, fields: Fields, within: readonly string[]): Explanation[] {
  const found: Explanation[] = [];
  const field = fields.get(word);
  if (field !== undefined) found.push(explanation(word, field, within));
  for (const [name, { name: own, keyword }] of fields) {
    if (name === own && keyword.fields !== null)
      found.push(...explainKeyword(word, keyword.fields, [...within, name]));
  }
  return found;
}

function explanation(
  word: string,
  { name, keyword, isDeprecated }: Field,
  within: readonly string[],
): Explanation {
  return {
    within,
    usage: [word, keyword.usage].filter(part => part !== '').join(' '),
    help: keyword.help,
    takes: takesOf(keyword),
    default: keyword.defaultText,
    example: keyword.example,
    means: name === word ? null : name,
    isOld: isDeprecated,
    words: keyword.fields === null ? [] : [...keyword.fields.keys()],
  };
}

/** The usage spells out what is one of a few words. */
function takesOf({ takes }: Keyword<unknown>): string | null {
  return takes === undefined || takes.startsWith('one of ') ? null : takes;
}

/** What to say of a word that means nothing. */
export function adviseOnWord(word: string, fields: Fields): string {
  if (keepalivedKeywords().has(word)) return 'it is known to keepalived, but not supported by this version';
  const words = allWords(fields);
  const likely = words.has(`lvs_${word}`) ? `lvs_${word}` : nearest(word, [...words]);
  return likely === null ? 'it is no keyword of the configuration' : `did you mean "${likely}"?`;
}

function allWords(fields: Fields, words: Set<string> = new Set()): Set<string> {
  for (const [word, { name, keyword }] of fields) {
    words.add(word);
    if (word === name && keyword.fields !== null) allWords(keyword.fields, words);
  }
  return words;
}
