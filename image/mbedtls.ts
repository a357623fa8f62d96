// Mbed TLS as object files, for the TLS of checks (src/host/tls.c).
import { copyFileSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from './host.ts';
import { fetchSource, sourceKey, unpack, type Wanted } from './sources.ts';
import { type Context, type Output, step } from './step.ts';

const MBEDTLS: Wanted = {
  name: 'mbedtls',
  release: 'trixie',
  kind: 'source',
  licence: 'Apache-2.0 OR GPL-2.0-or-later',
};

const FLAGS = ['-w', '-DMBEDTLS_CONFIG_FILE="director_config.h"'];

/** What to tell a compiler of code that uses it. */
export function mbedtlsFlags({ path }: Output): readonly string[] {
  return ['-isystem', join(path, 'include'), ...FLAGS.slice(1)];
}

/** Paths of the object files. */
export function mbedtlsObjects({ path }: Output): readonly string[] {
  const names = readdirSync(path).filter(name => name.endsWith('.o'));
  return names.sort().map(name => join(path, name));
}

/** The library's object files, with its headers in `include`. */
export async function mbedtls(context: Context, compiler: Compiler): Promise<Output> {
  const source = await fetchSource(context, MBEDTLS);
  const config = join(import.meta.dirname, 'mbedtls/config.h');
  return step(context, {
    name: `mbedtls-${compiler.name}`,
    inputs: [
      sourceKey(source),
      ...compiler.inputs,
      ...compiler.cflags,
      ...FLAGS,
      { file: config },
      { file: import.meta.filename },
    ],
    estimate: 40,
    components: [source.component],
    async build(work) {
      const tree = await unpack(work, source);
      const library = join(tree, 'library');
      const include = join(work.out, 'include');
      cpSync(join(tree, 'include'), include, { recursive: true });
      copyFileSync(config, join(include, 'director_config.h'));
      const flags = [...compiler.cflags, ...FLAGS, '-I', '../include', '-I', '.', '-c'];
      copyFileSync(config, join(tree, 'include/director_config.h'));
      const names = readdirSync(library).flatMap(name => (name.endsWith('.c') ? [name.slice(0, -2)] : []));
      const compile = async () => {
        for (let name = names.pop(); name !== undefined; name = names.pop())
          await work.run(compiler.cc, [...flags, `${name}.c`, '-o', join(work.out, `${name}.o`)], {
            cwd: library,
          });
      };
      await Promise.all(Array.from({ length: Math.min(context.jobs, 2) }, compile));
    },
  });
}
