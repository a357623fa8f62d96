// The keeper under everything at once: changing wishes, somebody else's hand on the table, weights that are adopted.
import test from 'ava';
import { TableKeeper } from '../../src/director/ipvs/keeper.ts';
import { type IpvsEntry, type IpvsTable, tableOf } from '../../src/director/ipvs/table.ts';
import { createFake } from '../../src/platform/fake.ts';
import { serve } from '../netlink/kernel.ts';
import { generator } from '../netlink/random.ts';
import { FakeIpvs } from './kernel.ts';
import { plain, plainKernel, randomTable } from './tables.ts';

const SEED = Number(process.env.SEED ?? 20261122);

function setUp() {
  const ipvs = new FakeIpvs();
  const platform = createFake({ onSocket: socket => serve(socket, request => ipvs.handle(request)) });
  const keeper = new TableKeeper(platform, { repaired: () => {}, adopted: () => {}, trouble: () => {} });
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false;
    const watched = promise.finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise(resolve => setImmediate(resolve));
      platform.clock.settle();
    }
    return watched;
  };
  /** Rounds of looking. */
  const pass = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      platform.clock.advance(500);
      for (let step = 0; step < 10; step += 1) {
        await new Promise(resolve => setImmediate(resolve));
        platform.clock.settle();
      }
    }
  };
  return { ipvs, keeper, pass, settle, platform };
}

/** Somebody else: makes the table this one, as ipvsadm would. */
async function meddle(ipvs: FakeIpvs, table: IpvsTable): Promise<void> {
  const platform = createFake({ onSocket: socket => serve(socket, request => ipvs.handle(request)) });
  const stranger = new TableKeeper(platform, { repaired: () => {}, adopted: () => {}, trouble: () => {} });
  let done = false;
  stranger.want(table).then(() => {
    done = true;
  });
  while (!done) {
    await new Promise(resolve => setImmediate(resolve));
    platform.clock.settle();
  }
  stranger.close();
}

test('whatever is wanted and whoever meddles, the table is soon the one that was wanted last', async t => {
  t.log(`seed ${SEED}`);
  const random = generator(SEED);
  const { ipvs, keeper, pass, settle } = setUp();
  let wanted = randomTable(random);
  await settle(keeper.want(wanted));
  for (let round = 0; round < 40; round += 1) {
    if (random(2)) await meddle(ipvs, randomTable(random));
    if (random(3)) {
      const next = new Map(wanted);
      const changed: string[] = [];
      for (const [id, entry] of randomTable(random)) {
        if (random(2)) continue;
        changed.push(id);
        next.set(id, entry);
      }
      for (const id of wanted.keys()) {
        if (random(5)) continue;
        changed.push(id);
        next.delete(id);
      }
      wanted = next;
      const done = keeper.want(wanted, random(2) ? changed : undefined);
      // Now and then the next one comes before this one is done.
      if (random(3)) await settle(done);
    }
    await pass(random(4) * 1000);
  }
  await pass(20_000);
  t.deepEqual(plainKernel(await settle(keeper.read())), plain(wanted));
  t.deepEqual(await settle(keeper.plan(wanted)), []);
  keeper.close();
});

/** The table with other weights here and there. */
function reweighed(table: IpvsTable, random: (limit: number) => number): IpvsTable {
  return tableOf(
    [...table.values()].map(({ service, destinations }) => ({
      service,
      destinations: [...destinations.values()].map(destination =>
        random(2) ? destination : { ...destination, weight: 20 + random(5) },
      ),
    })),
  );
}

test('weights that somebody sets stay, and everything else is put right', async t => {
  t.log(`seed ${SEED}`);
  const random = generator(SEED + 1);
  for (let round = 0; round < 15; round += 1) {
    const { ipvs, keeper, pass, settle } = setUp();
    const wanted: IpvsTable = new Map(
      [...randomTable(random)].map(([id, entry]): [string, IpvsEntry] =>
        random(2) ? [id, { ...entry, adoptsWeights: true }] : [id, entry],
      ),
    );
    await settle(keeper.want(wanted));
    const manual = reweighed(wanted, random);
    await meddle(ipvs, manual);
    await pass(20_000);
    const expected = new Map(
      [...wanted].map(([id, entry]) => [id, entry.adoptsWeights ? manual.get(id)! : entry]),
    );
    t.deepEqual(plainKernel(await settle(keeper.read())), plain(expected));
    // The same wish again changes nothing, another one everything that differs.
    await settle(keeper.want(new Map(wanted)));
    t.deepEqual(plainKernel(await settle(keeper.read())), plain(expected));
    const lighter = reweighed(
      reweighed(wanted, () => 0),
      () => 0,
    );
    await settle(keeper.want(lighter));
    t.deepEqual(plainKernel(await settle(keeper.read())), plain(lighter));
    keeper.close();
  }
});
