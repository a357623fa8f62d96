// From the parts to what is flashed: everything that all boards share once, then each board's image, slot, hashes and bill.
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from './board.ts';
import { busybox } from './busybox.ts';
import { diskPieces, writeDisk } from './disk.ts';
import { buildGrub, grubConfiguration } from './grub.ts';
import { DIRECTOR_SCRIPTS, director, publishDirector } from './host.ts';
import { ipvsadm } from './ipvsadm.ts';
import { kernel } from './kernel.ts';
import { DISK_LENGTH } from './layout.ts';
import { bundledPackages } from './packages.ts';
import { buildRoot } from './rootfs.ts';
import { bill } from './sbom.ts';
import { slot } from './slot.ts';
import { type Component, type Context, sha256 } from './step.ts';
import { toolchain } from './toolchain.ts';

/** What the user asked for, besides the board. */
export interface Order {
  /** The site's configuration, for the card's store alone. */
  readonly config: Uint8Array | null;
  readonly key: KeyObject | null;
  /** The folder for the results. */
  readonly out: string;
}

/** What every board's image is made of. */
export interface System {
  readonly version: string;
  readonly kernel: Uint8Array;
  readonly root: Uint8Array;
  readonly director: Uint8Array;
  readonly components: readonly Component[];
}

/** Sizes in bytes of what was made. */
export interface Made {
  readonly board: string;
  readonly sizes: Readonly<Record<'kernel' | 'root' | 'director' | 'core' | 'slot', number>>;
}

/** Builds what all boards share and puts `out/director` where people find it. */
export async function buildSystem(context: Context, out: string): Promise<System> {
  const { version } = JSON.parse(readFileSync(join(context.root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const linux = await kernel(context);
  const tools = await busybox(context);
  const admin = await ipvsadm(context);
  const ours = await director(context);
  const programs = [
    { from: tools, file: 'busybox', path: 'bin/busybox' },
    { from: admin, file: 'ipvsadm', path: 'sbin/ipvsadm' },
    { from: ours, file: 'director', path: 'usr/sbin/director' },
  ];
  const root = await buildRoot(context, { programs, applets: tools.applets, version });
  publishDirector(ours, out);
  return {
    version,
    kernel: readFileSync(linux.bzImage),
    root: readFileSync(join(root.path, 'root.squashfs')),
    director: readFileSync(join(ours.path, 'director')),
    components: [
      ...[linux, await toolchain(context), tools, admin, ours].flatMap(output => output.components),
      ...bundledPackages(
        context.root,
        ...DIRECTOR_SCRIPTS.map(name => readFileSync(join(ours.path, `${name}.js.map`), 'utf8')),
      ),
    ],
  };
}

/** Builds `<board>.img`, `.slot`, `.cdx.json` and `.sha256` in the order's folder. */
export async function buildImage(
  context: Context,
  system: System,
  board: Board,
  order: Order,
): Promise<Made> {
  const grub = await buildGrub(context, board);
  const core = readFileSync(join(grub.path, 'core.img'));
  const archive = slot({
    board,
    version: system.version,
    kernel: system.kernel,
    root: system.root,
    key: order.key,
  });
  const pieces = diskPieces({
    board,
    boot: readFileSync(join(grub.path, 'boot.img')),
    core,
    configuration: grubConfiguration(context.root, board),
    slot: archive,
    config: order.config,
  });
  const name = (extension: string) => `${board.name}.${extension}`;
  const file = (extension: string) => join(order.out, name(extension));
  writeDisk(file('img'), pieces);
  writeFileSync(file('slot'), archive);
  const results = ['img', 'slot'].map(extension => ({
    name: name(extension),
    data: readFileSync(file(extension)),
  }));
  const contents = [
    { name: 'bzImage', data: system.kernel },
    { name: 'root.squashfs', data: system.root },
    { name: 'director', data: system.director },
  ];
  const components = [...system.components, ...grub.components];
  const materials = bill({ board: board.name, version: system.version, components, contents, results });
  writeFileSync(file('cdx.json'), materials);
  const listed = [...results, { name: name('cdx.json'), data: Buffer.from(materials) }];
  writeFileSync(file('sha256'), listed.map(({ name, data }) => `${sha256(data)}  ${name}\n`).join(''));
  return {
    board: board.name,
    sizes: {
      kernel: system.kernel.length,
      root: system.root.length,
      director: system.director.length,
      core: core.length,
      slot: archive.length,
    },
  };
}

/** What takes how much of a card, for people. */
export function sizesText({ board, sizes }: Made): string {
  const kib = (bytes: number) => `${Math.ceil(bytes / 1024)} KiB`;
  const parts = [
    `kernel ${kib(sizes.kernel)}`,
    `root ${kib(sizes.root)} (director unpacked ${kib(sizes.director)})`,
    `one slot ${kib(sizes.slot)}`,
    `GRUB ${kib(sizes.core)}`,
  ];
  return `${board}.img: ${parts.join(', ')}; ends at ${kib(DISK_LENGTH)} of a 64 MB card (62500 KiB)`;
}
