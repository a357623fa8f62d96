// The root file system: busybox, ipvsadm and the director below overlays/base, packed into a squashfs that the kernel mounts from memory.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCE_DATE_EPOCH } from './exec.ts';
import { gate } from './gate.ts';
import { type Context, type Output, step, type Work } from './step.ts';

/** A program of the root: the step that made it, the file there, and where it goes. */
export interface Program {
  readonly from: Output;
  readonly file: string;
  /** Without the leading slash. */
  readonly path: string;
}

export interface RootParts {
  readonly programs: readonly Program[];
  /** Paths that are links to busybox, as `/bin/ls`. */
  readonly applets: readonly string[];
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

/** The output holds `root.squashfs`. Every program in it has passed the instruction gate. */
export function buildRoot(context: Context, { programs, applets, version }: RootParts): Promise<Output> {
  const overlay = join(context.root, 'overlays/base');
  return step(context, {
    name: 'root',
    inputs: [
      ...programs.flatMap(({ from, file, path }) => [from, file, path]),
      applets.join(' '),
      { folder: overlay },
      version,
      { file: import.meta.filename },
      ...['gate.ts', 'isa.ts'].map(name => ({ file: join(import.meta.dirname, name) })),
    ],
    estimate: 3,
    async build(work) {
      const tree = join(work.scratch, 'root');
      for (const folder of FOLDERS) mkdirSync(join(tree, folder), { recursive: true });
      cpSync(overlay, tree, { recursive: true, verbatimSymlinks: true });
      for (const { from, file, path } of programs) {
        mkdirSync(dirname(join(tree, path)), { recursive: true });
        copyFileSync(join(from.path, file), join(tree, path));
      }
      linkApplets(tree, applets);
      writeFileSync(join(tree, 'etc/os-release'), release(version));
      setModes(tree, '/');
      // Whatever an overlay may bring along too.
      await gate([tree], '486');
      await pack(work, tree);
    },
  });
}

/** A link for every applet but those that have a program of their own. */
function linkApplets(tree: string, applets: readonly string[]): void {
  for (const applet of applets) {
    const link = join(tree, applet);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync('/bin/busybox', link);
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
