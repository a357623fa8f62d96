// What the image takes: bytes on the card, memory on the board, instructions until it is a master.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeCard } from '../lab/card.ts';
import { boardOf, SCRATCH } from '../lab/lab.ts';
import { type Machine, powerOn } from '../lab/machine.ts';
import { buildNetwork } from '../lab/network.ts';
import { directors } from '../lab/plan.ts';
import { login, type Shell } from '../lab/shell.ts';
import { hashPassword, siteConfig } from '../lab/site.ts';
import { awaitConnection } from '../lab/socket.ts';
import { createDebugger, runTo } from './gdb.ts';
import { type Benchmark, type Row, row } from './result.ts';
import { icount, nanosecondsPerInstruction, packetTimes, virtualTime } from './virtual-clock.ts';

const out = join(import.meta.dirname, '../../out');
const image = join(out, 'net4801.img');
const slot = join(out, 'net4801.slot');
const PASSWORD = 'bench';
const VRRP = 112;
const [plan] = directors;

/** The files in a slot, which is a tar archive, with their sizes in bytes. */
function slotParts(): { name: string; size: number }[] {
  const listing = execFileSync('tar', ['-tvf', slot], { encoding: 'utf8' });
  return listing
    .trim()
    .split('\n')
    .map(line => line.split(/\s+/))
    .map(fields => ({ name: fields[5] ?? '', size: Number(fields[2]) }));
}

function sizes(): Row[] {
  const parts = slotParts().filter(({ size }) => size >= 1024);
  return [
    ...parts.map(({ name, size }) => row(`on the card: ${name}`, [size / 1024])),
    row('on the card: one slot in all', [statSync(slot).size / 1024], { target: 5 * 1024 }),
  ];
}

async function boot(memory: number, extra: readonly string[] = []): Promise<Machine> {
  const card = join(SCRATCH, 'bench.card');
  makeCard(image, card, siteConfig(plan, hashPassword(PASSWORD)));
  return powerOn({ ...boardOf(plan, card, join(out, 'lab', 'bench.log')), memory, extra });
}

async function untilMaster(shell: Shell): Promise<void> {
  await shell.must('until director vrrp | grep -q "state *MASTER"; do sleep 1; done', 120_000);
}

/** Available memory, and each director process's proportional share of what it maps, both in KiB. */
export async function memory(megabytes: number): Promise<Row[]> {
  const machine = await boot(megabytes);
  try {
    const shell = await login(machine.console, PASSWORD, 180_000);
    await untilMaster(shell);
    const available = Number(await shell.must("awk '/^MemAvailable/ { print $2 }' /proc/meminfo"));
    const shares = await shell.must(
      `for pid in $(pidof director); do
         echo "$(tr '\\0' ' ' < /proc/$pid/cmdline | cut -d ' ' -f 1,2) $(awk '/^Pss:/ { print $2 }' /proc/$pid/smaps_rollup)"
       done`,
    );
    const processes = shares
      .trim()
      .split('\n')
      .map(line => /^(.*?) *(\d+)$/.exec(line))
      .map(match => ({ name: match?.[1] ?? '?', share: Number(match?.[2]) }));
    const total = processes.reduce((sum, { share }) => sum + share, 0);
    return [
      row(`${megabytes} MB: available once it serves`, [available]),
      ...processes.map(({ name, share }) => row(`${megabytes} MB: PSS, ${name}`, [share])),
      row(`${megabytes} MB: PSS, all processes`, [total], { target: 7 * 1024 }),
    ];
  } finally {
    await machine.powerOff();
  }
}

/** The kernel's first bytes in memory, and where GRUB puts them (Documentation/x86/boot.rst). */
function kernelEntry(): { address: number; code: Buffer } {
  const kernel = execFileSync('tar', ['-xOf', slot, 'bzImage'], { maxBuffer: 64 << 20 });
  const setupSectors = kernel[0x1f1] || 4;
  const relocatable = kernel[0x234] !== 0;
  const address = relocatable ? Number(kernel.readBigUInt64LE(0x258)) : 0x10_0000;
  const start = (setupSectors + 1) * 512;
  return { address, code: kernel.subarray(start, start + 16) };
}

/** Millions of instructions; what passes while the processor waits counts as if it had worked. */
async function instructions(): Promise<Row[]> {
  const debugPath = join(SCRATCH, 'bench.gdb');
  const capture = join(SCRATCH, 'bench.pcap');
  const awaited = await awaitConnection(debugPath);
  const machine = await boot(64, [
    ...icount,
    ...['-S', '-chardev', `socket,id=debugger,path=${debugPath}`, '-gdb', 'chardev:debugger'],
    ...['-object', `filter-dump,id=dump,netdev=port0,file=${capture}`],
  ]);
  try {
    const gdb = createDebugger(await awaited.connection);
    const { address, code } = kernelEntry();
    await runTo(gdb, address, code);
    const entry = await virtualTime(machine.qmp);
    void gdb.ask('c');
    const shell = await login(machine.console, PASSWORD, 600_000);
    await untilMaster(shell);
    const advertised = packetTimes(readFileSync(capture), VRRP)[0];
    if (advertised === undefined) throw new Error('no advertisement was captured');
    const millions = (seconds: number) => (seconds * 1e9) / nanosecondsPerInstruction / 1e6;
    const unit = 'M instr';
    return [
      row('power-on to kernel entry, waits counted', [millions(entry)], { unit }),
      row('kernel entry to first advertisement, waits counted', [millions(advertised - entry)], { unit }),
    ];
  } finally {
    await machine.powerOff();
    awaited.close();
  }
}

export const benchmark: Benchmark = {
  name: 'boot',
  unit: 'KiB',
  needs: 'image',
  async run(note) {
    await buildNetwork();
    note('memory at 64 MB');
    const roomy = await memory(64);
    note('memory at 32 MB');
    const tight = await memory(32);
    note('instructions until the first advertisement');
    return [...sizes(), ...roomy, ...tight, ...(await instructions())];
  },
};
