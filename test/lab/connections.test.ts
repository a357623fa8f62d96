// Connections that are open when the master fails go on at the other director, as the kernels' sync daemons tell each other of them.

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { SCRATCH, services, untilServed } from '../../scripts/lab/lab.ts';
import { vip } from '../../scripts/lab/plan.ts';
import { first, second, untilMaster, useLab } from './lab.ts';
import { digest, startTransfer } from './transfer.ts';

const MEGABYTE = 1_000_000;
const SIZE = 100 * MEGABYTE;
const file = join(SCRATCH, 'files', 'large');

const lab = useLab(test);

test.before('there is something large to fetch', async () => {
  mkdirSync(join(SCRATCH, 'files'), { recursive: true });
  writeFileSync(file, randomBytes(SIZE));
});

/** Waits until the other director has been told of an open connection to the address: the master's kernel gathers for 2 or 3 seconds. */
async function untilKnown(address: string): Promise<void> {
  const known = `ipvsadm -Lnc | grep -q "ESTABLISHED .* ${address}:80 "`;
  await second(lab()).shell.must(`until ${known}; do sleep 0.2; done`, 60_000);
}

for (const name of ['direct', 'nat'] as const) {
  const url = services[name];
  test(`100 MB arrive whole though the master loses power meanwhile: ${name}`, async t => {
    const master = first(lab());
    await untilMaster(master);
    await untilServed(lab(), url, 2, 60_000);
    const transfer = startTransfer(`${url}files/large`);
    await transfer.received(20 * MEGABYTE);
    await untilKnown(vip[name]);
    await master.machine.powerOff();
    const lost = performance.now();
    t.true(transfer.size < SIZE / 2);
    await transfer.received(transfer.size + MEGABYTE);
    t.log(`the transfer goes on after ${(performance.now() - lost).toFixed(0)} ms`);
    await transfer.received(SIZE);
    t.is(await transfer.ended, 'exit status 0');
    t.is(digest(transfer.path), digest(file));
    await lab().restart(master);
  });
}
