// The board's C toolchain: Debian's gcc with a musl and a libgcc built for a 486, because Debian's own 32-bit
// libc, libgcc and startup files hold cmov and endbr32, and both run before main.
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './exec.ts';
import { fetchSource, type Source, sourceKey, unpack, type Wanted } from './sources.ts';
import { type Component, type Context, type Output, step, type Work } from './step.ts';

/** The kernel's source, of which every board's kernel and the headers for user space are made. */
export const LINUX: Wanted = {
  name: 'linux-source-6.1',
  component: 'linux',
  release: 'bookworm',
  kind: 'binary',
  licence: 'GPL-2.0-only WITH Linux-syscall-note',
};

const MUSL: Wanted = { name: 'musl', release: 'trixie', kind: 'source', licence: 'MIT' };

const GCC: Wanted = {
  name: 'gcc-12-source',
  component: 'libgcc',
  release: 'bookworm',
  kind: 'binary',
  licence: 'GPL-3.0-or-later WITH GCC-exception-3.1',
};

/** What code for the board is compiled with. */
export interface Toolchain extends Output {
  /** Path of the C compiler; it links statically against the board's C library. */
  readonly cc: string;
  readonly ar: string;
  readonly ranlib: string;
  readonly strip: string;
  /** Folder with `include` and `lib` of the board. */
  readonly sysroot: string;
  /** For programs where size counts more than speed. */
  readonly cflags: readonly string[];
  /** Linker options that go with `cflags`. */
  readonly ldflags: readonly string[];
}

