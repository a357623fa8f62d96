// Tuning on the real image: settings that are set, read back and undone, cards that share an interrupt, and words for the next boot.
// QEMU's cards have no latency timer of their own and no rings: what is told of them is the honest answer, not the one of a board.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GRUBENV_OFFSET, PARTITIONS } from '../../image/layout.ts';
import {
  bytesAt,
  type CommittingBoard,
  nameIn,
  newCard,
  powerOnCommitting,
  storedIn,
} from '../../scripts/lab/committing.ts';
import { SCRATCH } from '../../scripts/lab/lab.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { replayCuts } from '../../scripts/lab/power-cut.ts';
import { readWriteLog } from '../../scripts/lab/write-log.ts';
import { parseGrubenv } from '../../src/director/flash/grubenv.ts';
import type { HardwareReport } from '../../src/director/hardware/hardware-report.ts';
import { validate } from '../schemas/validate.ts';
import { images, logs } from './lab.ts';

const image = join(images, 'net4801.img');
const [boot, , , store] = PARTITIONS;
const GRUBENV = boot.start + GRUBENV_OFFSET;

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

/**
 * The slot modulo four is the interrupt (QEMU, hw/pci-host/i440fx.c): eth0 and eth2 share theirs with USB and sound. These two cards
 * are on one cable; eth1 is on none and alone.
 */
const CARDS = [
  ...['-netdev', 'hubport,id=h0,hubid=1', '-device', 'rtl8139,netdev=h0,addr=8,romfile='],
  ...['-device', 'rtl8139,addr=9,romfile='],
  ...['-netdev', 'hubport,id=h1,hubid=1', '-device', 'rtl8139,netdev=h1,addr=c,romfile='],
  ...['-device', 'piix3-usb-uhci,addr=10', '-device', 'AC97,addr=14'],
];

async function board(t: ExecutionContext, card: string, writeLog?: string): Promise<CommittingBoard> {
  t.timeout(600_000);
  const log = join(logs, 'tuning.log');
  const more = { log, extra: CARDS, ...(writeLog !== undefined && { writeLog }) };
  const board = await powerOnCommitting(card, more);
  t.teardown(() => board.machine.powerOff());
  return board;
}

function commitTuning({ shell }: CommittingBoard, lines: string): Promise<string> {
  return shell.must(
    `{ sed '/^tuning/,$d' /run/director/director.conf; printf 'tuning {\\n${lines}\\n}\\n'; } >/tmp/c && director commit /tmp/c`,
  );
}

const environment = (card: string) => Object.fromEntries(parseGrubenv(bytesAt(card, GRUBENV, 512)));

test('settings are set, kept right, and undone by a rollback', async t => {
  const one = await board(t, newCard(image));
  const { shell } = one;
  const setting = (name: string) => shell.must(`cat /proc/sys/${name}`);
  const budget = await setting('net/core/netdev_budget');
  const timeouts = () => shell.must('ipvsadm -Ln --timeout');
  const said = await commitTuning(
    one,
    'netdev_budget 600\\nexpire_nodest_conn 1\\n}\\nglobal_defs {\\nlvs_timeouts tcp 3600',
  );
  t.regex(said, /^tuning\n {2}net\.core\.netdev_budget = 600 \(was 300\)\n/m);
  t.is(await setting('net/core/netdev_budget'), '600\n');
  t.is(await setting('net/ipv4/vs/expire_nodest_conn'), '1\n');
  await shell.must('echo 42 >/proc/sys/net/core/netdev_budget');
  await shell.must('until [ $(cat /proc/sys/net/core/netdev_budget) = 600 ]; do sleep 1; done', 60_000);
  t.regex(await shell.must('director status'), /tuning 1$/m);
  t.regex(await timeouts(), /: 3600 120 300$/m);
  // What a control process has set that was killed is undone as well.
  const control = `$(ps | sed -n 's/^ *\\([0-9]*\\) .*[d]irector: control.*/\\1/p')`;
  await shell.must(`kill -9 ${control}; until director status >/dev/null 2>&1; do sleep 1; done`, 60_000);
  t.is(await setting('net/core/netdev_budget'), '600\n');
  await shell.must('director rollback');
  t.is(await setting('net/core/netdev_budget'), budget);
  t.is(await setting('net/ipv4/vs/expire_nodest_conn'), '0\n');
  t.regex(await timeouts(), /: 900 120 300$/m);
});

