// GRUB for the card: its core with every module it needs inside, so that nothing is loaded from a file system before the slots.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from './board.ts';
import { run } from './exec.ts';
import { gateOutput } from './gate.ts';
import { GRUBENV_LENGTH, GRUBENV_OFFSET, PARTITIONS, SECTOR } from './layout.ts';
import { type Component, type Context, type Output, sha256, step } from './step.ts';
import { BLOCK, type Member, memberLength, ustar } from './ustar.ts';

/** Where Debian's grub-pc-bin has its parts. */
const PLATFORM = '/usr/lib/grub/i386-pc';

/** biosdisk to slots: reading. hashsum, gcry_crc: checking a slot before it is booted. The rest is what grub.cfg says. */
const MODULES = [
  'biosdisk',
  'part_msdos',
  'tar',
  'memdisk',
  'normal',
  'configfile',
  'serial',
  'terminal',
  'loadenv',
  'hashsum',
  'gcry_crc',
  'linux',
  'echo',
  'test',
  'sleep',
  'reboot',
  'ls',
  'cat',
];

/** The modules linked into the core and what they depend on, as file names. */
function moduleFiles(): string[] {
  const dependencies = new Map(
    readFileSync(join(PLATFORM, 'moddep.lst'), 'utf8')
      .trim()
      .split('\n')
      .map(line => {
        const [name = '', rest = ''] = line.split(':');
        return [name, rest.split(' ').filter(Boolean)] as const;
      }),
  );
  const all = new Set<string>();
  const add = (name: string) => {
    if (all.has(name)) return;
    all.add(name);
    dependencies.get(name)?.forEach(add);
  };
  MODULES.forEach(add);
  return [...all].sort().map(name => `${name}.mod`);
}

/** The signature by which a running system finds its own card among the disks: 8 hexadecimal digits, one per kind of board. */
export function diskSignature(board: Board): string {
  return createHash('sha256').update(`compact-director ${board.name}`).digest('hex').slice(0, 8);
}

/** grub.cfg for a board; `root` is the top of the source tree. */
export function grubConfiguration(root: string, board: Board): string {
  return readFileSync(join(root, 'image/grub/grub.cfg'), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll('@SPEED@', String(board.console.speed))
    .replaceAll('@DISK@', diskSignature(board));
}

/** What of GRUB goes onto the card, as Debian built it. It has passed the instruction gate. */
async function grubParts(context: Context): Promise<Output> {
  const [, version = ''] = (await run('dpkg-query', ['--show', 'grub-pc-bin'])).trim().split('\t');
  const names = ['boot.img', 'diskboot.img', 'kernel.img', 'lzma_decompress.img', ...moduleFiles()];
  const files = names.map(name => ({ file: join(PLATFORM, name) }));
  const component: Component = {
    name: 'grub',
    version,
    licence: 'GPL-3.0-or-later',
    sources: names.map((file, index) => ({ file, sha256: sha256(readFileSync(files[index]!.file)) })),
  };
  const output = await step(context, {
    name: 'grub',
    inputs: [...names, ...files, { file: join(PLATFORM, 'moddep.lst') }],
    estimate: 1,
    components: [component],
    async build({ out }) {
      for (const name of [...names, 'moddep.lst']) copyFileSync(join(PLATFORM, name), join(out, name));
    },
  });
  await gateOutput(context, output, ['kernel.img', ...moduleFiles()], 'grub');
  return output;
}

/** The output holds `core.img` (written behind the MBR) and `boot.img` (the MBR's code). */
export async function buildGrub(context: Context, board: Board): Promise<Output> {
  const configuration = grubConfiguration(context.root, board);
  const first = readFileSync(join(context.root, 'image/grub/first.cfg'), 'utf8');
  const parts = await grubParts(context);
  return step(context, {
    name: 'grub-core',
    inputs: [configuration, first, MODULES.join(' '), parts, { file: import.meta.filename }],
    estimate: 1,
    components: parts.components,
    async build({ run, out, scratch }) {
      const inside = ustar([
        { name: 'first.cfg', data: Buffer.from(first) },
        { name: 'grub.cfg', data: Buffer.from(configuration) },
      ]);
      writeFileSync(join(scratch, 'memdisk.tar'), inside);
      writeFileSync(join(scratch, 'early.cfg'), 'normal (memdisk)/first.cfg\n');
      await run('grub-mkimage', [
        '--format=i386-pc',
        `--directory=${parts.path}`,
        '--memdisk=memdisk.tar',
        '--config=early.cfg',
        // No drive number: the one that the firmware booted from.
        '--prefix=(,msdos1)/',
        `--output=${join(out, 'core.img')}`,
        ...MODULES,
      ]);
      copyFileSync(join(parts.path, 'boot.img'), join(out, 'boot.img'));
    },
  });
}

/** GRUB's environment block: what it reads at every boot, and during a trial rewrites in place. */
export function grubEnvironment(variables: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  const text = `# GRUB Environment Block\n${lines.join('')}`;
  if (text.length > GRUBENV_LENGTH)
    throw new RangeError(`GRUB's environment is over ${GRUBENV_LENGTH} bytes`);
  return Buffer.from(text.padEnd(GRUBENV_LENGTH, '#'));
}

/**
 * The content of the boot partition: an archive whose member grubenv is placed, by a member of zeros in front of it, so that its
 * one sector is the first of an erase extent that holds nothing else.
 */
export function bootPartition(configuration: string): Buffer {
  const text: Member = { name: 'grub.cfg', data: Buffer.from(configuration) };
  const gap = GRUBENV_OFFSET - memberLength(text.data.length) - 2 * BLOCK;
  const members: Member[] = [
    text,
    { name: 'gap', data: Buffer.alloc(gap) },
    { name: 'grubenv', data: grubEnvironment({ active: 'a' }) },
  ];
  return ustar(members);
}

/** Sectors between the MBR and the first partition, where the core lies. */
export const CORE_LIMIT = PARTITIONS[0].start - SECTOR;
