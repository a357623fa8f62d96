// npm test [-- SUITE...] [--seed SEED] [AVA OPTION or FILE...]: runs the suites one after the other and ends with the count of all.
// --seed: the simulation plays this world alone and prints what happens in it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { insideCommand } from './lab/namespace.ts';
import { type Suite, suiteFiles, suites } from './test/suites.ts';
import { type Counts, summary, tapReader } from './test/tap.ts';

const root = join(import.meta.dirname, '..');

/** Runs a program in the project's root; its output goes where ours goes. True when it exits with 0. */
function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => resolve(false));
    child.on('close', status => resolve(status === 0));
  });
}

async function runAva(suite: Suite, files: readonly string[], extra: readonly string[]): Promise<Counts> {
  const command = [
    process.execPath,
    join(root, 'node_modules/.bin/ava'),
    '--tap',
    ...suite.options,
    ...extra,
    ...files,
  ];
  const [program = '', ...args] = suite.inside ? insideCommand(command) : command;
  const ava = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>(resolve => {
    ava.on('error', () => resolve(null));
    ava.on('close', resolve);
  });
  const tap = tapReader();
  for await (const line of createInterface({ input: ava.stdout })) {
    if (tap.line(line)) console.log(line);
  }
  const status = await ended;
  for (const title of tap.skipped) console.log(`skipped: ${title}`);
  if (status !== 0 && tap.counts.failed === 0) {
    console.log(`${suite.name}: ava ended with status ${status}`);
    tap.counts.failed = 1;
  }
  return tap.counts;
}

async function runSuite(suite: Suite, files: readonly string[], extra: readonly string[]): Promise<Counts> {
  const started = performance.now();
  let counts: Counts;
  if (suite.needs && !(await succeeds(process.execPath, [join(root, 'image/main.ts'), ...suite.needs]))) {
    console.log(`${suite.name}: the image could not be built`);
    counts = { passed: 0, failed: 1, skipped: 0 };
  } else counts = await runAva(suite, files, extra);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${suite.name}: ${summary(counts)} in ${seconds} s`);
  return counts;
}

const words = process.argv.slice(2);
const seedAt = words.indexOf('--seed');
if (seedAt >= 0) {
  const [, seed = ''] = words.splice(seedAt, 2);
  if (!/^\d+$/.test(seed)) throw new Error(`--seed wants a number, not '${seed}'`);
  process.env.SIMULATION_SEED = seed;
}
const named = suites.filter(suite => words.includes(suite.name));
const rest = words.filter(word => !suites.some(suite => suite.name === word));
const wantedFiles = rest.filter(word => word.endsWith('.test.ts'));
const extra = rest.filter(word => !word.endsWith('.test.ts'));

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const suite of named.length > 0 ? named : suites) {
  const files = suiteFiles(root, suite.name).filter(
    file => wantedFiles.length === 0 || wantedFiles.includes(file),
  );
  if (files.length === 0) continue;
  const counts = await runSuite(suite, files, extra);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
if (total.passed + total.failed + total.skipped === 0) {
  console.log(`no test file matches: ${words.join(' ')}`);
  total.failed = 1;
}
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(summary(total));
