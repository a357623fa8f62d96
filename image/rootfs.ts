// The root file system: busybox, ipvsadm and the director below overlays/base, packed into a squashfs that the kernel mounts from memory.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCE_DATE_EPOCH } from './exec.ts';
import { type Context, type Output, step, type Work } from './step.ts';

/** A program of the root: the step that made it, the file in its output, and where it goes. */
export interface Program {
  readonly from: Output;
  readonly file: string;
  readonly path: string;
}

export interface RootParts {
  /** Comes first; its applets are linked to it. */
  readonly busybox: Program;
  readonly programs: readonly Program[];
  /** Of the whole system. */
  readonly version: string;
}

/** Folders that mounts cover, or that have to be there. */
const FOLDERS = [
  'bin',
  'sbin',
  'usr/bin',
  'usr/sbin',
  'dev',
  'proc',
  'sys',
  'run',
  'tmp',
  'var',
  'root',
  'mnt',
];
/** What lies here is run; everything else is only read. Modes do not depend on the checkout. */
const EXECUTABLE = ['/bin/', '/sbin/', '/etc/init.d/', '/usr/libexec/', '/usr/bin/', '/usr/sbin/'];

/** The output holds `root.squashfs`. */
export function buildRoot(context: Context, { busybox, programs, version }: RootParts): Promise<Output> {
  const overlay = join(context.root, 'overlays/base');
  const all = [busybox, ...programs];
  return step(context, {
    name: 'root',
    inputs: [
      ...all.flatMap(({ from, file, path }) => [from, file, path]),
      { folder: overlay },
      version,
      { file: import.meta.filename },
    ],
    estimate: 3,
    async build(work) {
      const tree = join(work.scratch, 'root');
      for (const folder of FOLDERS) mkdirSync(join(tree, folder), { recursive: true });
      cpSync(overlay, tree, { recursive: true, verbatimSymlinks: true });
      for (const { from, file, path } of all) {
        mkdirSync(dirname(join(tree, path)), { recursive: true });
        copyFileSync(join(from.path, file), join(tree, path));
      }
      await linkApplets(work, tree, busybox);
      writeFileSync(join(tree, 'etc/os-release'), release(version));
      setModes(tree, '/');
      await pack(work, tree);
    },
  });
}

/** A link for every applet, but for those that a program of its own stands in for. */
async function linkApplets(work: Work, tree: string, { from, file, path }: Program): Promise<void> {
  const applets = await work.run(join(from.path, file), ['--list-full']);
  for (const applet of applets.trim().split('\n')) {
    const link = join(tree, applet);
    if (statSync(link, { throwIfNoEntry: false })) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(`/${path}`, link);
  }
}

function release(version: string): string {
  return `NAME="Compact Director"\nID=compact-director\nVERSION_ID=${version}\nBUILD_TIME=${SOURCE_DATE_EPOCH}\n`;
}

function setModes(tree: string, folder: string): void {
  for (const entry of readdirSync(join(tree, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      chmodSync(join(tree, path), 0o755);
      setModes(tree, path);
    } else if (entry.isFile()) {
      chmodSync(join(tree, path), EXECUTABLE.some(prefix => path.startsWith(prefix)) ? 0o755 : 0o644);
    }
  }
}

/** mksquashfs sorts by itself; what else differs from build to build is set here. It runs without root rights. */
async function pack(work: Work, tree: string): Promise<void> {
  const time = String(SOURCE_DATE_EPOCH);
  await work.run('env', [
    // With this variable set it refuses the two options for times.
    '--unset=SOURCE_DATE_EPOCH',
    'mksquashfs',
    tree,
    join(work.out, 'root.squashfs'),
    ...['-noappend', '-no-progress', '-quiet', '-all-root', '-no-xattrs', '-no-exports'],
    ...['-all-time', time, '-mkfs-time', time],
    // Small blocks: reading one page unpacks a whole block, which on these processors takes tens of milliseconds.
    ...['-comp', 'xz', '-Xbcj', 'x86', '-b', '64K'],
  ]);
}
