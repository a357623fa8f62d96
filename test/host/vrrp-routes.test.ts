// Virtual routes and rules: a master has them, nobody else.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { createSegment, ip, type Station } from './vrrp/segment.ts';
import { stanza } from './vrrp/stanzas.ts';
import { crash, instance } from './vrrp/watch.ts';

const VIP = '10.9.0.100';
const ROUTES = `virtual_routes {
    192.0.2.0/24 via 10.9.0.254 src ${VIP}
    198.51.100.0/24 dev va table 100 metric 7
    203.0.113.0/24 nexthop via 10.9.0.253 weight 2 nexthop via 10.9.0.254
    blackhole 10.66.0.0/16
    2001:db8:7::/48 dev va
  }
  virtual_rules {
    from 10.66.0.0/16 table 100
    to 198.51.100.0/24 table 100 priority 77
  }`;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

function routesOf({ name }: Station): string {
  return ['-4', '-6']
    .map(family => ip('-n', name, family, 'route', 'show', 'table', 'all', 'proto', '219'))
    .join('');
}

function rulesOf({ name }: Station): string {
  return ip('-n', name, 'rule');
}

const isClean = (station: Station) => routesOf(station) === '' && !/proto 219/.test(rulesOf(station));

test('they come with mastership and go with it, by farewell and by crash', async t => {
  const { stations } = createSegment(2);
  const [one, other] = stations as [Station, Station];
  const config = (priority: number) => stanza({ priority, addresses: [VIP], lines: [ROUTES] });
  const master = new Director(t, binary, one, config(150));
  await master.line(/entering MASTER/);
  const shown = await until(
    () => routesOf(one),
    routes => routes.includes('2001:db8:7::/48'),
  );
  t.regex(shown, /192\.0\.2\.0\/24 via 10\.9\.0\.254 dev va.*src 10\.9\.0\.100/);
  t.regex(shown, /198\.51\.100\.0\/24 dev va table 100.*metric 7/);
  t.regex(
    shown,
    /203\.0\.113\.0\/24[\s\S]*via 10\.9\.0\.253 dev va weight 2[\s\S]*via 10\.9\.0\.254 dev va weight 1/,
  );
  t.regex(shown, /blackhole 10\.66\.0\.0\/16/);
  t.regex(rulesOf(one), /from 10\.66\.0\.0\/16 lookup 100 proto 219/);
  t.regex(rulesOf(one), /77:\tfrom all to 198\.51\.100\.0\/24 lookup 100 proto 219/);
  t.is((await instance(master)).trouble, null);
  const backup = new Director(t, binary, other, config(100));
  await until(
    () => instance(backup),
    status => status.master !== null,
  );
  t.true(isClean(other));
  master.signal('SIGTERM');
  await master.ended;
  t.true(isClean(one));
  await until(
    () => routesOf(other),
    routes => routes.includes('2001:db8:7::/48'),
  );
  process.kill(await backup.pid('vrrp'), 'SIGKILL');
  await until(
    () => isClean(other),
    yes => yes,
  );
});

test('after all of it was killed the next start removes them', async t => {
  const { stations } = createSegment(1);
  const [one] = stations as [Station];
  const director = new Director(t, binary, one, stanza({ priority: 150, addresses: [VIP], lines: [ROUTES] }));
  await director.line(/entering MASTER/);
  await crash(director);
  t.false(isClean(one));
  const next = new Director(t, binary, one, stanza({ priority: 150, addresses: [VIP] }));
  await next.line(/entering MASTER/);
  t.true(isClean(one));
});

test('a new configuration changes what differs, and others are left alone', async t => {
  const { stations } = createSegment(1);
  const [one] = stations as [Station];
  ip('-n', one.name, 'route', 'add', '192.0.2.0/24', 'via', '10.9.0.9');
  const director = new Director(t, binary, one, stanza({ priority: 150, addresses: [VIP], lines: [ROUTES] }));
  await director.line(/the route to 192\.0\.2\.0\/24 was there before: left as it is/);
  director.write(
    'site.conf',
    stanza({ priority: 150, addresses: [VIP], lines: ['virtual_routes { 198.18.0.0/15 dev va }'] }),
  );
  director.signal('SIGHUP');
  await until(
    () => routesOf(one),
    routes => /^198\.18\.0\.0\/15 dev va scope link *\n$/.test(routes),
  );
  await until(
    () => rulesOf(one),
    rules => !rules.includes('219'),
  );
  t.regex(ip('-n', one.name, 'route'), /192\.0\.2\.0\/24 via 10\.9\.0\.9/);
});
