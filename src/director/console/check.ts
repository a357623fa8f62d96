// director check: all that is wrong with a configuration, before anything runs by it.
import { visible } from '../config/characters.ts';
import { type Loaded, loadConfig, type Problem, type SourceReader } from '../config/load.ts';
import { surroundings } from '../read-config.ts';
import { type Command, DONE, WRONG_INPUT } from './command.ts';

export const check: Command = {
  name: 'check',
  usage: 'FILE [--config-id ID]',
  summary: 'shows all that is wrong with a configuration file',
  operands: { least: 1, most: 1 },
  run(platform, { operands, json, configId }) {
    const { files, print } = platform;
    const reader = {
      ...surroundings(platform, configId),
      read: (path: string) => files.readText(path),
      list: (folder: string) => files.list(folder),
    };
    const { exitCode, output } = checkFile(operands[0]!, reader, { json });
    print(output);
    return exitCode;
  },
};

export interface Checked {
  /** WRONG_INPUT when there is an error; warnings alone are DONE. */
  readonly exitCode: typeof DONE | typeof WRONG_INPUT;
  /** Text for people, or one line of JSON (test/schemas/check.schema.json). */
  readonly output: string;
}

/** Checks a file and all it includes. Never throws: what cannot be read is a problem too. */
export function checkFile(path: string, reader: SourceReader, { json }: { readonly json: boolean }): Checked {
  const texts = new Map<string, string>();
  const remembering: SourceReader = {
    ...reader,
    read(name) {
      const text = reader.read(name);
      texts.set(name, text);
      return text;
    },
  };
  const loaded = loadConfig(path, remembering);
  const { config, problems } = loaded;
  const ok = config !== null;
  const output = json
    ? `${JSON.stringify({ version: 1, ok, problems })}\n`
    : describeProblems(problems, texts) + summarize(path, loaded);
  return { exitCode: ok ? DONE : WRONG_INPUT, output };
}

function describeProblems(problems: readonly Problem[], texts: ReadonlyMap<string, string>): string {
  const lines = new Map<string, string[]>();
  for (const [path, text] of texts) lines.set(path, text.split('\n'));
  return problems.map(problem => describe(problem, lines.get(problem.file)?.[problem.line - 1])).join('\n');
}

/** Longest part of a line that is shown, and how much of it stands before the place of the problem at least. */
const WIDTH = 100;
const BEFORE = 60;

/** `site.conf:3:5: error: MESSAGE`, the line with a mark below it, and the advice. */
function describe(
  { file, line, column, severity, message, advice }: Problem,
  text: string | undefined,
): string {
  const head = `${file}:${line}:${column}: ${severity}: ${message}\n`;
  const hint = advice === '' ? '' : `    ${advice}\n`;
  if (text === undefined || text.trim() === '') return head + hint;
  const from = Math.max(0, column - 1 - BEFORE);
  const shown = text
    .slice(from, from + WIDTH)
    .replaceAll('\t', ' ')
    .trimEnd();
  const marked = /^[^\s{}]*/.exec(text.slice(column - 1))![0].length;
  const margin = ' '.repeat(column - 1 - from);
  const mark = margin + '^'.padEnd(Math.min(marked, WIDTH - margin.length), '~');
  return `${head}    | ${visible(shown)}\n    | ${mark}\n${hint}`;
}

function summarize(path: string, { config, problems, comparedWith }: Loaded): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const found = [count(errors, 'error'), count(problems.length - errors, 'warning')].join(', ');
  const gap = problems.length > 0 ? '\n' : '';
  const id = comparedWith === '' ? 'no config id' : `config id ${comparedWith}`;
  const head = `${gap}${path}${comparedWith === null ? '' : ` (${id})`}: ${found}`;
  if (config === null) return `${head}: refused\n`;
  const servers = config.virtualServers.reduce((sum, service) => sum + service.realServers.length, 0);
  const content = [
    count(config.virtualServers.length, 'virtual server'),
    count(servers, 'real server'),
    count(config.vrrpInstances.length, 'VRRP instance'),
  ].join(', ');
  return `${head}: good (${content})\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
