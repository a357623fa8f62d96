import test from 'ava';
import { answersPerServer, endsAnswered, longestGap } from '../../scripts/lab/gap.ts';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import type { VrrpStatus } from '../../src/director/protocol.ts';
import { ask, first, second, untilMaster, useLab } from './lab.ts';

const lab = useLab(test);

/** Milliseconds between requests. */
const PACE = 20;

test.before('both services are up', async () => {
  await untilMaster(first(lab()));
  for (const url of Object.values(services)) await untilServed(lab(), url, 2, 60_000);
});

test('the director with the higher priority is master, the other knows it', async t => {
  const [master] = (await ask<VrrpStatus>(first(lab()), 'vrrp')).instances;
  const [backup] = (await ask<VrrpStatus>(second(lab()), 'vrrp')).instances;
  t.like(master, { state: 'MASTER', priority: 150 });
  t.like(backup, { state: 'BACKUP', priority: 100, master: { address: '192.0.2.11', priority: 150 } });
});

for (const [name, url] of Object.entries(services)) {
  test(`requests go on when the master loses power, and when it returns: ${name}`, async t => {
    const master = first(lab());
    const lost = lab().client.load(url, PACE);
    await lost.flowing;
    await master.machine.powerOff();
    await untilMaster(second(lab()));
    await untilServed(lab(), url, 2, 30_000);
    const duringLoss = await lost.stop();
    t.log(`failover: longest gap ${longestGap(duringLoss).toFixed(0)} ms`);
    t.is(answersPerServer(duringLoss).size, 2);
    t.true(endsAnswered(duringLoss));

    const returned = lab().client.load(url, PACE);
    await returned.flowing;
    await lab().restart(master);
    await untilMaster(master);
    await untilServed(lab(), url, 2, 30_000);
    const duringReturn = await returned.stop();
    t.log(`return: longest gap ${longestGap(duringReturn).toFixed(0)} ms`);
    t.is(answersPerServer(duringReturn).size, 2);
    t.true(endsAnswered(duringReturn));
    const [backup] = (await ask<VrrpStatus>(second(lab()), 'vrrp')).instances;
    t.is(backup?.state, 'BACKUP');
  });
}

test('the virtual addresses go with the vrrp process, at once', async t => {
  const { shell } = first(lab());
  const pid = await shell.must("pgrep -f '^director: vrrp'");
  // Stopped, not killed: nobody restarts it before the addresses have been looked at.
  t.regex(await shell.must('ip -4 address show dev eth0'), /192\.0\.2\.100/);
  await shell.must(`kill -KILL ${pid.trim()}`);
  await untilMaster(first(lab()));
  for (const url of Object.values(services)) await untilServed(lab(), url, 2, 30_000);
  t.pass();
});

test('after all this nothing was written to either card', async t => {
  for (const director of lab().directors) {
    t.is(await director.machine.sectorsWritten(), 0, director.plan.name);
  }
});
