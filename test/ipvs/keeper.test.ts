import test from 'ava';
import { describe } from '../../src/director/ipvs/describe.ts';
import { TableKeeper } from '../../src/director/ipvs/keeper.ts';
import { type IpvsDestination, type IpvsTable, serviceId, tableOf } from '../../src/director/ipvs/table.ts';
import { createFake, systemError } from '../../src/platform/fake.ts';
import { serve } from '../netlink/kernel.ts';
import { settled } from '../netlink/settled.ts';
import { FakeIpvs } from './kernel.ts';
import { destination, dns6, http, mark, plain, plainKernel, service } from './tables.ts';

const web1 = destination('10.0.0.11');
const web2 = destination('10.0.0.12');
const table = tableOf([{ service: service(http), destinations: [web1, web2] }]);

function setUp() {
  const ipvs = new FakeIpvs();
  const platform = createFake({ onSocket: socket => serve(socket, request => ipvs.handle(request)) });
  const repaired: string[] = [];
  const adopted: string[] = [];
  const troubles: (string | null)[] = [];
  const keeper = new TableKeeper(platform, {
    repaired: changes => repaired.push(...changes.map(describe)),
    adopted: changes => adopted.push(...changes.map(describe)),
    trouble: text => troubles.push(text),
  });
  const want = (wanted: IpvsTable) => settled(platform, keeper.want(wanted));
  /** Somebody else's hand on the table. */
  const meddle = async (wanted: IpvsTable) => {
    const other = createFake({ onSocket: socket => serve(socket, request => ipvs.handle(request)) });
    const stranger = new TableKeeper(other, { repaired: () => {}, adopted: () => {}, trouble: () => {} });
    await settled(other, stranger.want(wanted));
    stranger.close();
  };
  /** Lets time pass, with everything that promises do in it. */
  const pass = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      platform.clock.advance(100);
      for (let step = 0; step < 30; step += 1) {
        await new Promise(resolve => setImmediate(resolve));
        platform.clock.settle();
      }
    }
  };
  const read = async () => plainKernel(await settled(platform, keeper.read()));
  return { adopted, ipvs, keeper, meddle, pass, platform, read, repaired, troubles, want };
}

test("the kernel's table becomes what is wanted", async t => {
  const { read, repaired, troubles, want } = setUp();
  await want(table);
  t.deepEqual(await read(), plain(table));
  t.deepEqual(repaired, []);
  t.deepEqual(troubles, []);
});

test('what is there already is left alone, and what is not ours goes', async t => {
  const { ipvs, meddle, repaired, want } = setUp();
  await meddle(
    tableOf([
      { service: service(http), destinations: [web1, web2] },
      { service: service(mark), destinations: [web1] },
    ]),
  );
  ipvs.commands.length = 0;
  await want(table);
  t.deepEqual(ipvs.commands, [3]);
  // The first look at a table is no repair.
  t.deepEqual(repaired, []);
});

test('a change costs exactly its commands, and no reading', async t => {
  const { ipvs, platform, want } = setUp();
  await want(table);
  ipvs.commands.length = 0;
  let dumps = 0;
  const { onSend } = platform.sockets[0]!;
  platform.sockets[0]!.onSend = sent => {
    if (sent.data[7] === 3) dumps += 1;
    onSend?.(sent);
  };
  await want(tableOf([{ service: service(http), destinations: [destination('10.0.0.11', { weight: 5 })] }]));
  t.deepEqual(ipvs.commands, [6, 7]);
  t.is(dumps, 0);
});

test('drift is put right, counted and told', async t => {
  const { keeper, meddle, pass, read, repaired, want } = setUp();
  const both = tableOf(
    [...table.values(), { service: service(dns6), destinations: new Map() }].map(
      ({ service: wanted, destinations }) => ({ service: wanted, destinations: [...destinations.values()] }),
    ),
  );
  await want(both);
  await meddle(
    tableOf([
      {
        service: service(http, { scheduler: 'rr' }),
        destinations: [destination('10.0.0.11', { weight: 9 }), destination('10.0.0.66')],
      },
      { service: service(mark), destinations: [] },
    ]),
  );
  await pass(6000);
  t.deepEqual(await read(), plain(both));
  t.deepEqual(repaired, [
    'change TCP 10.0.0.80:80: rr becomes wlc',
    'add UDP [2001:db8::53]:53: wlc',
    'delete fwmark 7 IPv4',
    'change 10.0.0.11:80 of TCP 10.0.0.80:80: weight 9 becomes 1',
    'add 10.0.0.12:80 to TCP 10.0.0.80:80: DR, weight 1',
    'delete 10.0.0.66:80 of TCP 10.0.0.80:80',
  ]);
  t.is(keeper.repairs, 6);
  t.is(keeper.trouble, null);
});

test('a process that was stopped for long while it looked goes on looking', async t => {
  const { meddle, pass, platform, read, want } = setUp();
  await want(table);
  const { onSend } = platform.sockets[0]!;
  let stopped = false;
  platform.sockets[0]!.onSend = sent => {
    if (!stopped) platform.clock.advance(60_000);
    stopped = true;
    onSend?.(sent);
  };
  await pass(6000);
  t.true(stopped);
  await meddle(new Map());
  await pass(8000);
  t.deepEqual(await read(), plain(table));
});

test('a change on a table that somebody emptied still ends right', async t => {
  const { keeper, meddle, read, troubles, want } = setUp();
  await want(table);
  await meddle(new Map());
  const wanted = tableOf([{ service: service(http), destinations: [web1, destination('10.0.0.13')] }]);
  await want(wanted);
  t.deepEqual(await read(), plain(wanted));
  t.deepEqual(troubles, []);
  t.is(keeper.repairs, 3);
});

