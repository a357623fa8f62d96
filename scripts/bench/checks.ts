// What checks cost and how many a board gets done in a second: the director and keepalived in turn, on the same board in QEMU, with the
// same 2,000 real servers.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext } from '../../image/step.ts';
import { SCRATCH } from '../lab/lab.ts';
import { inNamespace } from '../lab/namespace.ts';
import { buildNetwork } from '../lab/network.ts';
import { webs } from '../lab/plan.ts';
import { startWeb } from '../lab/web.ts';
import {
  advertiser,
  checkedConfig,
  INSIDE,
  INTERVAL,
  insideAddresses,
  type Kind,
  kinds,
  SERVERS,
} from './checks/config.ts';
import { director, keepalived, type Software } from './checks/software.ts';
import { addresses, GIVEN, type Guest, startGuest } from './guest.ts';
import { keepalivedForBoard } from './keepalived-i386.ts';
import { type Benchmark, type Row, row } from './result.ts';
import { nanosecondsPerInstruction, packetTimes } from './virtual-clock.ts';

/** Seconds between two checks of a server: what the board can do, and what it cannot. */
const EASY = 10;
const HARD = 1;
const intervals = [EASY, HARD] as const;
/** Seconds that a case gets to settle, and that it is watched: a whole round of checks, also where they come all at once. */
const SETTLE = 5;
const WATCH = EASY;
const VRRP = 112;
const capture = join(SCRATCH, 'checks.pcap');
const advertising = 'director-advertising.conf';

const fileName = (software: Software, kind: Kind, interval: number) =>
  `${software.name}-${kind}-${interval}.conf`;

async function layOut(): Promise<void> {
  await buildNetwork();
  for (const [index, { name }] of webs.entries()) {
    for (const address of insideAddresses(index)) {
      execFileSync('ip', ['-n', name, 'address', 'add', `${address}/24`, 'dev', 'inside']);
    }
  }
  await Promise.all(webs.map(web => startWeb(web, SCRATCH)));
}

async function given(): Promise<string> {
  const folder = mkdtempSync(join(SCRATCH, 'given-'));
  for (const kind of kinds) {
    for (const interval of intervals) {
      const config = checkedConfig(kind, interval);
      // Without its own words: keepalived would only complain.
      writeFileSync(join(folder, fileName(keepalived, kind, interval)), config);
      writeFileSync(join(folder, fileName(director, kind, interval)), addresses + config);
    }
  }
  const busy = addresses + advertiser() + checkedConfig('HTTP_GET', EASY);
  writeFileSync(join(folder, advertising), busy);
  mkdirSync(join(folder, 'peer'));
  cpSync((await keepalivedForBoard(createContext())).path, join(folder, 'peer'), { recursive: true });
  return folder;
}

/** Connections that the servers have taken so far. */
function taken(): number {
  return webs.reduce((sum, { name }) => {
    const [first, ...rest] = inNamespace(name, ['cat', '/proc/net/snmp']);
    const [names, values] = execFileSync(first, rest, { encoding: 'utf8' })
      .split('\n')
      .filter(line => line.startsWith('Tcp:'))
      .map(line => line.split(' '));
    return sum + Number(values![names!.indexOf('PassiveOpens')]);
  }, 0);
}

interface Sample {
  /** Seconds of the board's clock. */
  readonly time: number;
  /** Seconds that the process that checks has used of the processor, and that the processor had nothing to do. */
  readonly used: number;
  readonly idle: number;
  readonly checks: number;
}

async function sample({ shell }: Guest, software: Software): Promise<Sample> {
  const text = await shell.must(`clock; cut -d ' ' -f 2 /proc/uptime; cat /proc/$(${software.checker})/stat`);
  const checks = taken();
  const [clock, idle, stat] = text.trim().split('\n');
  // proc(5): utime and stime are fields 14 and 15; the name in brackets is the second and may hold blanks.
  const fields = stat!.slice(stat!.lastIndexOf(')') + 2).split(' ');
  const used = (Number(fields[11]) + Number(fields[12])) / 100;
  return { time: Number(clock) / 1e9, idle: Number(idle), used, checks };
}

/** Of one software with one file. */
interface Measured {
  /** Per second. */
  readonly checks: number;
  /** Millions of instructions for a check: of the process that checks, and of the whole board with its kernel. */
  readonly process: number;
  readonly board: number;
}

