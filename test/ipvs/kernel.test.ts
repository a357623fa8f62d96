import test from 'ava';
import { describe } from '../../src/director/ipvs/describe.ts';
import { KernelTable } from '../../src/director/ipvs/kernel.ts';
import { plan } from '../../src/director/ipvs/plan.ts';
import { type IpvsTable, tableOf } from '../../src/director/ipvs/table.ts';
import { createFake } from '../../src/platform/fake.ts';
import { serve } from '../netlink/kernel.ts';
import { generator } from '../netlink/random.ts';
import { settled } from '../netlink/settled.ts';
import { FakeIpvs } from './kernel.ts';
import { destination, http, mark, plain, plainKernel, randomTable, service } from './tables.ts';

const web1 = destination('10.0.0.11');
const web2 = destination('10.0.0.12');

async function setUp() {
  const ipvs = new FakeIpvs();
  const platform = createFake({ onSocket: socket => serve(socket, request => ipvs.handle(request)) });
  const kernel = await settled(platform, KernelTable.open(platform));
  const read = () => settled(platform, kernel.read());
  /** Plans from what the kernel has and carries the plan out. */
  const bring = async (wanted: IpvsTable) => settled(platform, kernel.apply(plan(wanted, await read())));
  return { bring, ipvs, kernel, platform, read };
}

test("the kernel's table becomes what is wanted", async t => {
  const { bring, read } = await setUp();
  const table = tableOf([{ service: service(http), destinations: [web1, web2] }]);
  t.deepEqual(await bring(table), []);
  t.deepEqual(plainKernel(await read()), plain(table));
});

test('what is there already costs nothing, and what is not wanted goes', async t => {
  const { bring, ipvs } = await setUp();
  const services = [
    { service: service(http), destinations: [web1, web2] },
    { service: service(mark), destinations: [web1] },
  ];
  await bring(tableOf(services));
  ipvs.commands.length = 0;
  await bring(tableOf(services.slice(0, 1)));
  t.deepEqual(ipvs.commands, [3]);
});

test('what the kernel refuses is told, without its consequences, and the rest is done', async t => {
  const { bring, ipvs, read } = await setUp();
  ipvs.lacking.add('mh');
  const refusals = await bring(
    tableOf([
      { service: service(mark, { scheduler: 'mh' }), destinations: [web1, web2] },
      { service: service(http), destinations: [web1] },
    ]),
  );
  t.deepEqual(
    refusals.map(({ change, error }) => `${describe(change)}: ${error.message}`),
    ['add fwmark 7 IPv4: mh: ENOENT'],
  );
  t.deepEqual([...(await read()).keys()], ['TCP 10.0.0.80:80']);
});

test('a change to what somebody took away is refused', async t => {
  const { bring, ipvs, kernel, platform } = await setUp();
  await bring(tableOf([{ service: service(http), destinations: [web1] }]));
  ipvs.services.clear();
  const refusals = await settled(
    platform,
    kernel.apply([{ kind: 'set destination', key: http, destination: web2, before: web2 }]),
  );
  t.is(refusals[0]?.error.code, 'ESRCH');
});

test('a kernel without IPVS says so', async t => {
  const ipvs = new FakeIpvs();
  ipvs.present = false;
  const platform = createFake({ onSocket: socket => serve(socket, request => ipvs.handle(request)) });
  await t.throwsAsync(settled(platform, KernelTable.open(platform)), {
    message: 'ENOENT: this kernel has no IPVS',
  });
  t.true(platform.sockets[0]!.closed);
});

test('connections of every server are read', async t => {
  const { bring, read } = await setUp();
  await bring(tableOf([{ service: service(http), destinations: [web1] }]));
  const actual = (await read()).get('TCP 10.0.0.80:80')?.destinations.get('10.0.0.11:80');
  t.is(actual?.activeConnections, 0);
  t.is(actual?.inactiveConnections, 0);
});

test('services of a protocol that no configuration names are not judged', async t => {
  const { bring, ipvs, read } = await setUp();
  await bring(tableOf([{ service: service(http), destinations: [] }]));
  const [[id, entry]] = ipvs.services as unknown as [[string, { attributes: Uint8Array }]];
  // The protocol is the second attribute: 50 is ESP.
  entry.attributes[12] = 50;
  t.is((await read()).size, 0);
  t.true(ipvs.services.has(id));
});

test('any table can be made of any other over netlink', async t => {
  const seed = Number(process.env.SEED ?? 20260103);
  t.log(`seed ${seed}`);
  const random = generator(seed);
  const { bring, read } = await setUp();
  for (let round = 0; round < 60; round += 1) {
    const wanted = randomTable(random);
    t.deepEqual(await bring(wanted), []);
    t.deepEqual(plainKernel(await read()), plain(wanted));
  }
});

test('a large table is applied in steps', async t => {
  const { bring, ipvs } = await setUp();
  const entries = Array.from({ length: 20 }, (_, index) => ({
    service: service({ ...http, port: 1000 + index }),
    destinations: Array.from({ length: 50 }, (_unused, host) => destination(`10.0.1.${host}`)),
  }));
  t.deepEqual(await bring(tableOf(entries)), []);
  t.is(ipvs.services.size, 20);
  t.true([...ipvs.services.values()].every(({ destinations }) => destinations.size === 50));
});
