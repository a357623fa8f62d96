// Boards in QEMU whose packets this machine makes and takes: the product from its image, or nothing but a kernel and a table.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCard } from '../../lab/card.ts';
import { SCRATCH } from '../../lab/lab.ts';
import { type Machine, type MachinePlan, powerOn } from '../../lab/machine.ts';
import { login, type Shell } from '../../lab/shell.ts';
import { hashPassword } from '../../lab/site.ts';
import { BOARD_MACS, configuration, setUp } from './config.ts';
import { packPlain } from './plain.ts';

const PASSWORD = 'bench';
/** 16 ns an instruction, and never ahead of this machine's clock: slow enough that this machine can give it more than it takes. */
const clock = ['-icount', 'shift=4,sleep=on,align=on', '-rtc', 'base=2026-01-01,clock=vm'];
/** QEMU's names of network cards that both kernels drive. */
export type Card = 'e1000' | 'rtl8139';

export interface Board {
  readonly machine: Machine;
  readonly shell: Shell;
  /** Where the instructions are counted. */
  readonly counts: string;
  /** The sockets of a port, without their endings. */
  readonly ports: readonly [outside: string, inside: string];
}

/** Compiles a C file of this folder into the scratch folder, and says where the result is. */
export function compile(name: string, flags: readonly string[] = []): string {
  const result = join(SCRATCH, name);
  const warnings = ['-std=gnu11', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-Werror'];
  execFileSync('gcc', [...warnings, ...flags, '-o', result, join(import.meta.dirname, `${name}.c`)]);
  return result;
}

async function switchOn(plan: Pick<MachinePlan, 'name' | 'card' | 'log'>, card: Card, extra: string[]) {
  const plugin = compile('count', ['-shared', '-fPIC', '-fvisibility=hidden']);
  const counts = join(SCRATCH, `${plan.name}.counts`);
  const ports = ['outside', 'inside'].map(side => join(SCRATCH, `${plan.name}.${side}`));
  const network = ports.flatMap((path, index) => [
    '-netdev',
    `dgram,id=port${index},local.type=unix,local.path=${path}.board,remote.type=unix,remote.path=${path}.lab`,
    ...['-device', `${card},netdev=port${index},mac=${BOARD_MACS[index]},addr=${8 + index},romfile=`],
  ]);
  const machine = await powerOn({
    ...plan,
    cpu: 'pentium3',
    memory: 256,
    ports: [],
    folder: SCRATCH,
    extra: [...clock, ...network, '-plugin', `${plugin},counts=${counts}`, ...extra],
  });
  const shell = await login(machine.console, PASSWORD, 300_000);
  return { machine, shell, counts, ports: ports as [string, string] };
}

/** The image's own kernel, director and configuration, with `more` of it. `out` is the folder with the image. */
export async function startProduct(out: string, name: string, network: Card, more = ''): Promise<Board> {
  const card = join(SCRATCH, `${name}.card`);
  makeCard(join(out, 'net4801.img'), card, configuration(hashPassword(PASSWORD)) + more);
  const board = await switchOn({ name, card, log: join(out, 'lab', `${name}.log`) }, network, []);
  await board.shell.must('until director vrrp | grep -q "state *MASTER"; do sleep 1; done', 120_000);
  return board;
}

export interface PlainOptions {
  readonly kernel: string;
  /** The folder of debian-kernel.ts, whose busybox is used, and whose modules when the kernel is Debian's. */
  readonly debian: string;
  readonly modules: boolean;
}

/** A kernel with a table by ipvsadm. */
export async function startPlain(
  out: string,
  name: string,
  network: Card,
  plain: PlainOptions,
): Promise<Board> {
  const scratch = mkdtempSync(join(SCRATCH, 'plain-'));
  const initial = join(scratch, 'initial');
  packPlain(initial, { ...plain, slot: join(out, 'net4801.slot'), scratch });
  const card = join(scratch, 'card');
  writeFileSync(card, Buffer.alloc(1 << 20));
  const board = await switchOn({ name, card, log: join(out, 'lab', `${name}.log`) }, network, [
    ...['-kernel', plain.kernel, '-initrd', initial, '-append', 'console=ttyS0,115200 quiet'],
  ]);
  await board.shell.must(setUp);
  return board;
}
