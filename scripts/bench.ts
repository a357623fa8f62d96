// npm run bench [-- NAME...] [--runs N] [--only TEXT]: runs benchmarks, prints a table of each and leaves out/bench/<name>.json.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { director, publishDirector } from '../image/host.ts';
import { createContext } from '../image/step.ts';
import { benchmarks } from './bench/index.ts';
import { type Benchmark, type BenchmarkOptions, describe, machine, type Result } from './bench/result.ts';
import { checkNamespaces, enter, isInside } from './lab/namespace.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');

function usage(problem: string): never {
  console.error(`${problem}
usage: npm run bench [-- NAME...] [--runs N] [--only TEXT]
  --runs N     how often each case is measured
  --only TEXT  the cases whose name contains it; nothing is written to out/bench
benchmarks: ${benchmarks.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

function readArguments(): { names: readonly string[]; options: BenchmarkOptions } {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      options: { runs: text, only: text },
      allowPositionals: true,
    });
    const runs = values.runs === undefined ? undefined : Number(values.runs);
    if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) usage('--runs: a number from 1 up');
    const unknown = positionals.filter(name => !benchmarks.some(benchmark => benchmark.name === name));
    if (unknown.length > 0) usage(`no benchmark ${unknown.join(', ')}`);
    const { only } = values;
    return {
      names: positionals,
      options: { out, ...(runs === undefined ? {} : { runs }), ...(only === undefined ? {} : { only }) },
    };
  } catch (error) {
    usage(error instanceof Error ? error.message : String(error));
  }
}

/** Out here, where there is a network to fetch sources from. */
async function build(wanted: readonly Benchmark[]): Promise<void> {
  if (wanted.some(({ needs }) => needs === 'image')) {
    const image = join(root, 'image/main.ts');
    const { status } = spawnSync(process.execPath, [image, 'net4801', '--out', out], { stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  } else publishDirector(await director(createContext({ root })), out);
  for (const { prepare } of wanted) await prepare?.(createContext({ root }));
}

const { names, options } = readArguments();
const wanted = benchmarks.filter(({ name }) => names.length === 0 || names.includes(name));
if (!isInside()) {
  checkNamespaces();
  await build(wanted);
  await enter();
}

mkdirSync(join(out, 'bench'), { recursive: true });
mkdirSync(join(out, 'lab'), { recursive: true });
for (const { name, unit, run } of wanted) {
  const rows = await run(text => console.error(`${name}: ${text}`), options);
  const result: Result = { name, unit, machine: machine(), rows };
  if (options.only === undefined) {
    writeFileSync(join(out, 'bench', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
  console.log(describe(result));
}
process.exit(0);
