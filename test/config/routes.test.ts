// Virtual routes and rules, and what keepalived sets on the machine itself.
import test from 'ava';
import { goodConfig, instance, load, problemsOf } from './support.ts';

const routesOf = (line: string) => goodConfig(instance(`virtual_routes {\n${line}\n}`)).vrrpInstances[0]!;
const routeOf = (line: string) => routesOf(line).virtualRoutes[0]!;
const ruleOf = (line: string) =>
  goodConfig(instance(`virtual_rules {\n${line}\n}`)).vrrpInstances[0]!.virtualRules[0]!;
const routeProblems = (line: string) => problemsOf(instance(`virtual_routes {\n${line}\n}`));
const ruleProblems = (line: string) => problemsOf(instance(`virtual_rules {\n${line}\n}`));

const PLAIN = {
  kind: 'unicast',
  destination: { address: '198.51.100.0', prefix: 24 },
  hops: [{ gateway: '192.0.2.254', interface: null, weight: 1 }],
  source: null,
  table: 254,
  metric: 0,
  scope: null,
  mtu: null,
};

test('a route through a gateway', t => {
  t.deepEqual(routeOf('198.51.100.0/24 via 192.0.2.254'), PLAIN);
  t.deepEqual(routeOf('to 198.51.100.0/24 gw 192.0.2.254'), PLAIN);
  t.deepEqual(routeOf('198.51.100.7/24 via 192.0.2.254'), PLAIN);
});

test('a route with everything', t => {
  const line =
    'src 192.0.2.1 to 198.51.100.0/24 via 192.0.2.254 dev eth1 table 100 metric 7 scope link mtu lock 1400';
  t.deepEqual(load(instance(`virtual_routes {\n${line}\n}`)).config?.vrrpInstances[0]?.virtualRoutes[0], {
    ...PLAIN,
    hops: [{ gateway: '192.0.2.254', interface: 'eth1', weight: 1 }],
    source: '192.0.2.1',
    table: 100,
    metric: 7,
    scope: 253,
    mtu: 1400,
  });
  t.deepEqual(routeProblems(line), ['8:93 warning: lock has no effect here']);
});

test('default routes of both families, by gateway or by word', t => {
  t.deepEqual(routeOf('default via 192.0.2.254').destination, { address: '0.0.0.0', prefix: 0 });
  t.deepEqual(routeOf('0.0.0.0/0 via 192.0.2.254 table 100').destination, { address: '0.0.0.0', prefix: 0 });
  t.deepEqual(routeOf('default via 2001:db8::1').destination, { address: '::', prefix: 0 });
  t.deepEqual(routeOf('inet6 default dev eth1').destination, { address: '::', prefix: 0 });
});

test('several hops, in the old words and the new ones', t => {
  t.deepEqual(routeOf('198.51.100.0/24 via 192.0.2.254 or 192.0.2.253 dev eth0').hops, [
    { gateway: '192.0.2.254', interface: null, weight: 1 },
    { gateway: '192.0.2.253', interface: 'eth0', weight: 1 },
  ]);
  t.deepEqual(
    routeOf('198.51.100.0/24 nexthop via 192.0.2.254 dev eth0 weight 2 nexthop dev eth1 weight 256').hops,
    [
      { gateway: '192.0.2.254', interface: 'eth0', weight: 2 },
      { gateway: null, interface: 'eth1', weight: 256 },
    ],
  );
});

test('routes that discard', t => {
  for (const kind of ['blackhole', 'unreachable', 'prohibit'] as const) {
    t.deepEqual(routeOf(`${kind} 198.51.100.0/24`), { ...PLAIN, kind, hops: [] });
  }
});

test('an instance minds the interfaces of its routes and rules, unless told', t => {
  const tracked = (line: string) => routesOf(line).tracks.interfaces.map(({ name }) => name);
  t.deepEqual(tracked('198.51.100.0/24 via 192.0.2.254 dev eth1'), ['eth1']);
  t.deepEqual(tracked('198.51.100.0/24 via 192.0.2.254 dev eth0'), []);
  t.deepEqual(tracked('198.51.100.0/24 dev eth1 no_track'), []);
  const ruled = goodConfig(instance('virtual_rules {\niif eth1 oif eth2 table 100 preference 7\n}'));
  t.deepEqual(ruled.vrrpInstances[0]?.tracks.interfaces, [
    { name: 'eth1', weight: null, reverse: false },
    { name: 'eth2', weight: null, reverse: false },
  ]);
});

