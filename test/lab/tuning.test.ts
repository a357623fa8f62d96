// Tuning on the real image: settings that are set, read back and undone, cards that share an interrupt, and words for the next boot.
// QEMU's cards have no latency timer of their own and no rings: what is told of them is the honest answer, not the one of a board.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GRUBENV_OFFSET, PARTITIONS } from '../../image/layout.ts';
import { bytesAt, type CommittingBoard, newCard, powerOnCommitting } from '../../scripts/lab/committing.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { parseGrubenv } from '../../src/director/flash/grubenv.ts';
import type { HardwareReport } from '../../src/director/hardware/hardware-report.ts';
import { validate } from '../schemas/validate.ts';
import { images, logs } from './lab.ts';

const image = join(images, 'net4801.img');
const [boot] = PARTITIONS;

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

/** Slots 8 and 12 of this bus have one interrupt (QEMU, hw/pci-host/i440fx.c: the slot modulo four). */
const CARDS = ['8', '9', 'c'].flatMap(slot => ['-device', `rtl8139,addr=${slot},romfile=`]);

async function board(t: ExecutionContext, card: string): Promise<CommittingBoard> {
  t.timeout(600_000);
  const board = await powerOnCommitting(card, { log: join(logs, 'tuning.log'), extra: CARDS });
  t.teardown(() => board.machine.powerOff());
  return board;
}

function commitTuning({ shell }: CommittingBoard, lines: string): Promise<string> {
  return shell.must(
    `{ sed '/^tuning/,/^}/d' /run/director/director.conf; printf 'tuning {\\n${lines}\\n}\\n'; } >/tmp/c && director commit /tmp/c`,
  );
}

const environment = (card: string) =>
  Object.fromEntries(parseGrubenv(bytesAt(card, boot.start + GRUBENV_OFFSET, 512)) ?? []);

test('settings are set, kept right, and undone by a rollback', async t => {
  const one = await board(t, newCard(image));
  const { shell } = one;
  const setting = (name: string) => shell.must(`cat /proc/sys/${name}`);
  const budget = await setting('net/core/netdev_budget');
  const said = await commitTuning(one, 'netdev_budget 600\\nexpire_nodest_conn 1');
  t.regex(said, /^tuning\n {2}net\.core\.netdev_budget = 600 \(was 300\)\n/m);
  t.is(await setting('net/core/netdev_budget'), '600\n');
  t.is(await setting('net/ipv4/vs/expire_nodest_conn'), '1\n');
  await shell.must('echo 42 >/proc/sys/net/core/netdev_budget');
  await shell.must('until [ $(cat /proc/sys/net/core/netdev_budget) = 600 ]; do sleep 1; done', 60_000);
  t.regex(await shell.must('director status'), /tuning 1$/m);
  await shell.must('director rollback');
  t.is(await setting('net/core/netdev_budget'), budget);
  t.is(await setting('net/ipv4/vs/expire_nodest_conn'), '0\n');
});

test('cards that share an interrupt are told, and a device is taken from its driver and given back', async t => {
  const one = await board(t, newCard(image));
  const { shell } = one;
  const report: HardwareReport & { advice: string[] } = JSON.parse(
    await shell.must('director hardware --json'),
  );
  t.deepEqual(validate('hardware', report), []);
  const shared = report.cards.filter(({ sharers }) => sharers.some(each => each.isNetworkCard));
  t.is(shared.length, 2, JSON.stringify(report.cards));
  t.true(report.advice.some(line => / share interrupt \d+/.test(line)));
  const place = shared[1]!.place!;
  await commitTuning(one, `unbind ${place}`);
  const after: HardwareReport = JSON.parse(await shell.must('director hardware --json'));
  t.is(after.cards.length, 2);
  await shell.must('director rollback');
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
