// A build step: named inputs give a key, the key names a folder in the cache, a folder that exists is never built again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { cacheFolder, expectedSeconds, logFile, recordSeconds, withLock } from './cache.ts';
import { type RunOptions, run } from './exec.ts';
import { type Progress, streamProgress } from './progress.ts';

/** What every step is given. */
export interface Context {
  /** The folder that all steps' outputs live in. */
  readonly cache: string;
  /** The top of the source tree. */
  readonly root: string;
  readonly progress: Progress;
  /** How many compilers may run at once. */
  readonly jobs: number;
}

/** A piece of third-party software inside an output, for the SBOM. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX licence expression. */
  readonly licence: string;
  /** The files it was built from, as the distribution publishes them. */
  readonly sources: readonly { readonly file: string; readonly sha256: string }[];
}

/** The result of a step. */
export interface Output {
  readonly name: string;
  /** SHA-256 over everything that went in, 64 hexadecimal digits. */
  readonly key: string;
  /** The folder with the step's files; read only by agreement. */
  readonly path: string;
  readonly components: readonly Component[];
}

/** A literal text, the content of a file or of all files below a folder, or an earlier step's output. */
export type Input = string | { readonly file: string } | { readonly folder: string } | Output;

/** What a step's `build` works with. */
export interface Work {
  /** Put results here; becomes `Output.path`. */
  readonly out: string;
  /** A scratch folder, removed afterwards. */
  readonly scratch: string;
  /** Where the output will live in the end, for results that have to name their own folder. */
  readonly final: string;
  /** Runs a program with the step's log; in `scratch` unless told otherwise. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<string>;
}

export interface Step {
  /** Lower-case words and dashes. */
  readonly name: string;
  readonly inputs: readonly Input[];
  /** Seconds it takes on a small machine, shown until a real duration is known. */
  readonly estimate: number;
  readonly components?: readonly Component[];
  build(work: Work): Promise<void>;
}

export function createContext(options: Partial<Context> = {}): Context {
  // Modes of files end up in images; a worker thread cannot set this, and needs not: it only runs in tests.
  if (isMainThread) process.umask(0o022);
  return {
    cache: options.cache ?? cacheFolder(),
    root: options.root ?? join(import.meta.dirname, '..'),
    progress: options.progress ?? streamProgress(process.stderr),
    jobs: options.jobs ?? availableParallelism(),
  };
}

/** SHA-256 of a text or of bytes, in hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function describeFolder(folder: string): string {
  const lines = readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap(entry => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length);
    if (entry.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
    return entry.isFile() ? `${name} ${sha256(readFileSync(path))}` : [];
  });
  return lines.sort().join('\n');
}

function describe(input: Input): string {
  if (typeof input === 'string') return `text ${sha256(input)}`;
  if ('file' in input) return `file ${sha256(readFileSync(input.file))}`;
  if ('folder' in input) return `folder ${sha256(describeFolder(input.folder))}`;
  return `step ${input.name} ${input.key}`;
}

/** The key of a step: equal inputs, in the same order, give equal keys wherever the files lie. */
export function stepKey(name: string, inputs: readonly Input[]): string {
  return sha256([name, ...inputs.map(describe)].join('\n'));
}

/** Returns the step's output, building it first when the cache lacks it. */
export async function step(context: Context, { name, inputs, ...rest }: Step): Promise<Output> {
  const { cache } = context;
  const key = stepKey(name, inputs);
  const id = `${name}-${key.slice(0, 12)}`;
  const path = join(cache, id);
  const output: Output = { name, key, path, components: rest.components ?? [] };
  if (existsSync(path)) return output;
  return withLock(cache, id, async () => {
    if (existsSync(path)) return output;
    // Left by a build that was killed; we hold its lock.
    for (const name of readdirSync(cache).filter(name => name.startsWith(`${id}.tmp-`))) {
      rmSync(join(cache, name), { recursive: true, force: true });
    }
    const temporary = `${path}.tmp-${process.pid}`;
    const out = join(temporary, 'out');
    const scratch = join(temporary, 'scratch');
    const log = logFile(cache, `${id}.log`);
    rmSync(log, { force: true });
    mkdirSync(out, { recursive: true });
    mkdirSync(scratch);
    const started = performance.now();
    const end = context.progress.begin(name, expectedSeconds(cache, name, rest.estimate));
    let ok = false;
    try {
      await rest.build({
        out,
        scratch,
        final: path,
        run: (program, args, options = {}) => run(program, args, { cwd: scratch, log, ...options }),
      });
      renameSync(out, path);
      recordSeconds(cache, name, (performance.now() - started) / 1000);
      ok = true;
    } catch (error) {
      if (error instanceof Error) error.message = `${name}: ${error.message}\n(whole log: ${log})`;
      throw error;
    } finally {
      end(ok);
      rmSync(temporary, { recursive: true, force: true });
    }
    return output;
  });
}
