import test from 'ava';
import { afterOrder, holdOf, type Ordered } from '../../src/director/check/hold.ts';
import { afterOrders, isAddressed } from '../../src/director/check/orders.ts';
import { newServer } from '../../src/director/check/state.ts';
import type { Order } from '../../src/director/protocol.ts';

const MOMENT = { now: 5000, wall: 1_000_000 };
const state = newServer([], false, 0);

test('an order counts from when it was given, also to a process that hears of it later', t => {
  const since = (at: number) => afterOrder(null, { kind: 'drain', at }, MOMENT)?.since;
  t.is(since(MOMENT.wall), 5000);
  t.is(since(MOMENT.wall - 4000), 1000);
  t.is(since(MOMENT.wall - 40_000), -35_000);
  t.is(since(MOMENT.wall + 40_000), 5000, 'the clock was set back');
});

test('the last order counts, and either word takes back either order', t => {
  const kinds = (...all: Order['kind'][]) =>
    all.reduce<Ordered | null>((before, kind) => afterOrder(before, { kind, at: 1 }, MOMENT), null)?.kind ??
    null;
  t.is(kinds('drain', 'maintain'), 'maintain');
  t.is(kinds('maintain', 'drain', 'forgive'), 'drain');
  t.is(kinds('maintain', 'undrain'), null);
  t.is(kinds('drain', 'resume'), null);
});

test('a person counts before a file, a file before the server itself', t => {
  const ordered: Ordered = { kind: 'drain', at: 1, since: 1 };
  const wishing = { checks: [{ ...newServer([{}], false, 0).checks[0]!, order: 'drain' as const }] };
  t.is(holdOf({ ordered, noted: 'web1', state: wishing })?.reason, 'drain ordered');
  t.is(holdOf({ ordered: null, noted: 'web1', state: wishing })?.reason, 'maintenance file web1');
  t.is(holdOf({ ordered: null, noted: null, state: wishing })?.kind, 'drain');
  t.is(holdOf({ ordered: null, noted: null, state }), null);
});

const WEB1 = {
  service: { name: 'TCP 10.0.0.100:80' },
  config: { address: '10.0.0.11', port: 80, name: 'web1' },
};

test('a real server is addressed by any of its names, in one service or in all', t => {
  for (const server of ['web1', 'web1:80', '10.0.0.11', '10.0.0.11:80'])
    t.true(isAddressed(WEB1, { server }));
  for (const server of ['web', '10.0.0.1', '10.0.0.11:8', 'web1:81']) t.false(isAddressed(WEB1, { server }));
  t.true(isAddressed(WEB1, { server: 'web1', service: 'TCP 10.0.0.100:80' }));
  t.false(isAddressed(WEB1, { server: 'web1', service: 'TCP 10.0.0.100:81' }));
  t.true(isAddressed(WEB1, {}));
});

test('orders that are given again leave a drain as it is', t => {
  const drain: Order = { kind: 'drain', server: 'web1', timeout: 10_000, at: MOMENT.wall };
  const first = afterOrders({ ...WEB1, ordered: null }, [drain], MOMENT);
  t.deepEqual(first, { kind: 'drain', at: MOMENT.wall, since: 5000, timeout: 10_000 });
  const later = { now: 9000, wall: MOMENT.wall + 90_000 };
  t.is(afterOrders({ ...WEB1, ordered: first }, [drain], later), first);
  const undrain: Order = { kind: 'undrain', server: '10.0.0.11', at: 2 };
  t.is(afterOrders({ ...WEB1, ordered: first }, [drain, undrain], later), null);
  t.is(afterOrders({ ...WEB1, ordered: first }, [], later), null);
});