const TARGET = [
  '-m32',
  '-march=i486',
  '-mtune=geode',
  '-fcf-protection=none',
  '-fno-pie',
  '-fno-stack-protector',
];
const CFLAGS = ['-Os', '-fomit-frame-pointer', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables'];

/** The functions of libgcc2.c that a 32-bit x86 has use for; gcc's build compiles the file once for each. */
const LIBGCC_FUNCTIONS = `
  muldi3 negdi2 lshrdi3 ashldi3 ashrdi3 cmpdi2 ucmpdi2 clear_cache absvsi2 absvdi2 addvsi3 addvdi3 subvsi3 subvdi3
  mulvsi3 mulvdi3 negvsi2 negvdi2 ffssi2 ffsdi2 clz clzsi2 clzdi2 ctzsi2 ctzdi2 popcount_tab popcountsi2 popcountdi2
  paritysi2 paritydi2 powisf2 powidf2 powixf2 mulsc3 muldc3 mulxc3 divsc3 divdc3 divxc3 bswapsi2 bswapdi2 clrsbsi2
  clrsbdi2 fixunssfsi fixunsdfsi fixunsxfsi fixsfdi fixdfdi fixxfdi fixunssfdi fixunsdfdi fixunsxfdi floatdisf floatdidf
  floatdixf floatundisf floatundidf floatundixf divdi3 moddi3 divmoddi4 udivdi3 umoddi3 udivmoddi4 udiv_w_sdiv`
  .trim()
  .split(/\s+/);

/** Headers of gcc's build that libgcc2.c includes and that may be empty besides tconfig.h. */
const EMPTY_HEADERS = ['tsystem.h', 'coretypes.h', 'tm.h', 'libgcc_tm.h'];

async function buildLibgcc(work: Work, gcc: Source, folder: string): Promise<void> {
  const packed = join(await unpack(work, gcc), 'usr/src/gcc-12');
  const tree = join(work.scratch, 'gcc');
  mkdirSync(tree);
  const parts = ['*/libgcc/libgcc2.[ch]', '*/libgcc/gbl-ctors.h', '*/include/*.h', '*/include/*.def'];
  const archives = (await work.run('sh', ['-c', 'ls gcc-*.tar.xz'], { cwd: packed })).trim();
  await work.run('tar', ['-x', '-f', archives, '-C', tree, '--strip-components=1', '--wildcards', ...parts], {
    cwd: packed,
  });
  for (const name of EMPTY_HEADERS) writeFileSync(join(tree, name), '');
  copyFileSync(join(folder, 'tconfig.h'), join(tree, 'tconfig.h'));
  const defines =
    '-fbuilding-libgcc -fvisibility=hidden -DHIDE_EXPORTS -DIN_GCC -DIN_LIBGCC2 -Dinhibit_libc -D_GNU_SOURCE';
  const makefile = [
    `objects = ${LIBGCC_FUNCTIONS.map(name => `_${name}.o`).join(' ')}`,
    'libgcc.a: $(objects)\n\tar rcsD $@ $^',
    `%.o:\n\tgcc-12 ${[...TARGET, ...CFLAGS].join(' ')} ${defines} -DL$* -I. -Iinclude -Ilibgcc -c libgcc/libgcc2.c -o $@`,
  ];
  writeFileSync(join(tree, 'Makefile'), `${makefile.join('\n')}\n`);
  await work.run('make', ['-j2'], { cwd: tree });
  copyFileSync(join(tree, 'libgcc.a'), join(work.out, 'sysroot/lib/libgcc.a'));
}

async function buildMusl(work: Work, musl: Source, jobs: number): Promise<void> {
  const tree = await unpack(work, musl);
  const sysroot = join(work.out, 'sysroot');
  const env = {
    CC: ['gcc-12', ...TARGET, `-ffile-prefix-map=${tree}=musl`].join(' '),
    CFLAGS: CFLAGS.join(' '),
    LIBCC: join(sysroot, 'lib/libgcc.a'),
    AR: 'ar',
    RANLIB: 'ranlib',
  };
  await work.run('./configure', ['--prefix=/', '--target=i386', '--disable-shared'], { cwd: tree, env });
  await work.run('make', [`-j${jobs}`], { cwd: tree, env });
  await work.run('make', ['install-libs', 'install-headers', `DESTDIR=${sysroot}`], { cwd: tree, env });
}

async function installKernelHeaders(work: Work, linux: Source): Promise<void> {
  const packed = join(await unpack(work, linux), 'usr/src/linux-source-6.1.tar.xz');
  const tree = join(work.scratch, 'linux');
  mkdirSync(tree);
  const parts = ['Makefile', 'scripts', 'include', 'usr', 'arch/x86', 'tools/include', 'tools/scripts'];
  const names = parts.map(name => `linux-source-6.1/${name}`);
  await work.run('tar', ['-x', '-f', packed, '-C', tree, '--strip-components=1', ...names]);
  await work.run('make', ['-s', 'ARCH=i386', 'headers'], { cwd: tree });
  cpSync(join(tree, 'usr/include'), join(work.out, 'sysroot/include'), {
    recursive: true,
    filter: path => !/\/\.[^/]*$|Makefile$/.test(path),
  });
}

async function build(
  context: Context,
  work: Work,
  folder: string,
  sources: Record<string, Source>,
): Promise<void> {
  mkdirSync(join(work.out, 'sysroot/lib'), { recursive: true });
  mkdirSync(join(work.out, 'bin'));
  const library = async () => {
    await buildLibgcc(work, sources.gcc!, folder);
    await buildMusl(work, sources.musl!, context.jobs);
  };
  const results = await Promise.allSettled([library(), installKernelHeaders(work, sources.linux!)]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  copyFileSync(join(folder, 'director.specs'), join(work.out, 'director.specs'));
  copyFileSync(join(folder, 'cc.sh'), join(work.out, 'bin/cc'));
  for (const name of ['ar', 'ranlib', 'strip', 'nm', 'objcopy'])
    symlinkSync(`/usr/bin/${name}`, join(work.out, 'bin', name));
  const test = join(work.scratch, 'selftest');
  await work.run(join(work.out, 'bin/cc'), [
    '-O1',
    '-Wall',
    '-Werror',
    '-o',
    test,
    join(folder, 'selftest.c'),
  ]);
  await work.run(test, []);
}

/** Builds the toolchain, or finds it in the cache. */
export async function toolchain(context: Context): Promise<Toolchain> {
  const folder = join(context.root, 'image/toolchain');
  const linux = await fetchSource(context, LINUX);
  const gcc = await fetchSource(context, GCC);
  const musl = await fetchSource(context, MUSL);
  const versions = await run('dpkg-query', ['-W', 'gcc-12', 'binutils']);
  const components: Component[] = [musl.component, gcc.component];
  const output = await step(context, {
    name: 'toolchain',
    inputs: [...[linux, gcc, musl].map(sourceKey), versions, { folder }, { file: import.meta.filename }],
    estimate: 100,
    components,
    build: work => build(context, work, folder, { linux, gcc, musl }),
  });
  const bin = (name: string) => join(output.path, 'bin', name);
  return {
    ...output,
    cc: bin('cc'),
    ar: bin('ar'),
    ranlib: bin('ranlib'),
    strip: bin('strip'),
    sysroot: join(output.path, 'sysroot'),
    cflags: [...CFLAGS, '-ffunction-sections', '-fdata-sections'],
    ldflags: ['-Wl,--gc-sections'],
  };
}
