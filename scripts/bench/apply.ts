// How long a configuration takes to be checked, beside `keepalived -t` on this machine, and its table to be carried out, beside
// `ipvsadm -R` on a board in QEMU.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../image/bundle.ts';
import { boardCompiler, hostProgram } from '../../image/host.ts';
import { type Context, createContext, type Output } from '../../image/step.ts';
import { SCRATCH } from '../lab/lab.ts';
import { buildNetwork } from '../lab/network.ts';
import { configuration, rules, type Size } from './apply/config.ts';
import { GIVEN, type Guest, startGuest } from './guest.ts';
import { type Benchmark, type Row, row } from './result.ts';

interface Case extends Size {
  readonly name: string;
  /** Of a check: milliseconds and KiB. */
  readonly limits?: { readonly time: number; readonly memory: number };
}

const cases: readonly Case[] = [
  { name: '200 x 10', services: 200, servers: 10, limits: { time: 300, memory: 16 << 10 } },
  { name: '1000 x 10', services: 1000, servers: 10 },
];
const CHECKS = 11;
const APPLICATIONS = 5;
const fileName = ({ services, servers }: Size, suffix: string) => `${services}x${servers}.${suffix}`;

/** Does the checker's part of the work with a table, and prints how long that took. */
async function boardProgram(context: Context): Promise<Output> {
  const script = await bundle(context.root, { file: 'scripts/bench/apply/board.ts' });
  return hostProgram(context, await boardCompiler(context), { main: script }, 'bench-apply');
}

function compileMeasure(): string {
  const program = join(SCRATCH, 'measure');
  const source = join(import.meta.dirname, 'apply/measure.c');
  execFileSync('gcc', ['-std=gnu11', '-D_GNU_SOURCE', '-O2', '-Wall', '-o', program, source]);
  return program;
}

interface Usage {
  /** Milliseconds. */
  readonly time: number;
  /** KiB at most. */
  readonly memory: number;
}

function usage(measure: string, command: readonly string[]): Usage {
  const [time, memory, status] = execFileSync(measure, command, { encoding: 'utf8' }).split(' ').map(Number);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with status ${status}`);
  return { time: time!, memory: memory! };
}

/** Both programs in turn, on this machine. */
function checkRows(director: string, { name, limits, ...size }: Case): Row[] {
  const measure = compileMeasure();
  const file = join(SCRATCH, fileName(size, 'conf'));
  writeFileSync(file, configuration(size));
  const ours: Usage[] = [];
  const peer: Usage[] = [];
  for (let run = 0; run < CHECKS; run++) {
    ours.push(usage(measure, [director, 'check', file]));
    peer.push(usage(measure, ['keepalived', '-t', '-f', file]));
  }
  const rowOf = (what: string, key: keyof Usage, unit: string) =>
    row(
      `${name}: ${what}`,
      ours.map(each => each[key]),
      { peer: peer.map(each => each[key]), unit, ...(limits && { target: limits[key] }) },
    );
  return [rowOf('check', 'time', 'ms'), rowOf('check, memory at most', 'memory', 'KiB')];
}

/** Milliseconds of the board's clock until the command has ended. */
async function boardTime({ shell }: Guest, command: string): Promise<number> {
  const text = await shell.must(`clock; ${command}; status=$?; clock; (exit $status)`, 120_000);
  const [before, after] = text.trim().split('\n').map(Number);
  return (after! - before!) / 1e6;
}

/** The kernel's table as ipvsadm writes it, in a word. */
function tableInAWord({ shell }: Guest): Promise<string> {
  return shell.must('ipvsadm -Sn | sort | sha256sum');
}

async function applyRows(guest: Guest, { name, ...size }: Case): Promise<Row[]> {
  const { shell } = guest;
  const plain = { process: [] as number[], work: [] as number[], peer: [] as number[] };
  for (let run = 0; run < APPLICATIONS; run++) {
    plain.peer.push(await boardTime(guest, `ipvsadm -R <${GIVEN}/${fileName(size, 'rules')}`));
    const theirs = await tableInAWord(guest);
    await shell.must('ipvsadm -C');
    const command = `${GIVEN}/apply ${size.services} ${size.servers}`;
    plain.process.push(await boardTime(guest, `${command} >/tmp/milliseconds`));
    plain.work.push(Number(await shell.must('cat /tmp/milliseconds')));
    if ((await tableInAWord(guest)) !== theirs) throw new Error(`${name}: the tables differ`);
    await shell.must('ipvsadm -C');
  }
  const peer = plain.peer;
  return [
    row(`${name}: plan and apply`, plain.work, { peer, target: 1, targetOf: 'ratio' }),
    row(`${name}: the same as a process of its own`, plain.process, { peer }),
  ];
}

export const benchmark: Benchmark = {
  name: 'apply',
  unit: 'ms',
  needs: 'image',
  prepare: boardProgram,
  async run(note, { out, only = '' }) {
    const wanted = cases.filter(({ name }) => name.includes(only));
    const rows: Row[] = [];
    for (const each of wanted) {
      note(`${each.name}: checked`);
      rows.push(...checkRows(join(out, 'director'), each));
    }
    await buildNetwork();
    const folder = mkdtempSync(join(SCRATCH, 'given-'));
    const program = await boardProgram(createContext());
    copyFileSync(join(program.path, 'director'), join(folder, 'apply'));
    for (const each of wanted) writeFileSync(join(folder, fileName(each, 'rules')), rules(each));
    const guest = await startGuest(out, 'apply', folder);
    for (const each of wanted) {
      note(`${each.name}: applied`);
      rows.push(...(await applyRows(guest, each)));
    }
    await guest.machine.powerOff();
    return rows;
  },
};
