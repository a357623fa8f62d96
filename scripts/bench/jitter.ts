// How evenly advertisements leave a board that has much else to do, by QEMU's virtual clock: each instruction of the board takes 4 ns.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCard } from '../lab/card.ts';
import { boardOf, SCRATCH } from '../lab/lab.ts';
import { type Machine, powerOn } from '../lab/machine.ts';
import { inNamespace } from '../lab/namespace.ts';
import { buildNetwork } from '../lab/network.ts';
import { client, directors, vip, webs } from '../lab/plan.ts';
import { mortal } from '../lab/process.ts';
import { login, type Shell } from '../lab/shell.ts';
import { hashPassword } from '../lab/site.ts';
import { startWeb } from '../lab/web.ts';
import { busyConfig, FORWARDED_PORT, INTERVAL, insideAddresses, SERVICES } from './jitter/config.ts';
import { type Benchmark, type Row, row } from './result.ts';
import { nanosecondsPerInstruction, paced, packetTimes } from './virtual-clock.ts';

const PASSWORD = 'bench';
const VRRP = 112;
const [plan] = directors;
const capture = join(SCRATCH, 'jitter.pcap');
/** Milliseconds of virtual time that a case is watched. */
const WATCH = 30_000;
/** Datagrams a second that are forwarded. */
const RATE = 4000;
/** Bytes whose SHA-256 costs about 100 million instructions, as a TLS handshake does. */
const BURNT = 2_000_000;
/** An advertisement may be so late that the next would be due: two of them are still well within the backup's patience of three. */
const LIMIT = 2 * INTERVAL;

async function layOut(): Promise<void> {
  await buildNetwork();
  for (const [index, { name }] of webs.entries()) {
    for (const address of insideAddresses(index)) {
      execFileSync('ip', ['-n', name, 'address', 'add', `${address}/24`, 'dev', 'inside']);
    }
  }
  await Promise.all(webs.map(web => startWeb(web, SCRATCH)));
}

async function boot(out: string): Promise<Machine> {
  const card = join(SCRATCH, 'jitter.card');
  makeCard(join(out, 'net4801.img'), card, busyConfig(hashPassword(PASSWORD)));
  const dump = ['-object', `filter-dump,id=dump,netdev=port0,queue=rx,file=${capture}`];
  return powerOn({ ...boardOf(plan, card, join(out, 'lab', 'jitter.log')), extra: [...paced, ...dump] });
}

/** Waits until the board is master and its checks have found every server. */
async function untilServing(shell: Shell): Promise<void> {
  await shell.must('until director vrrp | grep -q "state *MASTER"; do sleep 1; done', 120_000);
  const alive = SERVICES * 2 * insideAddresses(0).length;
  await shell.must(
    `until [ $(ipvsadm -Ln | grep -c ":80 .* 1  *[0-9]") -ge ${alive} ]; do sleep 1; done`,
    300_000,
  );
}

/** Has the client send datagrams to the forwarded service until it is killed. */
function startFlood(): ChildProcess {
  const program = join(SCRATCH, 'flood');
  const source = join(import.meta.dirname, 'jitter/flood.c');
  execFileSync('gcc', ['-std=gnu11', '-D_GNU_SOURCE', '-O2', '-Wall', '-o', program, source]);
  const command = [program, vip.nat, String(FORWARDED_PORT), String(RATE)];
  const [first, ...rest] = mortal(inNamespace(client.name, command));
  return spawn(first, rest, { stdio: 'inherit' });
}

/** Milliseconds of the virtual clock between advertisements, for `WATCH`. */
async function watch(): Promise<number[]> {
  const times = () => packetTimes(readFileSync(capture), VRRP).map(time => time * 1000);
  const from = times().length;
  for (;;) {
    await sleep(1000);
    const seen = times().slice(from);
    if (seen.at(-1)! - seen[0]! < WATCH) continue;
    return seen.slice(1).map((time, index) => time - seen[index]!);
  }
}

function rows(name: string, spacing: readonly number[]): Row[] {
  const sorted = [...spacing].sort((a, b) => a - b);
  const quantile = (part: number) => sorted[Math.ceil(part * sorted.length) - 1]!;
  return [
    row(`${name}: median`, spacing),
    row(`${name}: 1 of 1000 is longer`, [quantile(0.999)]),
    row(`${name}: longest`, [quantile(1)], { target: LIMIT }),
  ];
}

/** Seconds since power-on and packets sent to the servers. */
async function counters(shell: Shell): Promise<{ time: number; packets: number }> {
  const text = await shell.must(
    'cut -d " " -f 1 /proc/uptime; cat /sys/class/net/eth1/statistics/tx_packets',
  );
  const [time = 0, packets = 0] = text.trim().split('\n').map(Number);
  return { time, packets };
}

/** Seconds of the processor, in user and kernel mode, by what ash's `time` prints. */
function processorTime(printed: string): number {
  const [user, system] = ['user', 'sys'].map(word =>
    Number(RegExp(`^${word}\\s+0m ([\\d.]+)s`, 'm').exec(printed)?.[1]),
  );
  return user! + system!;
}

export const benchmark: Benchmark = {
  name: 'jitter',
  unit: 'ms',
  needs: 'image',
  async run(note, { out }) {
    await layOut();
    const machine = await boot(out);
    const shell = await login(machine.console, PASSWORD, 600_000);
    await untilServing(shell);
    // A board that waits has QEMU wait for this machine's clock, and every lateness of this machine would count.
    await shell.must('nice -n 19 sh -c "while :; do :; done" &');
    note('200 servers are checked');
    const checks = await watch();

    note('packets are forwarded besides');
    const flood = startFlood();
    const before = await counters(shell);
    const packets = await watch();
    const after = await counters(shell);

    note('and another process burns the processor again and again');
    const burn = `head -c ${BURNT} /dev/zero | sha256sum`;
    const burnt = processorTime(await shell.must(`time ${burn}`));
    await shell.must(`while ${burn}; do sleep 0.2; done > /dev/null & burner=$!`);
    const everything = await watch();
    await shell.must('kill $burner');

    flood.kill('SIGKILL');
    await machine.powerOff();
    return [
      ...rows('200 servers checked', checks),
      ...rows('and packets forwarded', packets),
      ...rows('and 100 M instructions at once', everything),
      row('burnt at once', [(burnt * 1000) / nanosecondsPerInstruction], { unit: 'M instr' }),
      row('packets forwarded', [(after.packets - before.packets) / (after.time - before.time)], {
        unit: '/s',
      }),
    ];
  },
};
