// The same source gives the same bytes, wherever it lies and wherever the cache is. Kernel and toolchain, which take ten minutes, are
// taken from this machine's cache, unless COMPACT_DIRECTOR_REBUILD=all asks for everything.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { cacheFolder } from '../../image/cache.ts';

const root = join(import.meta.dirname, '../..');
const all = process.env.COMPACT_DIRECTOR_REBUILD === 'all';
/** What the second build need not make again: what was downloaded, and what takes long. */
const SHARED = all ? /^(source|apt)$/ : /^(source|apt|(kernel|toolchain)-[0-9a-f]{12}|.*-gate-[0-9a-f]{12})$/;
/** What a build reads of the source tree. */
const SOURCES = ['board', 'image', 'overlays', 'package.json', 'src'];

/** Builds net4801 in the tree `top` and returns the hashes of the image, the slot and the bill. */
async function hashes(top: string, cache: string, out: string): Promise<string> {
  const args = [join(top, 'image/main.ts'), 'net4801', '--out', out];
  const env = { ...process.env, COMPACT_DIRECTOR_CACHE: cache };
  await promisify(execFile)(process.execPath, args, { env });
  return readFileSync(join(out, 'net4801.sha256'), 'utf8');
}

test('a build in another folder with another cache gives the same image, slot and bill of materials', async t => {
  t.timeout(3_600_000);
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  t.teardown(() => rmSync(elsewhere, { recursive: true }));
  const tree = join(elsewhere, 'a', 'longer', 'path');
  const cache = join(elsewhere, 'cache');
  for (const path of SOURCES)
    cpSync(join(root, path), join(tree, path), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  const here = await hashes(root, cacheFolder(), join(elsewhere, 'out1'));
  mkdirSync(cache);
  for (const name of readdirSync(cacheFolder())) {
    if (SHARED.test(name)) symlinkSync(join(cacheFolder(), name), join(cache, name));
  }
  const there = await hashes(tree, cache, join(elsewhere, 'out2'));
  t.is(there, here);
});
