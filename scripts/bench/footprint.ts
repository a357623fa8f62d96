// What the product takes: bytes on the card by part, memory of the kernel and of the processes, memory of each connection.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext } from '../../image/step.ts';
import { SCRATCH } from '../lab/lab.ts';
import { buildNetwork } from '../lab/network.ts';
import { memory } from './boot.ts';
import { type DebianModules, debianKernel } from './debian-kernel.ts';
import { type Board, compile, startPlain, startProduct } from './forwarding/board.ts';
import { tracking } from './forwarding/config.ts';
import { connect } from './forwarding/measure.ts';
import { keepalivedForBoard } from './keepalived-i386.ts';
import { type Benchmark, type Row, row } from './result.ts';

const CONNECTIONS = [1000, 10_000, 60_000];
/** The kernel tracks 4,096 at most. */
const TRACKED = [1000, 4000];

/** Bytes of all files below a folder. */
function total(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** The files of a slot in the scratch folder, the root unpacked below `root`. */
function unpackSlot(slot: string): string {
  const folder = mkdtempSync(join(SCRATCH, 'slot-'));
  execFileSync('tar', ['-xf', slot, '-C', folder]);
  const root = ['-quiet', '-no-progress', '-dest', join(folder, 'root'), join(folder, 'root.squashfs')];
  execFileSync('unsquashfs', root);
  return folder;
}

function sizes(out: string, debian: string, keepalived: string): Row[] {
  const slot = unpackSlot(join(out, 'net4801.slot'));
  const size = (path: string) => statSync(join(slot, path)).size / 1024;
  const { bytes } = JSON.parse(readFileSync(join(debian, 'modules.json'), 'utf8')) as DebianModules;
  const kib = (value: number) => [value / 1024];
  return [
    row('card: kernel', [size('bzImage')], { peer: kib(bytes.kernel + bytes.needed) }),
    row('card: root, packed', [size('root.squashfs')]),
    row('card: slot', [statSync(join(out, 'net4801.slot')).size / 1024], { target: 5 * 1024 }),
    row('root: busybox', [size('root/bin/busybox')]),
    row('root: ipvsadm', [size('root/sbin/ipvsadm')]),
    row('root: director', [size('root/usr/sbin/director')], { peer: kib(total(keepalived)) }),
    row('root: all of it, unpacked', kib(total(join(slot, 'root')))),
  ];
}

/** A line of /proc/meminfo, in KiB. */
async function meminfo({ shell }: Board, name: string): Promise<number> {
  const text = await shell.must('cat /proc/meminfo');
  return Number(RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]);
}

/** Memory that both kernels leave of the same board with the same programs. */
async function left(
  out: string,
  kernels: readonly [ours: string, peer: string],
  debian: string,
): Promise<Row[]> {
  const names = ['MemTotal', 'MemAvailable', 'Slab'];
  const values: number[][] = [];
  for (const [index, kernel] of kernels.entries()) {
    const board = await startPlain(out, `plain-${index}`, 'e1000', { kernel, debian, modules: index === 1 });
    values.push([]);
    for (const name of names) values[index]!.push(await meminfo(board, name));
    await board.machine.powerOff();
  }
  return names.map((name, index) =>
    row(`256 MB, kernel and a shell: ${name}`, [values[0]![index]!], { peer: [values[1]![index]!] }),
  );
}

/** Bytes of a connection: what the memory of the kernel's objects grew by. */
async function connections(board: Board, program: string, counts: readonly number[]): Promise<number[]> {
  const before = await meminfo(board, 'Slab');
  const sizes: number[] = [];
  for (const count of counts) {
    await connect(program, board, 'DR', count);
    sizes.push((((await meminfo(board, 'Slab')) - before) * 1024) / count);
  }
  await board.machine.powerOff();
  return sizes;
}

export const benchmark: Benchmark = {
  name: 'footprint',
  unit: 'KiB',
  needs: 'image',
  async prepare(context) {
    await debianKernel(context);
    await keepalivedForBoard(context);
  },
  async run(note, { out }) {
    await buildNetwork();
    const context = createContext();
    const debian = (await debianKernel(context)).path;
    const keepalived = (await keepalivedForBoard(context)).path;
    const kernel = join(SCRATCH, 'bzImage');
    const unpacked = execFileSync('tar', ['-xOf', join(out, 'net4801.slot'), 'bzImage'], {
      maxBuffer: 64 << 20,
    });
    writeFileSync(kernel, unpacked);
    const theirs = join(debian, 'vmlinuz');
    const program = compile('traffic');

    note('memory of the processes');
    const processes = await memory(64);
    note('memory of the kernel');
    const kernels = await left(out, [kernel, theirs], debian);
    note('memory of connections');
    const product = await connections(await startProduct(out, 'connections', 'e1000'), program, CONNECTIONS);
    const tracked = await startProduct(out, 'tracked', 'e1000', tracking);
    const withTracking = await connections(tracked, program, TRACKED);
    const peer = await startPlain(out, 'debian', 'e1000', { kernel: theirs, debian, modules: true });
    const others = await connections(peer, program, CONNECTIONS);
    return [
      ...sizes(out, debian, keepalived),
      ...processes,
      ...kernels,
      ...CONNECTIONS.map((count, index) =>
        row(`a connection of ${count}`, [product[index]!], { peer: [others[index]!], unit: 'bytes' }),
      ),
      ...TRACKED.map((count, index) =>
        row(`a connection of ${count}, tracked`, [withTracking[index]!], { unit: 'bytes' }),
      ),
    ];
  },
};
