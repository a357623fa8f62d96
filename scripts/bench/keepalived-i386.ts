// Debian's keepalived as the board's kernel can run it: the i386 package with every library that it needs, in one folder.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { privateApt } from '../../image/apt.ts';
import { type Context, type Output, step, type Work } from '../../image/step.ts';

const RELEASE = 'bookworm';
const I386 = ['-o', 'APT::Architecture=i386', '-o', 'APT::Architectures=i386'];
/** Where Debian's i386 packages have libraries. */
const FOLDERS = ['lib', 'lib/i386-linux-gnu', 'usr/lib', 'usr/lib/i386-linux-gnu'];

/** The output's folder holds `keepalived`, and what it is linked to in `lib`. Uses the network unless the cache has it. */
export function keepalivedForBoard(context: Context): Promise<Output> {
  return step(context, {
    name: 'keepalived-i386',
    inputs: [RELEASE, { file: import.meta.filename }],
    estimate: 30,
    build,
  });
}

async function build(work: Work): Promise<void> {
  const archives = join(work.scratch, 'archives');
  const tree = join(work.scratch, 'tree');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const apt = await privateApt(join(work.scratch, 'apt'), RELEASE, join(work.scratch, 'apt.log'));
  // An archive that is just being updated may lack a part of its index; the packages are in another.
  await apt(['update', ...I386]).catch(() => {});
  const place = ['-o', `Dir::Cache::archives=${archives}`];
  await apt([
    ...['install', '--download-only', '--no-install-recommends', '-y', ...I386, ...place, 'keepalived'],
  ]);
  for (const name of readdirSync(archives).filter(each => each.endsWith('_i386.deb'))) {
    await work.run('dpkg-deb', ['-x', join(archives, name), tree]);
  }
  await gather(work, tree);
}

/** Copies the program and what the dynamic linker would load with it. */
async function gather(work: Work, tree: string): Promise<void> {
  const program = join(tree, 'usr/sbin/keepalived');
  const linker = join(tree, 'lib/i386-linux-gnu/ld-linux.so.2');
  const path = FOLDERS.map(folder => join(tree, folder)).join(':');
  const listing = await work.run(linker, [...['--library-path', path, '--list', program]]);
  const libraries = [...listing.matchAll(/=> (\/\S+)/g)].map(match => match[1]!);
  mkdirSync(join(work.out, 'lib'));
  for (const file of [...libraries, linker]) {
    copyFileSync(file, join(work.out, 'lib', basename(file)));
  }
  copyFileSync(program, join(work.out, 'keepalived'));
}

/** How the board starts the keepalived that it has in `folder`. */
export function keepalivedCommand(folder: string): string {
  return `${folder}/lib/ld-linux.so.2 --library-path ${folder}/lib ${folder}/keepalived`;
}
