// director help: what commands there are, and what a keyword of the configuration means.
import type { Platform } from '../../platform/platform.ts';
import { adviseOnWord, type Explanation, explain } from '../config/explain.ts';
import { vocabulary } from '../config/root.ts';
import { UsageError } from './arguments.ts';
import { type Command, DONE } from './command.ts';
import { commands } from './commands.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

const OPTIONS = [
  ['--json', 'one JSON object instead of text'],
  ['--run-dir DIR', 'where the running director has its sockets (/run/director)'],
];

export const help: Command = {
  name: 'help',
  usage: '[WORD]',
  summary: 'lists the commands, or tells what a keyword of the configuration means',
  operands: { least: 0, most: 1 },
  run(platform, { json, operands: [word] }) {
    const listed = commands().filter(({ name }) => word === undefined || name === word);
    if (word !== undefined && listed.length === 0) return explainWord(platform, word, json);
    if (json) {
      const list = listed.map(({ name, usage, summary }) => ({ name, usage, summary }));
      platform.print(`${JSON.stringify({ version: 1, commands: list })}\n`);
      return DONE;
    }
    const lines = listed.map(
      ({ name, usage, summary }) =>
        wrap(`director ${name} ${usage}`.trimEnd(), '  ', '      ') + wrap(summary, '      ', '      '),
    );
    const options = OPTIONS.map(([name, summary]) => [`  ${name}`, summary!]);
    platform.print(`${lines.join('')}\nOptions of every command:\n${table(options)}`);
    platform.print('\nExit status: 0 done, 1 failed, 2 the input is wrong.\n');
    // A block of the configuration may have the name of a command.
    if (word !== undefined && explain(word, vocabulary).length > 0) {
      platform.print(`\nIn the configuration:\n${explainKeyword(word, false)}`);
    }
    return DONE;
  },
};

function explainWord(platform: Platform, word: string, json: boolean): number {
  platform.print(explainKeyword(word, json));
  return DONE;
}

/** What a keyword of the configuration means, wherever it stands. Throws UsageError when it is none. */
export function explainKeyword(word: string, json: boolean): string {
  const keywords = explain(word, vocabulary);
  if (keywords.length === 0) throw new UsageError(`no help for "${word}": ${adviseOnWord(word, vocabulary)}`);
  if (json) return `${JSON.stringify({ version: 1, keywords })}\n`;
  const alike = new Map<string, Explanation[]>();
  for (const keyword of keywords) {
    const meaning = JSON.stringify({ ...keyword, within: [] });
    alike.set(meaning, [...(alike.get(meaning) ?? []), keyword]);
  }
  return [...alike.values()].map(describe).join('\n');
}

/** The same keyword, in the blocks that have it. */
function describe(keywords: readonly Explanation[]): string {
  const { usage, help: text, takes, means, isOld, words, ...keyword } = keywords[0]!;
  const place = placesOf(keywords);
  const other = means === null ? [] : [`${isOld ? 'An old word' : 'Another word'} for ${means}.`];
  const argument = takes === null ? [] : [`Takes: ${takes}`];
  const usual = keyword.default === null ? [] : [`Default: ${keyword.default}`];
  const example = words.length > 0 ? [] : [`Example: ${keyword.example}`];
  const inner = words.length === 0 ? [] : [`Words: ${words.join(', ')}`];
  const lines = [...other, text, ...argument, ...usual, ...example, ...inner];
  return `${usage}   (${place})\n${lines.map(line => wrap(line, '  ', '    ')).join('')}`;
}

/** One place with the blocks around it; of several the blocks alone. */
function placesOf(keywords: readonly Explanation[]): string {
  const [first] = keywords;
  if (keywords.length === 1 && first!.within.length > 0) return `in ${first!.within.join(', ')}`;
  const blocks = new Set(keywords.map(({ within }) => within.at(-1) ?? 'the top level'));
  return [...blocks].join() === 'the top level' ? 'at the top level' : `in ${[...blocks].join(', ')}`;
}
