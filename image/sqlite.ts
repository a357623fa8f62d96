// SQLite as an object file, for the databases of the telemetry process (src/host/sqlite.c): the amalgamation that better-sqlite3 carries.
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from './host.ts';
import { type Component, type Context, type Output, sha256, step } from './step.ts';

const FOLDER = 'node_modules/better-sqlite3/deps/sqlite3';
const FILES = ['sqlite3.c', 'sqlite3.h'];

/**
 * One process, one thread, one small file in RAM. What is left out is what an amalgamation can do without: words that the parser has to be
 * made anew for stay.
 */
const FLAGS = [
  '-Os',
  '-w',
  ...[
    'THREADSAFE=0',
    'DEFAULT_MEMSTATUS=0',
    // Pages of 1 KiB, of which 64 KB are kept at most; none are set aside before they are needed.
    'DEFAULT_PAGE_SIZE=1024',
    'DEFAULT_CACHE_SIZE=-64',
    'DEFAULT_PCACHE_INITSZ=0',
    'OMIT_LOOKASIDE',
    'MAX_MMAP_SIZE=0',
    // A power cut takes a file in RAM along: nothing is ever flushed. What a process leaves undone when it dies, its journal undoes.
    'DEFAULT_SYNCHRONOUS=0',
    'TEMP_STORE=3',
    'DQS=0',
    'LIKE_DOESNT_MATCH_BLOBS',
    'MAX_EXPR_DEPTH=0',
    'MAX_ATTACHED=0',
    'USE_ALLOCA',
    'UNTESTABLE',
    'OMIT_AUTHORIZATION',
    'OMIT_COMPLETE',
    'OMIT_DECLTYPE',
    'OMIT_DEPRECATED',
    'OMIT_DESERIALIZE',
    'OMIT_GET_TABLE',
    'OMIT_INCRBLOB',
    'OMIT_INTEGRITY_CHECK',
    'OMIT_JSON',
    'OMIT_LOAD_EXTENSION',
    'OMIT_LOCALTIME',
    'OMIT_PROGRESS_CALLBACK',
    'OMIT_SHARED_CACHE',
    'OMIT_TCL_VARIABLE',
    'OMIT_TRACE',
    'OMIT_UTF16',
    'OMIT_WAL',
  ].map(option => `-DSQLITE_${option}`),
  '-DHAVE_USLEEP=1',
];

/** The object file `sqlite3.o`, beside its header. */
export async function sqlite(context: Context, compiler: Compiler): Promise<Output> {
  const folder = join(context.root, FOLDER);
  return step(context, {
    name: `sqlite-${compiler.name}`,
    inputs: [
      ...FILES.map(name => ({ file: join(folder, name) })),
      ...compiler.inputs,
      ...compiler.cflags,
      ...FLAGS,
      { file: import.meta.filename },
    ],
    estimate: 40,
    components: [describeSource(folder)],
    async build(work) {
      copyFileSync(join(folder, 'sqlite3.h'), join(work.out, 'sqlite3.h'));
      // By a relative name, for the same bytes wherever the source tree lies.
      for (const name of FILES) copyFileSync(join(folder, name), join(work.scratch, name));
      const flags = [...compiler.cflags, ...FLAGS, '-c', 'sqlite3.c'];
      await work.run(compiler.cc, [...flags, '-o', join(work.out, 'sqlite3.o')]);
    },
  });
}

function describeSource(folder: string): Component {
  const [version] = /(?<=^#define SQLITE_VERSION +")[^"]+/m.exec(
    readFileSync(join(folder, 'sqlite3.h'), 'utf8'),
  ) ?? ['unknown'];
  const sources = FILES.map(file => ({ file, sha256: sha256(readFileSync(join(folder, file))) }));
  return { name: 'sqlite', version, licence: 'blessing', sources };
}