/** Until all servers have a place in the table. */
async function startChecks({ shell }: Guest, software: Software, file: string): Promise<void> {
  await shell.must(software.start(`${GIVEN}/${file}`));
  await shell.must(
    `until [ $(ipvsadm -Ln | grep -c '${INSIDE}.* 1  *[0-9]') -eq ${SERVERS} ]; do sleep 2; done`,
    120_000,
  );
}

async function stopChecks({ shell }: Guest, software: Software): Promise<void> {
  await shell.must(software.stop, 120_000);
  await shell.must('until [ $(ipvsadm -Ln | wc -l) -le 3 ]; do sleep 1; done', 60_000);
}

/** Milliseconds between advertisements while all servers are checked by HTTP. */
async function spacing(guest: Guest): Promise<number[]> {
  const { shell } = guest;
  await startChecks(guest, director, advertising);
  // A board that waits has QEMU wait for this machine's clock, and every lateness of this machine would count. It is the last command:
  // a board that is this busy may lose what is typed to it.
  await shell.must(`nice -n 19 sh -c "while :; do :; done" & sleep ${SETTLE + WATCH}`, 240_000);
  const all = packetTimes(readFileSync(capture), VRRP);
  const times = all.filter(time => time > all.at(-1)! - WATCH);
  return times.slice(1).map((time, index) => (time - times[index]!) * 1000);
}

async function measure(
  guest: Guest,
  software: Software,
  kind: Kind,
  interval: number,
  note: (text: string) => void,
): Promise<Measured> {
  const { shell } = guest;
  await startChecks(guest, software, fileName(software, kind, interval));
  await shell.must(`sleep ${SETTLE}`, 120_000);
  const before = await sample(guest, software);
  await shell.must(`sleep ${WATCH}`, 120_000);
  const after = await sample(guest, software);
  await stopChecks(guest, software);
  const elapsed = after.time - before.time;
  const checks = after.checks - before.checks;
  const millions = (seconds: number) => (seconds * 1000) / nanosecondsPerInstruction / checks;
  const measured = {
    checks: checks / elapsed,
    process: millions(after.used - before.used),
    board: millions(elapsed - (after.idle - before.idle)),
  };
  const [rate, ...costs] = Object.values(measured).map(value => value.toPrecision(3));
  note(
    `${kind} every ${interval} s, ${software.name}: ${rate} checks/s, ${costs.join(' and ')} M instr each`,
  );
  return measured;
}

/** Both in turn. */
async function compare(
  guest: Guest,
  kind: Kind,
  interval: number,
  note: (text: string) => void,
): Promise<Record<'ours' | 'peer', Measured>> {
  return {
    ours: await measure(guest, director, kind, interval, note),
    peer: await measure(guest, keepalived, kind, interval, note),
  };
}

export const benchmark: Benchmark = {
  name: 'checks',
  unit: 'M instr',
  needs: 'image',
  prepare: keepalivedForBoard,
  async run(note, { out, only = '' }) {
    await layOut();
    const dump = `filter-dump,id=dump,netdev=port0,queue=rx,file=${capture}`;
    const guest = await startGuest(out, 'checks', await given(), ['-object', dump]);
    const rows: Row[] = [];
    for (const kind of kinds.filter(name => name.includes(only))) {
      const { ours, peer } = await compare(guest, kind, EASY, note);
      const most = await compare(guest, kind, HARD, note);
      rows.push(
        row(`${kind}: the process, per check`, [ours.process], { peer: [peer.process] }),
        row(`${kind}: the whole board, per check`, [ours.board], { peer: [peer.board] }),
        row(`${kind}: checks at most`, [most.ours.checks], { peer: [most.peer.checks], unit: '/s' }),
      );
    }
    const gaps = await spacing(guest);
    note(`${gaps.length} advertisements while ${SERVERS} servers are checked by HTTP`);
    await guest.machine.powerOff();
    return [
      ...rows,
      row('between advertisements of 20 ms: median', gaps, { unit: 'ms' }),
      row('between advertisements of 20 ms: longest', [Math.max(...gaps)], {
        target: 2 * INTERVAL,
        unit: 'ms',
      }),
    ];
  },
};
