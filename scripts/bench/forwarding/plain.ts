// A system that is nothing but a kernel and its table: an initial RAM disk with Debian's busybox, ipvsadm, and modules where there are some.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebianModules } from '../debian-kernel.ts';

/** Asks as a login does, and lets everybody in. */
const INIT = `#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /sbin /usr/bin /usr/sbin
/bin/busybox --install
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
dmesg -n 1
for module in $(cat /modules/order); do insmod /modules/$module; done
printf 'login: '
read user
printf 'Password: '
read password
# Into a pipe: an interactive shell would ask the terminal for its width.
printf '# '
sh 2>&1 | cat
`;

/**
 * Writes the RAM disk to `file`. `debian` is the folder of debian-kernel.ts, `slot` the one whose ipvsadm is taken, `scratch` an empty folder.
 * Modules are Debian's: a kernel without any gets none.
 */
export function packPlain(
  file: string,
  { debian, slot, scratch, modules }: Record<'debian' | 'slot' | 'scratch', string> & { modules: boolean },
): void {
  const tree = join(scratch, 'tree');
  const root = join(scratch, 'root.squashfs');
  for (const folder of ['bin', 'modules']) mkdirSync(join(tree, folder), { recursive: true });
  writeFileSync(root, execFileSync('tar', ['-xOf', slot, 'root.squashfs'], { maxBuffer: 64 << 20 }));
  execFileSync('unsquashfs', ['-quiet', '-no-progress', '-dest', join(scratch, 'root'), root]);
  copyFileSync(join(scratch, 'root/sbin/ipvsadm'), join(tree, 'bin/ipvsadm'));
  copyFileSync(join(debian, 'busybox'), join(tree, 'bin/busybox'));
  writeFileSync(join(tree, 'init'), INIT);
  for (const program of ['bin/ipvsadm', 'bin/busybox', 'init']) chmodSync(join(tree, program), 0o755);
  if (modules) cpSync(join(debian, 'modules'), join(tree, 'modules'), { recursive: true });
  const { order } = JSON.parse(readFileSync(join(debian, 'modules.json'), 'utf8')) as DebianModules;
  writeFileSync(join(tree, 'modules/order'), modules ? order.join('\n') : '');
  const archive = execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc'], {
    cwd: tree,
    maxBuffer: 64 << 20,
  });
  writeFileSync(file, archive);
}
