// Debian's kernel for i686 as it is installed everywhere, with the modules of a director and a busybox to set it up: the peer of ours.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { privateApt } from '../../image/apt.ts';
import { type Context, type Output, step, type Work } from '../../image/step.ts';

const RELEASE = 'bookworm';
const META = 'linux-image-686';
const SHELL = 'busybox-static';
const I386 = ['-o', 'APT::Architecture=i386', '-o', 'APT::Architectures=i386'];
/** What a director needs of it beside what is built in. */
const MODULES = ['crc32c_generic', 'e1000', '8139cp', 'ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_wlc'];

/** What `modules.json` of the output holds. */
export interface DebianModules {
  /** File names below `modules`, each after those that it needs. */
  readonly order: readonly string[];
  /** Bytes of the kernel, of those modules, and of all modules. */
  readonly bytes: { readonly kernel: number; readonly needed: number; readonly all: number };
}

/** The output's folder holds `vmlinuz`, `modules/`, `modules.json` and `busybox`. Uses the network unless the cache has it. */
export function debianKernel(context: Context): Promise<Output> {
  return step(context, {
    name: 'debian-kernel',
    inputs: [RELEASE, { file: import.meta.filename }],
    estimate: 30,
    build,
  });
}

async function build(work: Work): Promise<void> {
  const apt = await privateApt(join(work.scratch, 'apt'), RELEASE, join(work.scratch, 'apt.log'));
  // An archive that is just being updated may lack a part of its index; the packages are in another.
  await apt(['update', ...I386]).catch(() => {});
  const fetch = async (name: string): Promise<string> => {
    await apt(['download', ...I386, name], { cwd: work.scratch });
    return join(work.scratch, readdirSync(work.scratch).find(file => file.startsWith(`${name}_`))!);
  };
  const depends = await work.run('dpkg-deb', ['-f', await fetch(META), 'Depends']);
  const name = /linux-image-[^ ,]*-686/.exec(depends)?.[0];
  if (!name) throw new Error(`${META} depends on no kernel: ${depends}`);
  const tree = join(work.scratch, 'tree');
  await work.run('dpkg-deb', ['-x', await fetch(name), tree]);
  const release = name.replace('linux-image-', '');
  copyFileSync(join(tree, 'boot', `vmlinuz-${release}`), join(work.out, 'vmlinuz'));
  gather(work, join(tree, 'lib/modules', release));
  await work.run('dpkg-deb', ['-x', await fetch(SHELL), tree]);
  copyFileSync(join(tree, 'bin/busybox'), join(work.out, 'busybox'));
}

/** Copies the modules and what they need. */
function gather(work: Work, folder: string): void {
  const files = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.ko'))
      .map(path => [basename(path, '.ko').replaceAll('-', '_'), join(folder, path)]),
  );
  mkdirSync(join(work.out, 'modules'));
  const order: string[] = [];
  let needed = 0;
  const take = (name: string): void => {
    const path = files.get(name.replaceAll('-', '_'));
    if (!path) throw new Error(`Debian's kernel has no module ${name}`);
    if (order.includes(basename(path))) return;
    const content = readFileSync(path);
    const depends = /\0depends=([^\0]*)\0/.exec(content.toString('latin1'))?.[1] ?? '';
    for (const other of depends.split(',').filter(Boolean)) take(other);
    order.push(basename(path));
    needed += content.length;
    copyFileSync(path, join(work.out, 'modules', basename(path)));
  };
  for (const name of MODULES) take(name);
  const size = (path: string) => readFileSync(path).length;
  const all = [...files.values()].reduce((sum, path) => sum + size(path), 0);
  const kernel = size(join(work.out, 'vmlinuz'));
  const modules: DebianModules = { order, bytes: { kernel, needed, all } };
  writeFileSync(join(work.out, 'modules.json'), JSON.stringify(modules, null, 2));
}
