// What becomes of real servers in the table of the kernel, over hours of a clock that is not real.
import test from 'ava';
import type { Order } from '../../src/director/protocol.ts';
import { checked, startChecker } from './checker.ts';

const order = (kind: Order['kind'], server: string, more: Partial<Order> = {}): Order => ({
  ...{ kind, server, at: 0 },
  ...more,
});

test('a drain gives no new connections, and takes the server out when the last one is gone', async t => {
  const w = startChecker();
  await w.configure(w.service([1, 2]));
  await w.wait(2000);
  t.is(w.table(), '1:10 2:10');
  w.connect(1, 1, 2, 3);
  w.told();
  const at = w.platform.clock.wall();
  t.deepEqual(w.checker.order(order('drain', '10.0.0.1', { at })), {
    servers: ['10.0.0.1:80 of TCP 10.0.0.100:80'],
  });
  await w.wait(10_000);
  t.is(w.table(), '1:0 2:10');
  t.like((await w.servers())[0], {
    state: 'draining',
    reason: 'drain ordered',
    weight: 0,
    configuredWeight: 10,
    drainLeft: null,
    activeConnections: 1,
    persistentConnections: 3,
  });
  w.connect(1, 0, 0, 3);
  await w.wait(10_000);
  t.is(w.table(), '1:0 2:10', 'a client would come back');
  w.connect(1, 0, 0, 0);
  await w.wait(3000);
  t.is(w.table(), '2:10');
  t.like((await w.servers())[0], {
    state: 'maintenance',
    reason: 'drain ordered: nobody is connected any more',
    activeConnections: null,
  });
  w.checker.order(order('undrain', '10.0.0.1'));
  await w.wait(10);
  t.is(w.table(), '1:10 2:10');
  t.deepEqual(w.told(), ['10.0.0.1:80 draining', '10.0.0.1:80 maintenance', '10.0.0.1:80 up']);
});

test('a drain with a time limit ends whoever is still connected', async t => {
  const w = startChecker();
  await w.configure(w.service([1, 2], { drainTimeout: 30_000 }));
  await w.wait(2000);
  w.connect(1, 5, 0, 0);
  const at = w.platform.clock.wall();
  w.checker.order(order('drain', '10.0.0.1:80', { at }));
  await w.wait(10_000);
  t.is((await w.servers())[0]!.drainLeft, 20_000);
  await w.wait(19_000);
  t.is(w.table(), '1:0 2:10');
  await w.wait(2000);
  t.is(w.table(), '2:10');
  t.is((await w.servers())[0]!.reason, 'drain ordered: its time was up');
});

test('a server that fails while it drains is out at once, one that is inhibited keeps its connections', async t => {
  const w = startChecker();
  await w.configure(w.service([1, 2]));
  await w.wait(2000);
  for (const number of [1, 2]) w.connect(number, 5, 0, 0);
  w.checker.order(order('drain', '10.0.0.1'));
  await w.wait(10);
  w.bad(1);
  await w.wait(2000);
  t.is(w.table(), '2:10');
  t.regex((await w.servers())[0]!.reason, /^drain ordered: it is down: /);
});

test('orders survive a reload and a restart of the checker, with the time that is left', async t => {
  const w = startChecker();
  const service = w.service([1, 2]);
  await w.configure(service);
  await w.wait(2000);
  w.connect(1, 5, 0, 0);
  const drain = order('drain', '10.0.0.1', { at: w.platform.clock.wall(), timeout: 60_000 });
  w.checker.order(drain);
  await w.wait(10_000);
  await w.configure(service, { orders: [drain] });
  t.is((await w.servers())[0]!.drainLeft, 60_000 - 10_010);
  const again = startChecker(w.ipvs);
  again.platform.clock.setWall(drain.at + 20_000);
  const before = w.ipvs.commands.length;
  await again.configure(service, { orders: [drain] });
  t.is(again.table(), '1:0 2:10');
  t.is((await again.servers())[0]!.drainLeft, 40_000 - 10);
  await again.wait(20_000);
  t.is(w.ipvs.commands.length, before, 'nothing was touched');
  await again.wait(21_000);
  t.is(again.table(), '2:10');
});

