// Pairs of directors, the binary of the board, on a segment: who is master, through crashes, farewells, cables and new configurations.
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { type GroupOptions, group, VIP } from './vrrp/configs.ts';
import { answers, createSegment, holds, ip, neighbour, type Segment, type Station } from './vrrp/segment.ts';
import { crash, held, instance } from './vrrp/watch.ts';

const FAST: GroupOptions = { version: 3, interval: 0.1, priority: 100 };

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

interface Pair extends Segment {
  readonly one: Station;
  readonly other: Station;
  readonly client: Station;
  /** Priority 150. */
  readonly master: Director;
  /** Priority 100. */
  readonly backup: Director;
}

/** A master that has won, a backup that hears it, and a client that knows where the address is. */
async function startPair(t: ExecutionContext, options: Partial<GroupOptions> = {}): Promise<Pair> {
  const segment = createSegment(3);
  const [one, other, client] = segment.stations as [Station, Station, Station];
  const master = new Director(t, binary, one, group({ ...FAST, ...options, priority: 150 }));
  await master.line(/entering MASTER/);
  const backup = new Director(t, binary, other, group({ ...FAST, ...options }));
  await until(
    () => instance(backup),
    ({ master: known }) => known?.address === one.address,
  );
  await until(
    () => answers(client, VIP),
    yes => yes,
  );
  return { ...segment, one, other, client, master, backup };
}

/** Waits until the address is at `here`, not at `there`, and the client has learnt so. */
async function moved(here: Station, there: Station, client: Station): Promise<void> {
  await until(
    () => [holds(here, VIP), holds(there, VIP), neighbour(client, VIP)],
    ([isHere, isThere, mac]) => isHere === true && isThere === false && mac === here.hardware,
  );
}

test('the higher priority is master, and only there is the address', async t => {
  const { one, other, master, backup } = await startPair(t);
  t.like(await instance(master), { state: 'MASTER', master: null, trouble: null });
  t.like(await instance(backup), {
    state: 'BACKUP',
    master: { address: one.address, priority: 150 },
    trouble: null,
  });
  t.true(holds(one, VIP));
  t.false(holds(other, VIP));
  t.is((await instance(backup)).counters.becameMaster, 0);
});

test('the address has a lifetime of 3 s and is renewed', async t => {
  const { one, master } = await startPair(t);
  const shown = () => ip('-n', one.name, 'address', 'show', 'dev', 'va', 'to', VIP);
  t.regex(shown(), /10\.9\.0\.100\/32 scope global (proto 0x12 )?dynamic/);
  t.regex(shown(), /valid_lft [1-3]sec/);
  const { since } = await instance(master);
  // Longer than any lifetime, with nothing but renewals in between.
  await until(
    () => instance(master),
    status => status.since > since + 4000,
  );
  t.true(holds(one, VIP));
  t.is((await instance(master)).trouble, null);
});

test('a stopped master says goodbye; back again it takes over again', async t => {
  const { one, other, client, master, backup } = await startPair(t);
  master.signal('SIGTERM');
  t.is(await master.ended, 0);
  await moved(other, one, client);
  t.is((await instance(backup)).counters.priorityZeroReceived, 1);
  const again = new Director(t, binary, one, group({ ...FAST, priority: 150 }));
  await again.line(/entering MASTER/);
  await moved(one, other, client);
  t.is((await instance(backup)).state, 'BACKUP');
});

test('without preemption the one that comes back stays backup', async t => {
  const { one, other, client, master } = await startPair(t, { nopreempt: true });
  master.signal('SIGTERM');
  await master.ended;
  await moved(other, one, client);
  const again = new Director(t, binary, one, group({ ...FAST, priority: 150, nopreempt: true }));
  await until(
    () => instance(again),
    status => status.state === 'BACKUP' && status.counters.received > 10,
  );
  t.true(holds(other, VIP));
  t.false(holds(one, VIP));
});

test('when all of the master is killed at once the backup takes over, and the kernel takes the address off the dead', async t => {
  const { one, other, client, master } = await startPair(t);
  await crash(master);
  await moved(other, one, client);
  t.pass();
});

test('when its vrrp process alone is killed the address moves, and moves back', async t => {
  const { one, other, client, master, backup } = await startPair(t);
  process.kill(await master.pid('vrrp'), 'SIGKILL');
  await backup.line(/entering MASTER/);
  await backup.line(/entering BACKUP: 10\.9\.0\.1 has priority 150/);
  await moved(one, other, client);
  t.pass();
});