test('what is wrong with a route', t => {
  t.deepEqual(routeProblems('via 192.0.2.254'), ['8:1 error: the route leads nowhere']);
  t.deepEqual(routeProblems('198.51.100.0/24'), [
    '8:1 error: the route has neither a gateway (via) nor an interface (dev)',
  ]);
  t.deepEqual(routeProblems('blackhole 198.51.100.0/24 dev eth0'), [
    '8:1 error: a blackhole route has no gateway or interface',
  ]);
  t.deepEqual(routeProblems('198.51.100.0/24 nexthop weight 2'), [
    '8:1 error: a nexthop has neither a gateway (via) nor an interface (dev)',
  ]);
  t.deepEqual(routeProblems('2001:db8:1::/48 via 192.0.2.254'), ['8:1 error: the route mixes IPv4 and IPv6']);
  t.deepEqual(routeProblems('198.51.100.0/24 203.0.113.0/24 dev eth0'), [
    '8:17 error: "203.0.113.0/24" is nothing that a route takes',
  ]);
  t.deepEqual(routeProblems('198.51.100.0/24 dev eth0 tos 4'), ['8:26 error: tos is not supported']);
  t.deepEqual(routeProblems('198.51.100.0/24 dev eth0 initcwnd 4'), [
    '8:26 warning: initcwnd has no effect here',
  ]);
  t.deepEqual(routeProblems('198.51.100.0/24 dev eth0 metric 5\n198.51.100.0/24 dev eth1 metric 5'), [
    '9:1 warning: a route for the same is listed above',
  ]);
});

test('rules with all that they can choose by', t => {
  t.deepEqual(
    ruleOf('from 192.0.2.0/24 to 198.51.100.9 iif eth0 oif eth1 fwmark 0x10/0xff table main priority 1000'),
    {
      family: 4,
      from: { address: '192.0.2.0', prefix: 24 },
      to: { address: '198.51.100.9', prefix: 32 },
      inInterface: 'eth0',
      outInterface: 'eth1',
      mark: { value: 16, mask: 255 },
      priority: 1000,
      action: { kind: 'table', table: 254 },
    },
  );
  t.deepEqual(ruleOf('from 2001:db8::/32 blackhole preference 9').action, { kind: 'blackhole' });
  t.is(ruleOf('from 2001:db8::/32 blackhole preference 9').family, 6);
  t.is(ruleOf('inet6 iif eth1 lookup 7 preference 9').family, 6);
});

test('what is wrong with a rule', t => {
  t.deepEqual(ruleProblems('from 192.0.2.0/24 table 100'), [
    '8:1 warning: the place of the rule among the others is left to the kernel',
  ]);
  t.deepEqual(ruleProblems('from 192.0.2.0/24 to 2001:db8::/32 table 1 preference 5'), [
    '8:1 error: the rule mixes IPv4 and IPv6',
  ]);
  t.deepEqual(ruleProblems('from 192.0.2.0/24 goto 5 preference 5'), ['8:19 error: goto is not supported']);
});

test('static addresses and routes are those of interface blocks', t => {
  const text =
    'static_ipaddress {\n192.0.2.11/24 dev eth1\n192.0.2.12/24\n}\nstatic_routes {\ndefault via 192.0.2.254 dev eth1\n}\n';
  t.deepEqual(goodConfig(text).interfaces, [
    {
      name: 'eth1',
      addresses: [{ address: '192.0.2.11', prefix: 24 }],
      routes: [{ destination: { address: '0.0.0.0', prefix: 0 }, gateway: '192.0.2.254' }],
    },
    { name: 'eth0', addresses: [{ address: '192.0.2.12', prefix: 24 }], routes: [] },
  ]);
  t.is(goodConfig(`global_defs {\ndefault_interface eth7\n}\n${text}`).interfaces[1]?.name, 'eth7');
});

test('what a static route cannot say is refused', t => {
  t.deepEqual(problemsOf('static_routes {\n198.51.100.0/24 dev eth0 table 7\n}\n'), [
    '2:1 error: a static route has a destination, a gateway (via) and an interface (dev) only',
  ]);
  t.deepEqual(problemsOf('static_rules {\nfrom 198.51.100.0/24 table 7\n}\n'), [
    '1:1 error: static_rules is not supported',
  ]);
});