test('a file in the maintenance directory rests a server by any of its names', async t => {
  const w = startChecker();
  const named = { ...w.service([2]), realServers: [checked(1, { name: 'web1' }), checked(2)] };
  await w.configure(named, { maintenanceDirectory: '/maintenance' });
  await w.wait(3000);
  t.is(w.table(), '1:10 2:10');
  w.connect(1, 1, 0, 0);
  w.platform.files.replace('/maintenance/web1', '');
  await w.wait(3000);
  t.is(w.table(), '1:0 2:10');
  t.like((await w.servers())[0], { state: 'maintenance', reason: 'maintenance file web1', name: 'web1' });
  w.connect(1, 0, 0, 0);
  await w.wait(3000);
  t.is(w.table(), '2:10');
  w.platform.files.remove('/maintenance/web1');
  w.platform.files.replace('/maintenance/10.0.0.2:80', '');
  await w.wait(3000);
  t.is(w.table(), '1:10');
  await w.configure(named);
  await w.wait(3000);
  t.is(w.table(), '1:10 2:10', 'the directory is no longer configured');
});

test('a server that is down stays in the table without weight where its connections are to go on', async t => {
  const w = startChecker();
  const kept = checked(1, { inhibitsOnFailure: true });
  w.bad(1);
  await w.configure({ ...w.service([]), realServers: [kept, checked(2)] });
  t.is(w.table(), '1:0');
  w.good(1);
  await w.wait(2000);
  t.is(w.table(), '1:10 2:10');
  w.bad(1, 2);
  await w.wait(2000);
  t.is(w.table(), '1:0');
  const again = startChecker(w.ipvs);
  again.bad(1, 2);
  await again.configure({ ...w.service([]), realServers: [kept, checked(2)] });
  t.is(again.table(), '1:0', 'it was down before');
});

test('the sorry server answers alone while the quorum is lost, and only while it works itself', async t => {
  const w = startChecker();
  const sorry = checked(9);
  const { address, port, forwarding, checks } = sorry;
  const service = w.service([1, 2, 3], {
    quorum: { weight: 20, hysteresis: 5, onUp: null, onDown: null },
    sorryServer: { address, port, forwarding, checks, inhibits: false },
  });
  await w.configure(service);
  await w.wait(2000);
  t.is(w.table(), '1:10 2:10 3:10');
  w.told();
  w.bad(1, 2);
  await w.wait(2000);
  t.is(w.table(), '9:1');
  t.deepEqual(w.reports.at(-1), {
    kind: 'service',
    name: 'TCP 10.0.0.100:80',
    up: false,
    value: 0,
    reason: '1 of 3 real servers up: weight 10 of 20 needed',
  });
  w.good(1);
  await w.wait(2000);
  t.is(w.table(), '9:1', 'the hysteresis keeps it from coming and going');
  w.bad(9);
  await w.wait(2000);
  t.is(w.table(), '1:10 3:10');
  w.good(9, 2);
  await w.wait(2000);
  t.is(w.table(), '1:10 2:10 3:10');
  const told = w.told();
  t.is(
    told.filter(each => each.startsWith('10.0.0.9:80')).join(),
    '10.0.0.9:80 sorry,10.0.0.9:80 down,10.0.0.9:80 up',
  );
  t.is(told.filter(each => each.startsWith('TCP')).join(), 'TCP 10.0.0.100:80 down,TCP 10.0.0.100:80 up');
});

test('a checker that is started again while the sorry server answers leaves it to', async t => {
  const w = startChecker();
  const sorryServer = {
    address: '10.0.0.9',
    port: 80,
    forwarding: 'DR',
    checks: [],
    inhibits: true,
  } as const;
  const service = w.service([1], { sorryServer });
  await w.configure(service);
  await w.wait(2000);
  t.is(w.table(), '1:10 9:0');
  w.bad(1);
  await w.wait(2000);
  t.is(w.table(), '9:1');
  const again = startChecker(w.ipvs);
  again.bad(1);
  const before = w.ipvs.commands.length;
  await again.configure(service);
  await again.wait(20_000);
  t.is(again.table(), '9:1');
  t.is(w.ipvs.commands.length, before);
  t.true(again.events.filter(({ state }) => state === 'sorry').every(({ isPresent }) => isPresent));
});

test('a server that comes back gets its weight in steps, one that is there from the start gets all of it', async t => {
  const w = startChecker();
  const service = w.service([1, 2], { slowStart: 5000 });
  await w.configure(service);
  await w.wait(2000);
  t.is(w.table(), '1:10 2:10');
  w.bad(1);
  await w.wait(2000);
  w.good(1);
  const seen = new Set<string>();
  for (let moment = 0; moment < 80; moment++) {
    await w.wait(100);
    seen.add(w.table());
  }
  t.deepEqual([...seen], ['2:10', '1:2 2:10', '1:3 2:10', '1:5 2:10', '1:7 2:10', '1:8 2:10', '1:10 2:10']);
});

