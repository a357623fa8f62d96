// What must not move a master, and what must not leave an address behind: killed processes, a log that nobody takes, a busy machine.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { DirectorStatus } from '../../src/director/control/status.ts';
import type { VrrpInstanceStatus } from '../../src/director/protocol.ts';
import { buildDirector, Director, isAlive } from './director/director.ts';
import { group, VIP } from './vrrp/configs.ts';
import { withFullLog } from './vrrp/full-log.ts';
import { createSegment, holds, type Station } from './vrrp/segment.ts';
import { becomes, crash, held, instance } from './vrrp/watch.ts';

const DIALECT = { version: 3, interval: 0.1 } as const;
const SCHED_FIFO = 1;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

interface Pair {
  readonly one: Station;
  readonly other: Station;
  readonly master: Director;
  readonly backup: Director;
}

/** A master of priority 150, by `program`, and a backup that has heard it. */
async function startPair(t: ExecutionContext, programFor = (_: Station) => binary): Promise<Pair> {
  const [one, other] = createSegment(2).stations as [Station, Station];
  const master = new Director(t, programFor(one), one, group({ ...DIALECT, priority: 150 }));
  await held(one, VIP);
  const backup = new Director(t, binary, other, group({ ...DIALECT, priority: 100 }));
  await becomes(backup, status => status.master?.address === one.address);
  return { one, other, master, backup };
}

/** The backup has heard the master another forty times and has never been anything else. */
async function staysBackup(t: ExecutionContext, backup: Director): Promise<void> {
  const { counters } = await instance(backup);
  const after: VrrpInstanceStatus = await becomes(
    backup,
    status => status.counters.received > counters.received + 40 || status.state !== 'BACKUP',
  );
  t.like(after, { state: 'BACKUP', counters: { becameMaster: 0 } });
}

test('the ends of control and checker are nothing to the master', async t => {
  const { one, master, backup } = await startPair(t);
  // It is control that tells the pids.
  const pids = await Promise.all((['control', 'checker'] as const).map(role => master.pid(role)));
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await staysBackup(t, backup);
  t.true(holds(one, VIP));
  t.like(await instance(master), { state: 'MASTER', counters: { becameMaster: 1 } });
});

test('a log that nobody takes is nothing to the master', async t => {
  const { one, backup } = await startPair(t, station => withFullLog(t, binary, station));
  await staysBackup(t, backup);
  t.true(holds(one, VIP));
});

test('no process waits for a log that nobody takes', async t => {
  const { one, master } = await startPair(t, station => withFullLog(t, binary, station));
  const before = await master.status();
  // The first of them would be killed for its silence after 10 s.
  await becomes(master, ({ since }) => since > 15_000);
  t.true(holds(one, VIP));
  const pids = ({ roles }: DirectorStatus) => roles.map(({ role, pid }) => [role, pid]);
  t.deepEqual(pids(await master.status()), pids(before));
});

test('a log that nobody takes does not keep the last will back', async t => {
  const { one, other, master, backup } = await startPair(t, station => withFullLog(t, binary, station));
  process.kill(await master.pid('vrrp'), 'SIGKILL');
  await backup.line(/entering MASTER/);
  await held(other, VIP);
  await held(one, VIP, false);
  t.is((await instance(backup)).counters.priorityZeroReceived, 1);
});

test('when the supervisor is killed the vrrp process says goodbye itself', async t => {
  const { one, other, master, backup } = await startPair(t);
  const { roles } = await master.status();
  process.kill(await master.pid('supervisor'), 'SIGKILL');
  await backup.line(/entering MASTER/);
  await held(other, VIP);
  await held(one, VIP, false);
  t.is((await instance(backup)).counters.priorityZeroReceived, 1);
  await master.ended;
  t.deepEqual(
    roles.filter(({ pid }) => pid !== null && isAlive(pid)),
    [],
  );
});

test('when everything is killed the kernel takes the address off by itself', async t => {
  const { one, other, master, backup } = await startPair(t);
  await crash(master);
  await backup.line(/entering MASTER/);
  await held(other, VIP);
  await held(one, VIP, false);
  t.is((await instance(backup)).counters.priorityZeroReceived, 0);
});

test('vrrp and its supervisor have their memory locked and run before everything else', async t => {
  if (spawnSync('chrt', ['--fifo', '1', 'true']).status !== 0) {
    t.log('real-time priorities are not allowed here');
    t.pass();
    return;
  }
  const { master } = await startPair(t);
  const priorities = { supervisor: 51, vrrp: 50 };
  for (const [role, priority] of Object.entries(priorities)) {
    const pid = await master.pid(role as keyof typeof priorities);
    t.deepEqual(schedulingOf(pid), { priority, policy: SCHED_FIFO }, role);
    const locked = /^VmLck:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    t.true(Number(locked) > 1000, `${role} has ${locked} kB locked`);
  }
});

/** Fields 40 and 41 of /proc/PID/stat, proc_pid_stat(5). */
function schedulingOf(pid: number): { priority: number; policy: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name, which may have spaces; those from the third on follow its parenthesis.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { priority: Number(fields[40 - 3]), policy: Number(fields[41 - 3]) };
}

test('vrrp_startup_delay holds everything back until it is over', async t => {
  const [one] = createSegment(1).stations as [Station];
  const delayed = `global_defs {\n  vrrp_startup_delay 8\n}\n${group({ ...DIALECT, priority: 150 })}`;
  const director = new Director(t, binary, one, delayed);
  await director.line(/instances are started in \d s/);
  t.like(await instance(director), { state: 'INITIALIZE', counters: { sent: 0 } });
  await director.line(/entering BACKUP/);
  await director.line(/entering MASTER/);
  t.pass();
});