test('a pulled cable is a fault on one side and a takeover on the other', async t => {
  const { one, other, client, master, setCable } = await startPair(t);
  setCable(one, false);
  await master.line(/entering FAULT: the interface is down/);
  await moved(other, one, client);
  setCable(one, true);
  await moved(one, other, client);
  t.is((await instance(master)).state, 'MASTER');
});

test('an interface without an address is a fault until it has one', async t => {
  const { one, other, client, master } = await startPair(t);
  ip('-n', one.name, 'address', 'del', `${one.address}/24`, 'dev', 'va');
  await master.line(/entering FAULT: the interface has no IPv4 address/);
  await moved(other, one, client);
  ip('-n', one.name, 'address', 'add', `${one.address}/24`, 'dev', 'va');
  await moved(one, other, client);
  t.pass();
});

test('an address that somebody takes off is set again and reported', async t => {
  const { one, master } = await startPair(t);
  ip('-n', one.name, 'address', 'del', `${VIP}/32`, 'dev', 'va');
  await master.line(/10\.9\.0\.100 had been taken off by someone else: set again/);
  await held(one, VIP);
  t.pass();
});

test('an address that was there before is left as it is', async t => {
  const { one, other, client, master, backup } = await startPair(t);
  ip('-n', other.name, 'address', 'add', `${VIP}/24`, 'dev', 'va');
  await crash(master);
  await backup.line(/10\.9\.0\.100 was set by someone else: left as it is/);
  await moved(other, one, client);
  backup.signal('SIGTERM');
  await backup.ended;
  t.true(holds(other, VIP));
});

test('an owner of the addresses is master at once, and its address stays when it leaves', async t => {
  const segment = createSegment(2);
  const [one, other] = segment.stations as [Station, Station];
  const addresses = [one.address];
  const owner = new Director(t, binary, one, group({ ...FAST, priority: 255, addresses }));
  await owner.line(/entering MASTER: owner of the addresses/);
  const backup = new Director(t, binary, other, group({ ...FAST, addresses }));
  await until(
    () => instance(backup),
    ({ master }) => master?.priority === 255,
  );
  t.is((await instance(owner)).trouble, null);
  owner.signal('SIGTERM');
  await owner.ended;
  await backup.line(/entering MASTER/);
  t.true(holds(one, one.address));
  t.true(holds(other, one.address));
});

test('new addresses come and old ones go without the end of mastership', async t => {
  const { one, master, backup } = await startPair(t);
  const reload = (...addresses: string[]) => {
    master.write('site.conf', group({ ...FAST, priority: 150, addresses }));
    master.signal('SIGHUP');
  };
  reload(VIP, '10.9.0.101');
  await until(
    () => holds(one, '10.9.0.101'),
    yes => yes,
  );
  await backup.line(/10\.9\.0\.1 has other virtual addresses: 10\.9\.0\.100 10\.9\.0\.101/);
  t.true(holds(one, VIP));
  reload('10.9.0.101');
  await until(
    () => holds(one, VIP),
    yes => !yes,
  );
  t.true(holds(one, '10.9.0.101'));
  t.like(await instance(master), { state: 'MASTER' });
  t.is((await instance(master)).counters.becameMaster, 1);
  t.is((await instance(backup)).counters.becameMaster, 0);
});

test('an instance that is removed leaves its group, the others notice nothing', async t => {
  const { one, master } = await startPair(t);
  const web = group({ ...FAST, priority: 150 });
  const mail = group({
    ...FAST,
    priority: 150,
    name: 'mail',
    virtualRouterId: 52,
    addresses: ['10.9.0.102'],
  });
  master.write('site.conf', web + mail);
  master.signal('SIGHUP');
  await master.line(/mail: entering MASTER/);
  master.write('site.conf', web);
  master.signal('SIGHUP');
  await master.line(/mail: entering INITIALIZE/);
  await until(
    () => holds(one, '10.9.0.102'),
    yes => !yes,
  );
  const { instances } = await master.vrrp();
  t.deepEqual(
    instances.map(({ name, state, counters }) => [name, state, counters.becameMaster]),
    [['web', 'MASTER', 1]],
  );
});

test('different intervals and version 2: reported, one master', async t => {
  const { one, other, client, master, backup } = await startPair(t, { version: 2, interval: 1 });
  backup.write('site.conf', group({ version: 2, interval: 3, priority: 100 }));
  backup.signal('SIGHUP');
  await backup.line(/10\.9\.0\.1 advertises every 1000 ms, here 3000 ms are configured/);
  t.like(await instance(backup), { state: 'BACKUP' });
  t.like(await instance(master), { state: 'MASTER' });
  master.signal('SIGTERM');
  await master.ended;
  await moved(other, one, client);
  t.pass();
});
