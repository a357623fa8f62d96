// The engine's memory, which the sanitizers of host.test.ts replace by their own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { boardCompiler, engine, sanitizingCompiler } from '../../image/host.ts';
import { context, root } from './quickjs/run.ts';

test('pieces of any size keep their content until they are freed', async t => {
  t.timeout(600_000);
  const seed = process.env.SEED ?? String(Date.now() % 1_000_000);
  t.log(`seed ${seed}`);
  const folder = mkdtempSync(join(tmpdir(), 'slab-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const sources = [join(root, 'test/host/slab.c'), join(root, 'src/host/slab.c')];
  // The word before each piece is half as long on the board.
  for (const compiler of [await sanitizingCompiler(), await boardCompiler(context)]) {
    const { path } = await engine(context, compiler);
    const binary = join(folder, compiler.name);
    const flags = ['-Wall', '-Wextra', '-isystem', path];
    execFileSync(compiler.cc, [...compiler.cflags, ...flags, ...sources, '-o', binary, ...compiler.ldflags]);
    // The chunks are kept for ever, and their free pieces are not reached by a pointer to their start.
    const env = { ASAN_OPTIONS: 'detect_leaks=0' };
    t.notThrows(() => execFileSync(binary, [seed], { env, encoding: 'utf8' }));
  }
});
