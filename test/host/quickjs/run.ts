// Bundles test files for QuickJS, links them to the host and runs them.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type Bundle, bundle } from '../../../image/bundle.ts';
import { cacheFolder } from '../../../image/cache.ts';
import { silent } from '../../../image/progress.ts';
import type { Context } from '../../../image/step.ts';

export const root = join(import.meta.dirname, '../../..');

/** For building inside of ava's workers. */
export const context: Context = { cache: cacheFolder(), root, progress: silent, jobs: 2 };

/** What the tests of a bundle came to. */
export interface Report {
  readonly passed: number;
  readonly failed: readonly string[];
  /** Everything printed, both streams. */
  readonly output: string;
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
}

const SHIM = './test/host/quickjs/ava.ts';

// `file:NAME` as an import makes a module that tells the shim which test file comes next.
const fileNames: Plugin = {
  name: 'file names',
  setup(setup) {
    setup.onResolve({ filter: /^file:/ }, ({ path }) => ({ path: path.slice(5), namespace: 'file-name' }));
    setup.onLoad({ filter: /.*/, namespace: 'file-name' }, ({ path }) => ({
      contents: `import { beginFile } from '${SHIM}'; beginFile(${JSON.stringify(path)});`,
      resolveDir: root,
    }));
  },
};

/** A script that runs the tests of `files` (below `root`); `first` is code that comes before. */
export function bundleTests(files: readonly string[], first = ''): Promise<Bundle> {
  const imports = files.map(
    file => `import 'file:${file.replace(/^test\/|(\.test)?\.ts$/g, '')}';\nimport './${file}';`,
  );
  const text = `${imports.join('\n')}\nimport { runTests } from '${SHIM}';\n${first}\nrunTests();\n`;
  return bundle(root, { text, alias: { ava: SHIM }, plugins: [fileNames] });
}

/** Those of `files` that reach no module of Node. */
export async function portableTests(files: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...files],
    bundle: true,
    write: false,
    metafile: true,
    outdir: root,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*', 'ava', 'host', 'esbuild'],
    logLevel: 'silent',
  });
  const reachesNode = (file: string, seen: Set<string>): boolean => {
    if (seen.has(file)) return false;
    seen.add(file);
    return (metafile.inputs[file]?.imports ?? []).some(({ path, external }) =>
      external ? path.startsWith('node:') || path === 'esbuild' : reachesNode(path, seen),
    );
  };
  return files.filter(file => !reachesNode(file, new Set()));
}

/** Milliseconds that the tests of a binary may take. */
const LONGEST = 600_000;

/** Runs a test binary to its end and counts its TAP. Without the plan line at the end something broke off. */
export async function runTests(
  binary: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Report> {
  // Tests of wrong arguments may leave odd files where they run.
  const cwd = mkdtempSync(join(tmpdir(), 'inside-'));
  const child = spawn(binary, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  rmSync(cwd, { recursive: true, force: true });
  const lines = output.split('\n');
  const failed = lines.filter(line => line.startsWith('not ok '));
  if (!lines.some(line => line.startsWith('1..'))) failed.push(`the tests broke off, status ${status}`);
  return { passed: lines.filter(line => line.startsWith('ok ')).length, failed, output, status };
}
