// The director's binary: QuickJS and src/host compiled once, the bundle of src/director compiled to bytecode and linked to them.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, bundle } from './bundle.ts';
import { run } from './exec.ts';
import { gateOutput } from './gate.ts';
import { mbedtls, mbedtlsFlags, mbedtlsObjects } from './mbedtls.ts';
import { fetchSource, sourceKey, unpack, type Wanted } from './sources.ts';
import { sqlite } from './sqlite.ts';
import { type Context, type Input, type Output, sha256, step, type Work } from './step.ts';
import { toolchain } from './toolchain.ts';

const QUICKJS: Wanted = { name: 'quickjs', release: 'trixie', kind: 'source', licence: 'MIT' };

/** The engine without its command line and its library for it. */
const ENGINE_FILES = ['quickjs', 'libregexp', 'libunicode', 'cutils', 'dtoa'];

/** What is changed in QuickJS. A line that is not there (any more) fails the build. */
const ENGINE_EDITS = [
  // Atomics are for threads, which the director has none of, and they are cmpxchg8b, which a 486 lacks. There is no option for it.
  { file: 'quickjs.c', line: '#define CONFIG_ATOMICS\n', instead: '' },
  // The one name that every context makes which is not among the names that are built in. With it there the names of the bytecode
  // get the numbers that they have in the file, and the processes share its pages (see src/host/main.c).
  {
    file: 'quickjs-atom.h',
    line: 'DEF(InternalError, "InternalError")\n',
    instead: 'DEF(InternalError, "InternalError")\nDEF(AggregateError, "AggregateError")\n',
  },
] as const;

const ENGINE_FLAGS = ['-fwrapv', '-funsigned-char', '-w', '-D_GNU_SOURCE'];
const HOST_FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter'];

/**
 * The scripts of a program by the names of processes. Each process pays for every function of its script, so src/host/main.c picks the
 * one of its name, or the first.
 */
export type Scripts = Readonly<Record<string, Bundle>>;

/** The scripts of the director; one with a name of its own is for a process (src/director/README.md). */
export const DIRECTOR_SCRIPTS = [
  'console',
  'supervisor',
  'vrrp',
  'checker',
  'control',
  'reader',
  'telemetry',
] as const;

/** Where the symbols come from that main.c names. */
function bundleAssembly(names: readonly string[]): string {
  const files = (name: string) => `
${name}_name: .asciz "${name}"
${name}_code: .incbin "${name}.bytecode"
${name}_code_end:
${name}_lines: .incbin "${name}.lines"
${name}_lines_end:
.byte 0
.balign 16
`;
  const bundle = (name: string) =>
    `POINTER ${name}_name, ${name}_code, ${name}_code_end, ${name}_lines, ${name}_lines_end\n`;
  return `
#ifdef __LP64__
#define POINTER .quad
#else
#define POINTER .long
#endif
.section .rodata
.balign 16
${names.map(files).join('')}
.section .data.rel.ro,"aw"
.balign 16
.globl bundles
bundles:
${names.map(bundle).join('')}POINTER 0, 0, 0, 0, 0
.section .note.GNU-stack,"",%progbits
`;
}

/** A C compiler and what to tell it. */
export interface Compiler {
  /** A suffix for the names of the steps; lower-case words and dashes. */
  readonly name: string;
  readonly cc: string;
  readonly cflags: readonly string[];
  readonly ldflags: readonly string[];
  /** What decides over its output. */
  readonly inputs: readonly Input[];
  /** Path of `strip` where it compiles for the board; without one symbols stay. */
  readonly strip?: string;
}

/** The compiler for the board; what it makes also runs on an amd64 workstation. */
export async function boardCompiler(context: Context): Promise<Compiler> {
  const { cc, strip, ldflags, ...output } = await toolchain(context);
  const cflags = ['-O2', ...output.cflags.filter(flag => flag !== '-Os')];
  return { name: 'board', cc, strip, cflags, ldflags, inputs: [output] };
}

/** This machine's own compiler with the address and undefined-behaviour sanitizers, for tests. */
export async function sanitizingCompiler(): Promise<Compiler> {
  const sanitize = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
  return {
    name: 'sanitized',
    cc: 'gcc-12',
    cflags: ['-O1', '-g', ...sanitize],
    ldflags: sanitize,
    inputs: [await run('dpkg-query', ['-W', 'gcc-12', 'libc6-dev'])],
  };
}

/** QuickJS as object files, beside its headers: the first half of every host binary. */
export async function engine(context: Context, compiler: Compiler): Promise<Output> {
  const source = await fetchSource(context, QUICKJS);
  return step(context, {
    name: `quickjs-${compiler.name}`,
    inputs: [
      sourceKey(source),
      ...compiler.inputs,
      ...compiler.cflags,
      ...ENGINE_FLAGS,
      ...ENGINE_FILES,
      JSON.stringify(ENGINE_EDITS),
    ],
    estimate: 90,
    components: [source.component],
    async build(work) {
      const tree = await unpack(work, source);
      for (const { file, line, instead } of ENGINE_EDITS) {
        const text = readFileSync(join(tree, file), 'utf8');
        if (!text.includes(line)) throw new Error(`${file} of QuickJS lacks the line ${line}`);
        writeFileSync(join(tree, file), text.replace(line, instead));
      }
      const version = readFileSync(join(tree, 'VERSION'), 'utf8').trim();
      const flags = [...compiler.cflags, ...ENGINE_FLAGS, `-DCONFIG_VERSION="${version}"`];
      const compile = (name: string) =>
        work.run(compiler.cc, [...flags, '-c', `${name}.c`, '-o', join(work.out, `${name}.o`)], {
          cwd: tree,
        });
      // quickjs.c takes as long as all the others together.
      const [first, ...others] = ENGINE_FILES;
      await Promise.all([
        compile(first!),
        others.reduce((last, name) => last.then(() => compile(name)), Promise.resolve('')),
      ]);
      for (const name of readdirSync(tree))
        if (name.endsWith('.h')) copyFileSync(join(tree, name), join(work.out, name));
    },
  });
}

