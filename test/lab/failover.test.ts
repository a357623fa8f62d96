import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { answersPerServer, endsAnswered, longestGap } from '../../scripts/lab/gap.ts';
import { type Director, services, untilServed } from '../../scripts/lab/lab.ts';
import type { DirectorStatus } from '../../src/director/control/status.ts';
import type { VrrpStatus } from '../../src/director/protocol.ts';
import { ask, first, second, untilMaster, useLab } from './lab.ts';

const lab = useLab(test);

/** Milliseconds between requests. */
const PACE = 20;

test.before('both services are up', async () => {
  await untilMaster(first(lab()));
  for (const url of Object.values(services)) await untilServed(lab(), url, 2, 60_000);
});

/** Waits until the second director has heard that the first is master. */
async function untilBackup(): Promise<void> {
  const isBackup = 'director vrrp | grep -q "master *192.0.2.11, priority 150"';
  await second(lab()).shell.must(`until ${isBackup}; do sleep 1; done`, 60_000);
}

test('the director with the higher priority is master, the other knows it', async t => {
  await untilBackup();
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
    await untilBackup();
    await untilServed(lab(), url, 2, 30_000);
    const duringReturn = await returned.stop();
    t.log(`return: longest gap ${longestGap(duringReturn).toFixed(0)} ms`);
    t.is(answersPerServer(duringReturn).size, 2);
    t.true(endsAnswered(duringReturn));
    const [backup] = (await ask<VrrpStatus>(second(lab()), 'vrrp')).instances;
    t.is(backup?.state, 'BACKUP');
  });
}

test('a clock that is set, a day forward or two back, moves nobody', async t => {
  const master = first(lab());
  const counters = async (director: Director) =>
    (await ask<VrrpStatus>(director, 'vrrp')).instances[0]!.counters;
  /** How often the backup took over around it. */
  async function moves(director: Director, seconds: number): Promise<number> {
    await untilMaster(master);
    const [{ sent }, { becameMaster }] = [await counters(master), await counters(second(lab()))];
    await director.shell.must(`date -s @$(($(date +%s) + ${seconds}))`);
    // Longer than the backup would wait for a silent master.
    while ((await counters(master)).sent < sent + 20) await sleep(200);
    return (await counters(second(lab()))).becameMaster - becameMaster;
  }
  for (const director of lab().directors) {
    for (const seconds of [86_400, -2 * 86_400]) {
      // A machine that gives the master no time for a third of a second moves it as well, but not each time.
      const seen: number[] = [];
      do seen.push(await moves(director, seconds));
      while (seen.at(-1) !== 0 && seen.length < 4);
      t.is(seen.at(-1), 0, `${director.plan.name}, ${seconds} s: ${seen.join(', ')}`);
    }
  }
});

test('a killed vrrp process comes back as master, and the services with it', async t => {
  const master = first(lab());
  const vrrp = async () => {
    const status = await ask<DirectorStatus>(master, 'status');
    return status.roles.find(({ role }) => role === 'vrrp');
  };
  const before = await vrrp();
  await master.shell.must(`kill -KILL ${before?.pid}`);
  await untilMaster(master);
  for (const url of Object.values(services)) await untilServed(lab(), url, 2, 30_000);
  const after = await vrrp();
  t.is(after?.restarts, 1);
  t.not(after?.pid, before?.pid);
});

test('after all this nothing was written to either card', async t => {
  for (const director of lab().directors) {
    t.is(await director.machine.sectorsWritten(), 0, director.plan.name);
  }
});
