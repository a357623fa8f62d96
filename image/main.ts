// npm run image -- <board>|all [--config FILE] [--key FILE] [--out DIR]: builds what is flashed. Exit status 2: the input is wrong.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Board, boardNames, InputError, readBoard } from './board.ts';
import { readSiteConfig } from './config.ts';
import { buildImage, buildSystem, type Order, sizesText } from './image.ts';
import { duration } from './progress.ts';
import { signingKey } from './slot.ts';
import { createContext } from './step.ts';

const root = join(import.meta.dirname, '..');
const USAGE = 'usage: npm run image -- <board>|all [--config FILE] [--key FILE] [--out DIR]';

interface Command {
  readonly boards: readonly Board[];
  readonly order: Order;
}

function readArguments(words: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    throw new InputError([error instanceof Error ? error.message : String(error), USAGE]);
  }
  const [name, ...rest] = parsed.positionals;
  const boards = boardNames(root).join(', ');
  if (!name || rest.length > 0) throw new InputError([USAGE, `boards: ${boards}`]);
  const { config, key, out } = parsed.values;
  const site = config ? readSiteConfig(config) : null;
  for (const warning of site?.warnings ?? []) console.error(warning);
  return {
    boards: (name === 'all' ? boardNames(root) : [name]).map(each => readBoard(root, each)),
    order: {
      config: site?.bytes ?? null,
      key: key ? signingKey(readInput(key).toString(), key) : null,
      out: resolve(out ?? join(root, 'out')),
    },
  };
}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args: [...words],
    options: { config: text, key: text, out: text },
    allowPositionals: true,
  });
}

function readInput(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError([error instanceof Error ? error.message : String(error)]);
  }
}

async function main(): Promise<void> {
  const started = performance.now();
  const { boards, order } = readArguments(process.argv.slice(2));
  mkdirSync(order.out, { recursive: true });
  const context = createContext({ root });
  const system = await buildSystem(context, order.out);
  for (const board of boards) {
    const made = await buildImage(context, system, board, order);
    console.log(sizesText(made));
  }
  console.log(`image: ${duration((performance.now() - started) / 1000)}`);
}

try {
  await main();
} catch (error) {
  if (error instanceof InputError) {
    console.error(error.message);
    process.exitCode = 2;
  } else {
    console.error(error instanceof Error ? `image: ${error.message}` : error);
    process.exitCode = 1;
  }
}