/** The service with weights that may be changed by hand. */
const adopting = (...destinations: IpvsDestination[]) => {
  const [entry] = tableOf([{ service: service(http), destinations }]).values();
  return new Map([[serviceId(http), { ...entry!, adoptsWeights: true as const }]]);
};

test('a weight set by hand stays where that is wanted, and the rest is put right', async t => {
  const { adopted, keeper, meddle, pass, read, repaired, want } = setUp();
  await want(adopting(web1, web2));
  const by = tableOf([
    {
      service: service(http),
      destinations: [
        destination('10.0.0.11', { weight: 9 }),
        destination('10.0.0.12', { forwarding: 'NAT' }),
      ],
    },
  ]);
  await meddle(by);
  await pass(6000);
  t.deepEqual(adopted, ['change 10.0.0.11:80 of TCP 10.0.0.80:80: weight 1 becomes 9']);
  t.deepEqual(repaired, ['change 10.0.0.12:80 of TCP 10.0.0.80:80: NAT, weight 1 becomes DR, weight 1']);
  await pass(12_000);
  t.is(adopted.length, 1);
  t.is(keeper.repairs, 1);
  t.deepEqual(await read(), plain(adopting(destination('10.0.0.11', { weight: 9 }), web2)));
});

test('a weight set by hand outlives changes of others, and ends with one of its own', async t => {
  const { meddle, pass, read, want } = setUp();
  await want(adopting(web1, web2));
  await meddle(adopting(destination('10.0.0.11', { weight: 0 }), web2));
  await pass(6000);
  const [changed, added] = [destination('10.0.0.12', { weight: 4 }), destination('10.0.0.13')];
  await want(adopting(web1, changed, added));
  t.deepEqual(await read(), plain(adopting(destination('10.0.0.11', { weight: 0 }), changed, added)));
  await want(adopting(destination('10.0.0.11', { weight: 2 }), web2));
  t.deepEqual(await read(), plain(adopting(destination('10.0.0.11', { weight: 2 }), web2)));
  await want(adopting(web1, web2));
  t.deepEqual(await read(), plain(adopting(web1, web2)));
});

test('a weight set back by hand is no longer adopted', async t => {
  const { adopted, keeper, meddle, pass, platform, want } = setUp();
  await want(adopting(web1));
  await meddle(adopting(destination('10.0.0.11', { weight: 7 })));
  await pass(6000);
  t.deepEqual(await settled(platform, keeper.plan(adopting(web1))), []);
  await meddle(adopting(web1));
  await pass(6000);
  t.deepEqual(adopted, [
    'change 10.0.0.11:80 of TCP 10.0.0.80:80: weight 1 becomes 7',
    'change 10.0.0.11:80 of TCP 10.0.0.80:80: weight 7 becomes 1',
  ]);
  await want(new Map());
  await want(adopting(web1));
  t.deepEqual(await settled(platform, keeper.plan(adopting(web1))), []);
});

test('a weight set by hand is put right where nobody wants it', async t => {
  const { adopted, meddle, pass, read, repaired, want } = setUp();
  await want(table);
  await meddle(adopting(destination('10.0.0.11', { weight: 7 }), web2));
  await pass(6000);
  t.deepEqual([adopted.length, repaired.length], [0, 1]);
  t.deepEqual(await read(), plain(table));
});

test('what the kernel refuses is told once and tried again', async t => {
  const { ipvs, keeper, pass, read, repaired, troubles, want } = setUp();
  ipvs.lacking.add('mh');
  const wanted = tableOf([
    { service: service(http), destinations: [web1] },
    { service: service(mark, { scheduler: 'mh' }), destinations: [web1, web2] },
  ]);
  await want(wanted);
  t.deepEqual(troubles, ['cannot add fwmark 7 IPv4: mh: ENOENT']);
  t.is(keeper.trouble, troubles[0]!);
  await pass(12_000);
  t.is(troubles.length, 1);
  ipvs.lacking.clear();
  await pass(6000);
  t.deepEqual(await read(), plain(wanted));
  t.deepEqual(troubles, ['cannot add fwmark 7 IPv4: mh: ENOENT', null]);
  t.deepEqual(repaired, []);
});

test('a kernel without IPVS is trouble until it has it', async t => {
  const { ipvs, keeper, pass, read, troubles, want } = setUp();
  ipvs.present = false;
  await want(table);
  t.is(keeper.trouble, 'ENOENT: this kernel has no IPVS');
  ipvs.present = true;
  await pass(6000);
  t.deepEqual(await read(), plain(table));
  t.deepEqual(troubles, ['ENOENT: this kernel has no IPVS', null]);
});

test('a socket that breaks is opened anew', async t => {
  const { pass, platform, read, want } = setUp();
  await want(table);
  const socket = platform.sockets[0]!;
  socket.send = () => {
    throw systemError('EPERM', 'sendto', '3');
  };
  await pass(12_000);
  t.true(socket.closed);
  t.deepEqual(await read(), plain(table));
});

test('a plan is made without touching anything', async t => {
  const { ipvs, keeper, platform, want } = setUp();
  await want(table);
  ipvs.commands.length = 0;
  t.deepEqual((await settled(platform, keeper.plan(new Map()))).map(describe), ['delete TCP 10.0.0.80:80']);
  t.deepEqual(ipvs.commands, []);
});

test('nothing is done after closing', async t => {
  const { ipvs, keeper, meddle, pass, want } = setUp();
  await want(table);
  keeper.close();
  await meddle(new Map());
  await pass(11_000);
  t.is(ipvs.services.size, 0);
});
