// TypeScript to one script that QuickJS runs: esbuild, with the table of lines for stack traces.
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { lineTable, type SourceMap } from './lines.ts';

/** What a host binary is made of besides the host itself. */
export interface Bundle {
  /** Readable on purpose: what a stack trace names can be looked up in it. */
  readonly script: string;
  /** Its source map, as JSON. */
  readonly map: string;
  /** For the host: which line is which. */
  readonly lines: Uint8Array;
}

export interface BundleOptions {
  /** A script to bundle besides those in files; its imports are relative to the top of the source tree. */
  readonly text?: string;
  /** A TypeScript file below the top of the source tree. */
  readonly file?: string;
  /** Package name -> file that stands in for it. */
  readonly alias?: Record<string, string>;
  readonly plugins?: Plugin[];
}

/** The name that stack traces show for the bundle where the table has no line; src/host/host.h knows it too. */
const NAME = 'director.js';

/** Bundles a file, or a text, with everything it imports but the module `host`. `root` is the top of the source tree. */
export async function bundle(root: string, options: BundleOptions): Promise<Bundle> {
  const entry = options.file
    ? { entryPoints: [options.file] }
    : {
        stdin: {
          contents: options.text ?? '',
          resolveDir: root,
          sourcefile: 'entry.ts',
          loader: 'ts' as const,
        },
      };
  const { outputFiles } = await build({
    ...entry,
    absWorkingDir: root,
    bundle: true,
    write: false,
    outfile: join(root, NAME),
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['host'],
    charset: 'utf8',
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    // tsconfig.json is for who writes the source: with it, some modules would get the words "use strict", which modules are anyway.
    tsconfigRaw: {},
    // A package is named by where it stands in the tree, not by where a link leads: the same bytes wherever that is.
    preserveSymlinks: true,
    alias: options.alias ?? {},
    plugins: options.plugins ?? [],
  });
  const text = (suffix: string) => outputFiles.find(file => file.path.endsWith(suffix))!.text;
  const map = text('.js.map');
  return { script: text('.js'), map, lines: lineTable(JSON.parse(map) as SourceMap) };
}