/** Makes bytecode. */
const COMPILE = join(import.meta.dirname, 'compile.c');

/** What src/host is compiled against. */
interface Libraries {
  readonly quickjs: Output;
  readonly tls: Output;
  readonly database: Output;
}

/** src/host as object files, and the program `compile` that makes bytecode. */
async function host(
  context: Context,
  compiler: Compiler,
  { quickjs, tls, database }: Libraries,
): Promise<Output> {
  const folder = join(context.root, 'src/host');
  return step(context, {
    name: `host-${compiler.name}`,
    inputs: [
      ...[quickjs, tls, database],
      { folder },
      { file: COMPILE },
      ...compiler.ldflags,
      { file: import.meta.filename },
    ],
    estimate: 10,
    async build(work) {
      const headers = [quickjs, database].flatMap(({ path }) => ['-isystem', path]);
      const flags = [...compiler.cflags, ...HOST_FLAGS, ...headers, ...mbedtlsFlags(tls)];
      const sources = readdirSync(folder).filter(name => name.endsWith('.c'));
      // By relative names, for the same bytes wherever the source tree lies.
      for (const name of [...sources, 'host.h']) copyFileSync(join(folder, name), join(work.scratch, name));
      copyFileSync(COMPILE, join(work.scratch, 'compile.c'));
      for (const name of [...sources, 'compile.c']) {
        await work.run(compiler.cc, [...flags, '-c', name, '-o', join(work.out, name.replace(/c$/, 'o'))]);
      }
      await link(work, compiler, quickjs, [join(work.out, 'compile.o')], join(work.out, 'compile'));
    },
  });
}

function link(
  work: Work,
  compiler: Compiler,
  quickjs: Output,
  objects: readonly string[],
  out: string,
): Promise<string> {
  const engineObjects = ENGINE_FILES.map(name => join(quickjs.path, `${name}.o`));
  return work.run(compiler.cc, ['-o', out, ...compiler.ldflags, ...objects, ...engineObjects, '-lm']);
}

/**
 * A host binary that runs these scripts. The output's folder holds it as `director`, with the scripts (`console.js`) and their source maps.
 */
export async function hostProgram(
  context: Context,
  compiler: Compiler,
  scripts: Scripts,
  name: string,
): Promise<Output> {
  const quickjs = await engine(context, compiler);
  const tls = await mbedtls(context, compiler);
  const database = await sqlite(context, compiler);
  const parts = await host(context, compiler, { quickjs, tls, database });
  // By object file, where functions have names; whole programs pass the gate once more on their way into the root.
  if (compiler.strip)
    for (const output of [quickjs, tls, database, parts]) await gateOutput(context, output, [''], '486');
  const given = Object.entries(scripts).map(([part, script]) => ({ part, script }));
  return step(context, {
    name,
    inputs: [
      parts,
      ...given.flatMap(({ part, script }) => [part, script.script, script.map, sha256(script.lines)]),
    ],
    estimate: 2,
    components: [quickjs, tls, database].flatMap(({ components }) => components),
    async build(work) {
      writeFileSync(join(work.scratch, 'bundle.S'), bundleAssembly(Object.keys(scripts)));
      const compile = join(parts.path, 'compile');
      // The compiler leaves everything to the end of its process.
      const env = { ASAN_OPTIONS: 'detect_leaks=0' };
      for (const { part, script } of given) {
        const file = join(work.out, `${part}.js`);
        writeFileSync(file, script.script);
        writeFileSync(`${file}.map`, script.map);
        writeFileSync(join(work.scratch, `${part}.lines`), script.lines);
        await work.run(compile, [file, `${part}.bytecode`], { env });
      }
      await work.run(compiler.cc, ['-c', 'bundle.S', '-o', 'bundle.o']);
      const objects = readdirSync(parts.path).filter(file => file.endsWith('.o') && file !== 'compile.o');
      const libraries = [...mbedtlsObjects(tls), join(database.path, 'sqlite3.o')];
      const paths = ['bundle.o', ...objects.map(file => join(parts.path, file)), ...libraries];
      const out = join(work.out, 'director');
      await link(work, compiler, quickjs, paths, out);
      if (compiler.strip) await work.run(compiler.strip, ['--strip-all', out]);
    },
  });
}

/** The director for the board. */
export async function director(context: Context): Promise<Output> {
  const bundles = DIRECTOR_SCRIPTS.map(async name => {
    return [name, await bundle(context.root, { file: `src/director/scripts/${name}.ts` })] as const;
  });
  const scripts = Object.fromEntries(await Promise.all(bundles));
  return hostProgram(context, await boardCompiler(context), scripts, 'director');
}

/** Puts the director with its script and source map where people find them: `out/director`, `out/console.js`, ... */
export function publishDirector(output: Output, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(output.path)) {
    // Replaced, not overwritten: the binary may be running.
    rmSync(join(folder, name), { force: true });
    copyFileSync(join(output.path, name), join(folder, name));
  }
}
