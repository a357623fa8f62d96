// The reference page, made of the vocabulary so that it says what the reader does.
import type { Field, Fields } from './vocabulary.ts';

/** A Markdown list of all blocks and keywords, nested as they are in a file. */
export function reference(fields: Fields, depth = 0): string {
  return [...fields]
    .filter(([word, { name }]) => word === name)
    .map(([word, { keyword }]) => {
      const usage = [word, keyword.usage].filter(part => part !== '').join(' ');
      const notes = [keyword.help, otherWords(word, fields), defaultOf(keyword.defaultText)];
      const line = `${'  '.repeat(depth)}- \`${usage}\`: ${notes.filter(note => note !== '').join(' ')}\n`;
      return keyword.fields === null ? line : line + reference(keyword.fields, depth + 1);
    })
    .join('');
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
