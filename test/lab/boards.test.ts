// Every board's image boots on the processor that stands in for it, and the director runs there.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { boardNames, readBoard } from '../../image/board.ts';
import { makeCard } from '../../scripts/lab/card.ts';
import { boardOf, SCRATCH } from '../../scripts/lab/lab.ts';
import { powerOn } from '../../scripts/lab/machine.ts';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildNetwork } from '../../scripts/lab/network.ts';
import { directors } from '../../scripts/lab/plan.ts';
import { login } from '../../scripts/lab/shell.ts';
import { hashPassword, siteConfig } from '../../scripts/lab/site.ts';
import { requireHighResolutionTimers } from '../../scripts/lab/timers.ts';
import { images, logs } from './lab.ts';

const root = join(import.meta.dirname, '../..');
const [plan] = directors;

test.before('the network is laid', async () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  await buildNetwork();
});

for (const name of boardNames(root)) {
  const board = readBoard(root, name);
  test(`${name} boots to its console on ${board.qemu.cpu} and its director is master`, async t => {
    t.timeout(300_000);
    const image = join(images, `${name}.img`);
    t.true(existsSync(image), `${image} is missing`);
    const card = join(SCRATCH, `${name}.card`);
    makeCard(image, card, siteConfig(plan, hashPassword('secret')));
    const { cpu, megabytes } = board.qemu;
    const machine = await powerOn({
      ...boardOf(plan, card, join(logs, `${name}.log`)),
      name,
      cpu,
      memory: megabytes,
    });
    try {
      const shell = await login(machine.console, 'secret', 180_000);
      await requireHighResolutionTimers(name, shell);
      await shell.must('until director vrrp | grep -q "state *MASTER"; do sleep 1; done', 60_000);
      t.regex(await shell.must('cat /proc/cmdline'), new RegExp(`director\\.board=${name}`));
      t.log(await shell.must("grep -m1 'model name' /proc/cpuinfo; grep MemAvailable /proc/meminfo"));
      t.is(await machine.sectorsWritten(), 0);
    } finally {
      await machine.powerOff();
    }
  });
}