test('cards that share an interrupt are told, and a device is taken from its driver and given back', async t => {
  const one = await board(t, newCard(image));
  const { shell } = one;
  t.regex(
    await shell.must('director hardware'),
    /^11 .* eth0 \(down\), eth2 \(down\); USB .*\n[\s\S]*\nnothing to advise$/m,
  );
  await shell.must('ip link set eth0 up; ip link set eth2 up');
  const report: HardwareReport & { advice: string[] } = JSON.parse(
    await shell.must('director hardware --json'),
  );
  t.deepEqual(validate('hardware', report), []);
  t.regex(
    await shell.must('director hardware'),
    /^11 .* eth0, eth2; USB 0000:00:10\.0 .*, needless; sound /m,
  );
  const shared = report.cards.filter(({ sharers }) => sharers.some(each => each.isNetworkCard));
  t.is(shared.length, 2, JSON.stringify(report.cards));
  t.true(report.advice.some(line => / share interrupt \d+/.test(line)));
  const place = shared[1]!.place!;
  await commitTuning(one, `unbind ${place}`);
  const after: HardwareReport = JSON.parse(await shell.must('director hardware --json'));
  t.is(after.cards.length, 2);
  await shell.must('director rollback');
  // Both ends of the cable see each packet.
  await shell.must('ip addr add 10.9.0.1/24 brd + dev eth0; ip link set eth0 up; ip link set eth2 up');
  await shell.must(
    'for n in $(seq 20); do ping -i 0.05 -w 120 10.9.0.255 >/dev/null 2>&1 & done; until [ $(cat /sys/class/net/eth2/statistics/rx_packets) -gt 100 ]; do sleep 1; done',
  );
  const busy: HardwareReport = JSON.parse(await shell.must('director hardware --json'));
  const [eth0, eth1, eth2] = busy.cards;
  t.true(eth0!.packetsPerSecond > 0 && eth2!.packetsPerSecond > 0);
  t.true(eth0!.packetsPerInterrupt! >= 1, JSON.stringify(eth0));
  t.is(eth0!.packetsPerInterrupt, eth2!.packetsPerInterrupt);
  t.is(eth1!.interruptsPerSecond, null);
  await shell.must(`until ls /sys/class/net | grep -q ${shared[1]!.name}; do sleep 1; done`, 60_000);
});

test('what a card makes of its latency timer is read back and said', async t => {
  const one = await board(t, newCard(image));
  await commitTuning(one, 'latency_timer 96');
  const status = await one.shell.must('director status');
  const { cards }: HardwareReport = JSON.parse(await one.shell.must('director hardware --json'));
  const holds = new Set(cards.map(({ latencyTimer }) => latencyTimer));
  if (!holds.has(96)) t.regex(status, /latency_timer: 96 was written, and it holds \d+/);
  else t.notRegex(status, /latency timer/);
});

test('the size of the table of connections goes to GRUB with the commit and is in force after the next boot', async t => {
  const card = newCard(image);
  const one = await board(t, card);
  const size = async ({ shell }: CommittingBoard) =>
    /size=(\d+)/.exec(await shell.must('cat /proc/net/ip_vs'))?.[1];
  const before = await size(one);
  const sectors = await one.machine.sectorsWritten();
  const said = await commitTuning(one, 'conn_tab_bits 12');
  t.regex(said, /ip_vs\.conn_tab_bits=12 on its command line: active after the next boot/);
  const [, config = ''] = /, (\d+) sectors written/.exec(said) ?? [];
  t.is(await one.machine.sectorsWritten(), sectors + Number(config) + 8);
  t.regex(
    await one.shell.must('director status'),
    /conn_tab_bits=12: active after the next boot, once it is committed/,
  );
  t.is(await size(one), before);
  t.like(environment(card), { active: 'a', bootargs: 'ip_vs.conn_tab_bits=12' });
  t.is((await one.shell.run('dd if=/dev/zero of=/dev/sda1 bs=512 count=1 conv=fsync')).status, 1);
  await one.machine.powerOff();

  const again = await board(t, card);
  t.is(await size(again), '4096');
  t.notRegex(await again.shell.must('director status'), /conn_tab_bits/);
  await again.shell.must('director rollback');
  t.deepEqual(environment(card), { active: 'a' });
});

