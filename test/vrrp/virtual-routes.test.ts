// Virtual routes and rules as the kernel is asked for them.
import test from 'ava';
import type { VirtualRouteConfig, VirtualRuleConfig } from '../../src/director/config/vrrp-config.ts';
import { Interfaces } from '../../src/director/vrrp/interfaces.ts';
import { Requests } from '../../src/director/vrrp/requests.ts';
import { VirtualRoutes } from '../../src/director/vrrp/virtual-routes.ts';
import type { Message } from '../../src/netlink/reader.ts';
import { newRoute, type Route } from '../../src/netlink/route.ts';
import { newRule } from '../../src/netlink/rule.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { createFake } from '../../src/platform/fake.ts';
import { serve } from '../netlink/kernel.ts';
import { ip, toHex } from './bytes.ts';

const RTM_GETLINK = 18;
const NAMES: Readonly<Record<number, string>> = { 24: '+route', 25: '-route', 32: '+rule', 33: '-rule' };

const base = new MessageWriter(16, 0).put32(0).put32(2).put32(0x41).put32(0).text(3, 'eth0').finish().slice();

const ROUTE: VirtualRouteConfig = {
  kind: 'unicast',
  destination: { address: '192.0.2.0', prefix: 24 },
  hops: [{ gateway: '10.0.0.254', interface: 'eth0', weight: 1 }],
  source: '10.0.0.100',
  table: 254,
  metric: 5,
  scope: null,
  mtu: 1400,
};

const RULE: VirtualRuleConfig = {
  family: 4,
  from: { address: '10.66.0.0', prefix: 16 },
  to: null,
  inInterface: 'eth0',
  outInterface: null,
  mark: null,
  priority: null,
  action: { kind: 'table', table: 100 },
};

async function setUp(refuse: (type: string) => number = () => 0) {
  const asked: string[] = [];
  const bodies: string[] = [];
  const platform = createFake({
    onSocket: socket =>
      serve(socket, ({ type, payload }: Message) => {
        if (type === RTM_GETLINK) return { data: [base] };
        const name = NAMES[type];
        if (name === undefined) return {};
        asked.push(name);
        bodies.push(toHex(payload));
        return { errno: refuse(name) };
      }),
  });
  const interfaces = new Interfaces(platform, { ready() {}, changed() {}, addressRemoved() {} });
  const settle = async () => {
    for (let round = 0; round < 5; round++) {
      await new Promise(resolve => setImmediate(resolve));
      platform.clock.settle();
    }
  };
  const troubles: string[] = [];
  const owner = { trouble: (text: string) => void troubles.push(text) };
  await settle();
  const routes = new VirtualRoutes(interfaces, new Requests(platform));
  return { routes, asked, bodies, troubles, owner, settle };
}

test('they carry the mark of virtual ones and what is configured', async t => {
  const { routes, bodies, owner, settle } = await setUp();
  routes.hold(owner, [ROUTE], [RULE]);
  await settle();
  const route: Route = {
    destination: ip('192.0.2.0'),
    prefix: 24,
    gateway: ip('10.0.0.254'),
    interface: 2,
    protocol: 219,
    metric: 5,
    table: 254,
    source: ip('10.0.0.100'),
    mtu: 1400,
  };
  t.is(bodies[0], toHex(newRoute(route, false).slice(16)));
  const rule = newRule({
    ...RULE,
    from: { address: ip('10.66.0.0'), prefix: 16 },
    to: null,
    action: 'table',
    table: 100,
    protocol: 219,
  });
  t.is(bodies[1], toHex(rule.slice(16)));
});

test('they are set again whenever interfaces have changed, and removed in the reverse order', async t => {
  const { routes, asked, troubles, owner, settle } = await setUp();
  routes.hold(owner, [ROUTE], [RULE]);
  routes.hold(owner, [ROUTE], [RULE]);
  routes.leave(owner);
  routes.leave(owner);
  await settle();
  t.deepEqual(asked, ['+route', '+rule', '+route', '+rule', '-rule', '-route']);
  t.deepEqual(troubles, []);
});

test('what a new configuration lacks goes first', async t => {
  const { routes, asked, owner, settle } = await setUp();
  routes.hold(owner, [ROUTE], [RULE]);
  routes.hold(owner, [{ ...ROUTE, metric: 6 }], [RULE]);
  await settle();
  t.deepEqual(asked, ['+route', '+rule', '-route', '+route', '+rule']);
});

test('one that is there already is told once, one that is refused as well', async t => {
  const { routes, troubles, owner, settle } = await setUp(type => (type === '+route' ? 17 : 22));
  routes.hold(owner, [ROUTE], []);
  routes.hold(owner, [ROUTE], []);
  routes.hold(owner, [ROUTE], [RULE]);
  await settle();
  t.deepEqual(troubles, [
    'the route to 192.0.2.0/24 was there before: left as it is',
    'cannot set the rule from 10.66.0.0/16 to all: EINVAL',
  ]);
});

test('a route whose interface is missing waits for it; several hops go on without it', async t => {
  const { routes, asked, troubles, owner, settle } = await setUp();
  const missing = { gateway: null, interface: 'eth7', weight: 1 };
  routes.hold(owner, [{ ...ROUTE, hops: [missing] }], []);
  await settle();
  t.deepEqual(asked, []);
  t.deepEqual(troubles, ['the route to 192.0.2.0/24 lacks an interface']);
  routes.hold(owner, [{ ...ROUTE, hops: [missing, ...ROUTE.hops] }], []);
  await settle();
  t.deepEqual(asked, ['+route']);
});

test('what is gone already when it is removed is no trouble', async t => {
  const { routes, troubles, owner, settle } = await setUp(type => (type.startsWith('-') ? 3 : 0));
  routes.hold(owner, [ROUTE], []);
  routes.leave(owner);
  await settle();
  t.deepEqual(troubles, []);
});
