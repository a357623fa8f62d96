// npm run bench [-- NAME...]: runs benchmarks, prints a table of each and leaves out/bench/<name>.json.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarks } from './bench/index.ts';
import { describe, machine, type Result } from './bench/result.ts';
import { checkNamespaces, enter, isInside } from './lab/namespace.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');
const names = process.argv.slice(2);

const unknown = names.filter(name => !benchmarks.some(benchmark => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `no benchmark ${unknown.join(', ')}; there are: ${benchmarks.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}
if (!isInside()) {
  checkNamespaces();
  const build = spawnSync(process.execPath, [join(root, 'image/main.ts'), 'net4801', '--out', out], {
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(1);
  await enter();
}

mkdirSync(join(out, 'bench'), { recursive: true });
mkdirSync(join(out, 'lab'), { recursive: true });
for (const { name, unit, run } of benchmarks) {
  if (names.length > 0 && !names.includes(name)) continue;
  const rows = await run(text => console.error(`${name}: ${text}`));
  const result: Result = { name, unit, machine: machine(), rows };
  writeFileSync(join(out, 'bench', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.log(describe(result));
}
process.exit(0);