test('a slow start goes on over a reload and a restart', async t => {
  const w = startChecker();
  const service = w.service([1, 2], { slowStart: 100_000 });
  await w.configure(service);
  await w.wait(2000);
  w.bad(1);
  await w.wait(2000);
  w.good(1);
  await w.wait(51_000);
  t.is(w.table(), '1:5 2:10');
  await w.configure(service);
  t.is(w.table(), '1:5 2:10');
  const again = startChecker(w.ipvs);
  await again.configure(service);
  t.is(again.table(), '1:5 2:10');
  await again.wait(30_000);
  t.is(again.table(), '1:8 2:10');
  await again.wait(30_000);
  t.is(again.table(), '1:10 2:10');
});

const FLAPPY = { penalty: 1000, halfLife: 60_000, suppress: 2000, reuse: 750 };

test('a server that is lost too often stays out until its penalty is forgotten', async t => {
  const w = startChecker();
  await w.configure(w.service([1, 2], { flapDamping: FLAPPY }));
  await w.wait(2000);
  for (let loss = 0; loss < 3; loss++) {
    w.bad(1);
    await w.wait(2000);
    w.good(1);
    await w.wait(2000);
  }
  t.is(w.table(), '2:10');
  const [status] = await w.servers();
  t.is(status!.state, 'damped');
  t.true(status!.penalty! > 2000 && status!.dampedLeft! > 60_000);
  await w.wait(status!.dampedLeft! - 1000);
  t.is(w.table(), '2:10');
  await w.wait(2000);
  t.is(w.table(), '1:10 2:10');
});

test('a penalty is forgiven by order, and kept by a reload', async t => {
  const w = startChecker();
  const service = w.service([1, 2], { flapDamping: FLAPPY });
  await w.configure(service);
  await w.wait(2000);
  for (let loss = 0; loss < 3; loss++) {
    w.bad(1);
    await w.wait(2000);
    w.good(1);
    await w.wait(2000);
  }
  await w.configure(service);
  t.is(w.table(), '2:10');
  w.checker.order(order('forgive', '10.0.0.1'));
  await w.wait(10);
  t.is(w.table(), '1:10 2:10');
});

test('damped servers serve where too few others do', async t => {
  const w = startChecker();
  await w.configure(w.service([1, 2], { flapDamping: FLAPPY }));
  await w.wait(2000);
  for (let loss = 0; loss < 3; loss++) {
    w.bad(1, 2);
    await w.wait(2000);
    w.good(1, 2);
    await w.wait(2000);
  }
  t.is(w.table(), '1:10 2:10');
  const [status] = await w.servers();
  t.like(status, { state: 'damped', weight: 10 });
  t.regex(status!.reason, /serves all the same, since too few others do$/);
});

test('what is taken out of the configuration is told', async t => {
  const w = startChecker();
  await w.configure([w.service([1, 2]), w.service([3], { key: { kind: 'fwmark', mark: 1, family: 4 } })]);
  await w.wait(2000);
  w.events.length = 0;
  await w.configure(w.service([1]));
  t.deepEqual(
    w.events.map(({ server, service, state, isGone }) => [server ?? service, state, isGone]),
    [
      ['10.0.0.2:80', 'down', true],
      ['10.0.0.3:80', 'down', true],
      ['fwmark 1 IPv4', 'down', true],
    ],
  );
});

test('a plan foresees drains, ramps and the sorry server, and disturbs nothing', async t => {
  const w = startChecker();
  const service = w.service([1, 2], { slowStart: 5000 });
  await w.configure(service);
  await w.wait(2000);
  w.connect(1, 1, 0, 0);
  const drain = order('drain', '10.0.0.1');
  w.checker.order(drain);
  await w.wait(10);
  const ask = async (next: typeof service) => {
    const plan = w.checker.plan({ virtualServers: [next], orders: [drain] });
    await w.wait(10);
    return plan;
  };
  t.deepEqual(await ask(service), []);
  t.deepEqual(await ask({ ...service, realServers: [checked(1), checked(2, { weight: 7 }), checked(3)] }), [
    'change 10.0.0.2:80 of TCP 10.0.0.100:80: weight 10 becomes 7',
    'add 10.0.0.3:80 to TCP 10.0.0.100:80 once its check has passed',
  ]);
  t.is(w.table(), '1:0 2:10');
  t.is((await w.servers()).length, 2);
});
