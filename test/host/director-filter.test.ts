// The director's filter rules and kernel settings on the real binary: set, kept right, and taken away at the end.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { INSTANCE, INTERFACE, service, TCP_CHECK } from './director/configs.ts';
import { buildDirector, createPlace, Director, inside, until } from './director/director.ts';

const CONFIG = `${INTERFACE}${INSTANCE.replace('virtual_router_id', 'no_accept\n  virtual_router_id')}${service(
  {
    address: '10.9.0.2',
    check: TCP_CHECK,
  },
)}
masquerade 10.9.0.0/24 {
  interface va
}
mark 7 {
  protocol TCP
  destination 10.9.0.100
  port 443
}
`;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

test('rules and settings are set, put right and taken away', async t => {
  const place = createPlace();
  const rules = () => inside(place.name, '/usr/sbin/nft', 'list', 'ruleset');
  const setting = (name: string) => inside(place.name, 'sysctl', '-n', name).trim();
  const director = new Director(t, binary, place, CONFIG);
  await director.line(/entering MASTER/);
  const before = rules();
  t.regex(before, /masquerade/);
  t.regex(before, /mark set 0x0*7/);
  t.regex(before, /drop/);
  t.is(setting('net.ipv4.ip_forward'), '1');
  t.is(setting('net.ipv4.conf.va.send_redirects'), '0');

  inside(place.name, '/usr/sbin/nft', 'flush', 'ruleset');
  inside(place.name, 'sysctl', '-w', 'net.ipv4.ip_forward=0');
  await until(rules, text => text === before);
  await until(
    () => setting('net.ipv4.ip_forward'),
    value => value === '1',
  );
  const { repairs } = await director.status();
  t.true(repairs.filter > 0);
  t.is(repairs.kernel, 1);

  const plan = await director.console('reload', director.write('less.conf', INTERFACE + INSTANCE));
  t.regex(plan.output, /filter\n(?: {2}delete .*\n)+/);
  t.is(rules(), '');
  await director.console('reload');
  t.is(rules(), before);
  await director.console('stop');
  t.is(rules(), '');
});

test('with no_accept excluded addresses take no packets either', async t => {
  const place = createPlace();
  const excluded = 'virtual_ipaddress_excluded {\n10.9.0.101/24\n}\n  virtual_router_id';
  const director = new Director(t, binary, place, CONFIG.replace('virtual_router_id', excluded));
  await director.line(/entering MASTER/);
  await until(
    () => director.addresses(),
    addresses => addresses.includes('10.9.0.101/24'),
  );
  t.regex(inside(place.name, '/usr/sbin/nft', 'list', 'ruleset'), /10\.9\.0\.101/);
});
