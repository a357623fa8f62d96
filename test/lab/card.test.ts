import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { PARTITIONS, SECTOR } from '../../image/layout.ts';
import { makeCard } from '../../scripts/lab/card.ts';
import { boardOf, SCRATCH } from '../../scripts/lab/lab.ts';
import { powerOn } from '../../scripts/lab/machine.ts';
import { directors } from '../../scripts/lab/plan.ts';
import { login } from '../../scripts/lab/shell.ts';
import { hashPassword, siteConfig } from '../../scripts/lab/site.ts';
import { first, images, logs, useLab } from './lab.ts';

const lab = useLab(test, { count: 1 });

for (const device of ['/dev/sda', '/dev/sda1', '/dev/sda2', '/dev/sda3', '/dev/sda4']) {
  test(`dd gets nothing onto ${device}`, async t => {
    const { shell, machine } = first(lab());
    const read = await shell.run(`dd if=${device} of=/dev/null bs=512 count=1`);
    t.is(read.status, 0, read.output);
    const write = await shell.run(`dd if=/dev/zero of=${device} bs=512 count=8 conv=fsync`);
    t.not(write.status, 0, write.output);
    await shell.run('sync');
    t.is(await machine.sectorsWritten(), 0);
  });
}

test('the root is read-only and in memory', async t => {
  const { shell } = first(lab());
  t.regex(await shell.must('grep " / " /proc/mounts'), / squashfs ro,/);
  t.not((await shell.run('touch /etc/x /usr/sbin/x')).status, 0);
});

test('a damaged slot a makes the board boot slot b', async t => {
  t.timeout(300_000);
  await first(lab()).machine.powerOff();
  const [plan] = directors;
  const card = join(SCRATCH, 'damaged.card');
  makeCard(join(images, 'net4801.img'), card, siteConfig(plan, hashPassword('secret')));
  const file = openSync(card, 'r+');
  // Well inside of the kernel.
  writeSync(file, Buffer.alloc(SECTOR, 0x55), 0, SECTOR, PARTITIONS[1].start + (1 << 20));
  closeSync(file);
  const machine = await powerOn(boardOf(plan, card, join(logs, 'damaged.log')));
  try {
    const shell = await login(machine.console, 'secret', 180_000);
    t.regex(await shell.must('cat /proc/cmdline'), /director\.slot=b/);
    t.regex(machine.console.text, /Slot a cannot be booted|Booting slot b/);
    t.is(await machine.sectorsWritten(), 0);
  } finally {
    await machine.powerOff();
  }
});
