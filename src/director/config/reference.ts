// The reference page, made of the vocabulary so that it says what the reader does.
import type { Field, Fields, Keyword } from './vocabulary.ts';

/** A Markdown list of all blocks and keywords, nested as they are in a file. What was described before is named only. */
export function reference(fields: Fields): string {
  return describeFields(fields, '', 0, new Map());
}

/** Where each keyword has been described: the word of its block. */
type Places = Map<Keyword<unknown>, string>;

function describeFields(fields: Fields, block: string, depth: number, places: Places): string {
  const own = [...fields].filter(([word, { name }]) => word === name);
  const indent = '  '.repeat(depth);
  const told = new Set<string>();
  const repeated = new Map<string, string[]>();
  let text = '';
  for (const [word, { keyword }] of own) {
    const place = places.get(keyword);
    if (place !== undefined && place !== block) {
      repeated.set(place, [...(repeated.get(place) ?? []), word]);
    } else if (keyword.answer === undefined) {
      places.set(keyword, block);
      text += indent + describe(word, keyword, fields, depth, places);
    } else if (!told.has(keyword.help)) {
      told.add(keyword.help);
      const alike = own.filter(([, field]) => field.keyword.help === keyword.help);
      text += `${indent}- ${alike.map(([each]) => `\`${each}\``).join(', ')}: ${keyword.help}\n`;
    }
  }
  for (const [place, words] of repeated) {
    text += `${indent}- as in \`${place}\`: ${words.map(word => `\`${word}\``).join(', ')}\n`;
  }
  return text;
}

function describe(
  word: string,
  keyword: Keyword<unknown>,
  fields: Fields,
  depth: number,
  places: Places,
): string {
  const usage = [word, keyword.usage].filter(part => part !== '').join(' ');
  const others = otherWords(word, fields);
  const notes = [keyword.help, limitsOf(keyword), others, defaultOf(keyword.defaultText)];
  const line = `- \`${usage}\`: ${notes.filter(note => note !== '').join(' ')}\n`;
  return keyword.fields === null ? line : line + describeFields(keyword.fields, word, depth + 1, places);
}

/** Limits only: what else an argument may be, its name in the usage tells. */
function limitsOf({ takes }: Keyword<unknown>): string {
  const limits = /from (\S+) to (\S+)$/.exec(takes ?? '');
  return limits === null ? '' : `From ${limits[1]} to ${limits[2]}.`;
}

function defaultOf(text: string | null): string {
  return text === null ? '' : `Default: \`${text}\`.`;
}

function otherWords(name: string, fields: Fields): string {
  const others = [...fields].filter(([word, field]: [string, Field]) => field.name === name && word !== name);
  return others
    .map(([word, { isDeprecated }]) => (isDeprecated ? `Formerly \`${word}\`.` : `Also \`${word}\`.`))
    .join(' ');
}
