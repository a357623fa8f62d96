import test from 'ava';
import {
  likelyServer,
  OrderBook,
  resolveService,
  serversOf,
  withOrder,
} from '../../src/director/control/orders.ts';
import type { Order } from '../../src/director/protocol.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, virtualServer } from './sample.ts';

const WEB1 = realServer('10.0.0.11', { name: 'web1' });
const WEB2 = realServer('10.0.0.12', { name: 'web2' });
const SHOP = virtualServer([WEB1, WEB2]);
const MAIL = virtualServer([{ ...WEB1, port: 25 }], {
  key: { kind: 'address', protocol: 'TCP', address: '10.0.0.100', port: 25 },
});
const SERVICES = [SHOP, MAIL];

const order = (kind: Order['kind'], server: string, more: Partial<Order> = {}): Order => ({
  kind,
  server,
  at: 0,
  ...more,
});

/** What is in force after these. */
const after = (...orders: Order[]) =>
  orders
    .reduce<readonly Order[]>((all, each) => withOrder(all, each, SERVICES), [])
    .map(({ kind, server, service }) =>
      [kind, server, ...(service === undefined ? [] : [service])].join(' '),
    );

test('an order is about all places of a server, or about one', t => {
  const found = (server: string, service?: string) => [
    ...serversOf({ server, ...(service !== undefined && { service }) }, SERVICES),
  ];
  t.deepEqual(found('web1'), ['10.0.0.11:80 of TCP 10.0.0.100:80', '10.0.0.11:25 of TCP 10.0.0.100:25']);
  t.deepEqual(found('10.0.0.11:25'), ['10.0.0.11:25 of TCP 10.0.0.100:25']);
  t.deepEqual(found('10.0.0.11', 'TCP 10.0.0.100:80'), ['10.0.0.11:80 of TCP 10.0.0.100:80']);
  t.deepEqual(found('web3'), []);
});

test('a later order replaces an earlier one, and what takes it back leaves nothing', t => {
  t.deepEqual(after(order('drain', 'web1'), order('maintain', 'web1')), ['maintain web1']);
  t.deepEqual(after(order('drain', 'web1'), order('undrain', 'web1')), []);
  t.deepEqual(after(order('maintain', 'web1'), order('resume', '10.0.0.11')), []);
  t.deepEqual(after(order('drain', 'web1'), order('undrain', 'web2')), ['drain web1']);
  t.deepEqual(after(order('drain', 'web1'), order('forgive', 'web1')), ['drain web1']);
});

test('what takes back a part of an order is kept with it', t => {
  const part = order('undrain', 'web1', { service: 'TCP 10.0.0.100:25' });
  t.deepEqual(after(order('drain', 'web1'), part), ['drain web1', 'undrain web1 TCP 10.0.0.100:25']);
  t.deepEqual(after(order('drain', 'web1'), part, order('undrain', 'web1')), []);
  t.deepEqual(after(order('drain', '10.0.0.11:80'), order('undrain', 'web1')), []);
});

test('orders outlive the process, and are forgotten with the server', t => {
  const platform = createFake({ files: { '/run/x': '' } });
  const book = new OrderBook(platform, '/run');
  book.give(order('maintain', 'web2'), SERVICES);
  const next = new OrderBook(platform, '/run');
  next.prune(SERVICES);
  t.deepEqual(next.orders, [order('maintain', 'web2')]);
  next.prune([MAIL]);
  t.deepEqual(next.orders, []);
  t.deepEqual(new OrderBook(platform, '/run').orders, []);
});

test('a service is found by what people call it, when that is one', t => {
  const group = virtualServer([], { key: SHOP.key, group: { name: 'all', keys: [SHOP.key] } });
  t.is(resolveService('10.0.0.100:25', SERVICES), 'TCP 10.0.0.100:25');
  t.is(resolveService('all', [...SERVICES, group]), 'group all');
  t.is(resolveService('TCP 10.0.0.100:80', [...SERVICES, group]), 'TCP 10.0.0.100:80');
  t.throws(() => resolveService('10.0.0.100', SERVICES), {
    message: '"10.0.0.100" may be TCP 10.0.0.100:80 or TCP 10.0.0.100:25',
  });
  t.throws(() => resolveService('TCP 10.0.0.100:81', SERVICES), {
    message: 'no virtual service is called "TCP 10.0.0.100:81"; did you mean "TCP 10.0.0.100:80"?',
  });
  t.is(likelyServer('wed1', SERVICES), 'web1');
});
