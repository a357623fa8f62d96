// The reference page, made of the vocabulary so that it says what the reader does.
import type { Field, Fields, Keyword } from './vocabulary.ts';

/** A Markdown list of all blocks and keywords, nested as they are in a file. What is answered in the same words stands together. */
export function reference(fields: Fields, depth = 0): string {
  const own = [...fields].filter(([word, { name }]) => word === name);
  const told = new Set<string>();
  return own
    .map(([word, { keyword }]) => {
      const indent = '  '.repeat(depth);
      if (keyword.answer === undefined) return indent + describe(word, keyword, fields, depth);
      if (told.has(keyword.help)) return '';
      told.add(keyword.help);
      const alike = own.filter(([, field]) => field.keyword.help === keyword.help);
      return `${indent}- ${alike.map(([each]) => `\`${each}\``).join(', ')}: ${keyword.help}\n`;
    })
    .join('');
}

function describe(word: string, keyword: Keyword<unknown>, fields: Fields, depth: number): string {
  const usage = [word, keyword.usage].filter(part => part !== '').join(' ');
  const others = otherWords(word, fields);
  const notes = [keyword.help, limitsOf(keyword), others, defaultOf(keyword.defaultText)];
  const line = `- \`${usage}\`: ${notes.filter(note => note !== '').join(' ')}\n`;
  return keyword.fields === null ? line : line + reference(keyword.fields, depth + 1);
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
