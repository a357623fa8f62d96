// The kernel of every board: Debian's Linux 6.1 source, our configuration and patches.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './exec.ts';
import { gateOutput } from './gate.ts';
import { checkConfig } from './kconfig.ts';
import { fetchSource, type Source, sourceKey, unpack } from './sources.ts';
import { type Context, type Output, step, type Work } from './step.ts';
import { LINUX } from './toolchain.ts';

/** A built kernel. */
export interface Kernel extends Output {
  /** The compressed image that the boot loader loads. */
  readonly bzImage: string;
  /** The final configuration. */
  readonly config: string;
  /** Addresses and names of its functions, to read an oops by. */
  readonly systemMap: string;
}

/** The bulkiest parts of the source that are not read here, to unpack a third less. */
const UNNEEDED = ['arch/*/boot/dts', 'drivers/gpu/drm/amd/include', 'tools/perf', 'tools/testing'].map(
  name => `--exclude=linux-source-*/${name}`,
);

async function build(context: Context, work: Work, folder: string, linux: Source): Promise<void> {
  const packed = join(await unpack(work, linux), 'usr/src/linux-source-6.1.tar.xz');
  const tree = join(work.scratch, 'linux-source-6.1');
  await work.run('tar', ['-x', '-f', packed, ...UNNEEDED]);
  for (const patch of readdirSync(folder)
    .filter(name => name.endsWith('.patch'))
    .sort()) {
    await work.run('patch', ['-p1', '--fuzz=0', '-i', join(folder, patch)], { cwd: tree });
  }
  const fragment = join(folder, 'kernel.config');
  const make = (args: readonly string[]) => work.run('make', ['ARCH=i386', ...args], { cwd: tree });
  await make(['-s', 'allnoconfig', `KCONFIG_ALLCONFIG=${fragment}`]);
  checkConfig('the kernel', readFileSync(fragment, 'utf8'), readFileSync(join(tree, '.config'), 'utf8'));
  await make(['-s', `-j${context.jobs}`, 'bzImage']);
  copyFileSync(join(tree, 'arch/x86/boot/bzImage'), join(work.out, 'bzImage'));
  copyFileSync(join(tree, '.config'), join(work.out, 'config'));
  copyFileSync(join(tree, 'System.map'), join(work.out, 'System.map'));
  copyFileSync(join(tree, 'vmlinux'), join(work.out, 'vmlinux'));
  copyFileSync(join(tree, 'arch/x86/boot/compressed/vmlinux'), join(work.out, 'decompressor'));
}

/** Builds the kernel, or finds it in the cache. It has passed the instruction gate. */
export async function kernel(context: Context): Promise<Kernel> {
  const folder = join(context.root, 'image/kernel');
  const linux = await fetchSource(context, LINUX);
  const files = readdirSync(folder)
    .filter(name => /\.(patch|config)$/.test(name))
    .sort();
  const output = await step(context, {
    name: 'kernel',
    inputs: [
      sourceKey(linux),
      await run('dpkg-query', ['-W', 'gcc-12', 'binutils']),
      ...files.map(name => ({ file: join(folder, name) })),
      { file: import.meta.filename },
    ],
    estimate: 420,
    components: [linux.component],
    build: work => build(context, work, folder, linux),
  });
  await gateOutput(context, output, ['vmlinux', 'decompressor'], 'kernel');
  const at = (name: string) => join(output.path, name);
  return { ...output, bzImage: at('bzImage'), config: at('config'), systemMap: at('System.map') };
}