test('programs of the site are run around a change, have their time, and are told when they fail', async t => {
  const one = await board(t, newCard(image));
  const { shell } = one;
  const program = (path: string, text: string) =>
    shell.must(`mkdir -p $(dirname ${path}); printf '#!/bin/sh\\n${text}\\n' >${path}; chmod +x ${path}`);
  const note = 'echo $0 $1 $(cat /proc/sys/net/core/netdev_budget) >>/tmp/noted';
  await program('/tmp/hooks/before/1', note);
  await program('/tmp/hooks/before/2', 'sleep 600');
  await program('/tmp/hooks/after/1', note);
  await program('/tmp/hooks/after/2', 'exit 3');
  const said = await commitTuning(one, 'netdev_budget 600\\nhooks /tmp/hooks {\\ntimeout 5\\n}');
  t.regex(
    said,
    /^BUT\n {2}tuning: \/tmp\/hooks\/before\/2: no end within 5 s\n {2}.*after\/2: exit status 3\n/m,
  );
  t.is(await shell.must('cat /tmp/noted'), '/tmp/hooks/before/1 before 300\n/tmp/hooks/after/1 after 600\n');
  t.not((await shell.run('ps | grep "[s]leep 600"')).status, 0);
});

test('whenever the power is cut, GRUB has the old words or the new ones, behind the configuration that wants them', async t => {
  const card = newCard(image);
  const initial = bytesAt(card, 0, store.start + store.length);
  const log = join(SCRATCH, 'tuning.writes');
  writeFileSync(log, '');
  const one = await board(t, card, log);
  const wishes = ['conn_tab_bits 12', 'conn_tab_bits 14\\nrx_copybreak 200', '', 'conn_tab_bits 9'];
  for (const [index, wish] of wishes.entries()) {
    await one.shell.must(`sed -i 's/hostname .*/hostname n${index}/' /run/director/director.conf`);
    await commitTuning(one, wish);
  }
  await one.machine.powerOff();
  const nameOf = (state: Uint8Array) => nameIn(storedIn(offset => state.subarray(store.start + offset)));
  const wordsOf = (state: Uint8Array) => {
    const variables = parseGrubenv(state.subarray(GRUBENV, GRUBENV + 512));
    t.is(variables.get('active'), 'a');
    return variables.get('bootargs')?.split(' ')[0]?.split('=')[1] ?? '-';
  };
  const seed = Date.now();
  t.log(`seed ${seed}`);
  const random = randomFrom(seed);
  const steps: string[] = [];
  let between: Uint8Array | null = null;
  const states = replayCuts(
    initial,
    readWriteLog(readFileSync(log)),
    { random, reorderings: 100 },
    (state, { before, after }) => {
      const [old, fresh, now] = [before, after, state].map(each => `${nameOf(each)} ${wordsOf(each)}`);
      if (now !== old && now !== fresh) t.fail(`${now} between ${old} and ${fresh}`);
      if (now === fresh && now !== undefined && now !== steps.at(-1)) steps.push(now);
      if (now === 'n1 12') between = new Uint8Array(state);
    },
  );
  t.log(`${states} states`);
  t.deepEqual(steps, ['n0 -', 'n0 12', 'n1 12', 'n1 14', 'n2 14', 'n2 -', 'n3 -', 'n3 9']);

  // Cut between the two writes: the board has the new configuration, says that a word is missing, and the next commit writes it.
  const cut = join(SCRATCH, 'tuning.cut');
  writeFileSync(cut, between!);
  const torn = Buffer.from(between!);
  const again = await board(t, cut);
  t.regex(await again.shell.must('cat /proc/net/ip_vs'), /size=4096\)/);
  t.regex(await again.shell.must('director status'), /conn_tab_bits=14: active after the next boot, once/);
  t.regex(
    await again.shell.must('director commit'),
    /the kernel gets ip_vs\.conn_tab_bits=14 .*: active after the next boot/,
  );
  await again.machine.powerOff();

  // A sector that is half the new one: GRUB passes over a line that has no end, and the board has the table that it was built with.
  const whole = Buffer.from(
    `# GRUB Environment Block\nactive=a\nbootargs=ip_vs.conn_tab_bits=9 half${'#'.repeat(512)}`,
  );
  whole.copy(torn, GRUBENV, 0, 512);
  writeFileSync(cut, torn);
  const half = await board(t, cut);
  t.regex(await half.shell.must('cat /proc/net/ip_vs'), /size=16384\)/);
  t.regex(
    await half.shell.must('director commit'),
    /the kernel gets ip_vs\.conn_tab_bits=14 .*: active after the next boot/,
  );
  t.like(environment(cut), { active: 'a' });
});

/** Numbers from 0 to 1 that a seed repeats. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
