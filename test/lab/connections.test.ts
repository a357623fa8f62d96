// Connections that are open when the master fails go on at the other director, as the kernels' sync daemons tell each other of them.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { type Director, SCRATCH, services, untilServed } from '../../scripts/lab/lab.ts';
import { vip } from '../../scripts/lab/plan.ts';
import { useLab } from './lab.ts';
import { digest, startTransfer } from './transfer.ts';

const MEGABYTE = 1_000_000;
const SIZE = 100 * MEGABYTE;
const file = join(SCRATCH, 'files', 'large');

// Without preemption the one that returns is told of the connections before it may be master again.
const lab = useLab(test, { election: 'nopreempt' });

test.before('there is something large to fetch', async () => {
  mkdirSync(join(SCRATCH, 'files'), { recursive: true });
  writeFileSync(file, randomBytes(SIZE));
});

/** Who is master and who is not; waits until one is. */
async function untilAgreed(): Promise<{ master: Director; backup: Director }> {
  for (;;) {
    for (const master of lab().directors) {
      const { status } = await master.shell.run('director vrrp | grep -q "state *MASTER"');
      const backup = lab().directors.find(director => director !== master);
      if (status === 0 && backup) return { master, backup };
    }
    await sleep(500);
  }
}

/** Waits until a director has been told of an open connection to the address: the other's kernel gathers for 2 or 3 seconds. */
async function untilKnown(director: Director, address: string): Promise<void> {
  const known = `ipvsadm -Lnc | grep -q "ESTABLISHED .* ${address}:80 "`;
  await director.shell.must(`until ${known}; do sleep 0.2; done`, 60_000);
}

// In the second case the directors have changed their places.
for (const name of ['direct', 'nat'] as const) {
  const url = services[name];
  test(`100 MB arrive whole though the master loses power meanwhile: ${name}`, async t => {
    const { master, backup } = await untilAgreed();
    await untilServed(lab(), url, 2, 60_000);
    const transfer = startTransfer(`${url}files/large`);
    await transfer.received(20 * MEGABYTE);
    // Or else it might be over before.
    transfer.pause();
    await untilKnown(backup, vip[name]);
    transfer.goOn();
    await master.machine.powerOff();
    const lost = performance.now();
    t.true(transfer.size < SIZE - 5 * MEGABYTE);
    await transfer.received(transfer.size + MEGABYTE);
    t.log(
      `${master.plan.name} fails, the transfer goes on after ${(performance.now() - lost).toFixed(0)} ms`,
    );
    await transfer.received(SIZE);
    t.is(await transfer.ended, 'exit status 0');
    t.is(digest(transfer.path), digest(file));
    await lab().restart(master);
  });
}
