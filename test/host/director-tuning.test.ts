// Tuning and what is told of the hardware, on the real binary: in a network namespace, where there is nothing that could be tuned.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { validate } from '../schemas/validate.ts';
import { INSTANCE, INTERFACE } from './director/configs.ts';
import { buildDirector, createPlace, Director, inside, until } from './director/director.ts';

const SETTING = 'net.ipv4.conf.va.send_redirects';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

test('what neither kernel nor driver can do is said, and everything else goes on', async t => {
  const tuning = 'tuning {\nexpire_nodest_conn 1\nconn_tab_bits 12\ninterface va {\nrx_ring 256\n}\n}\n';
  const place = createPlace();
  const director = new Director(t, binary, place, INTERFACE + INSTANCE + tuning);
  await director.line(/entering MASTER/);
  const { notes: said, troubles, repairs } = await director.status();
  t.false(troubles.some(trouble => trouble.startsWith('tuning')));
  t.true(said.includes('tuning: ip_vs.conn_tab_bits=12: active after the next boot, once it is committed'));
  // A kernel with IPVS has the setting, and then it is set.
  const isThere = inside(place.name, 'ls', '/proc/sys/net/ipv4').includes('vs');
  const absent = 'tuning: net.ipv4.vs.expire_nodest_conn = 1: this kernel has no such setting';
  t.is(said.includes(absent), !isThere);
  t.true(said.some(trouble => /^tuning: va rx_ring = 256: unsupported, it has no driver$/.test(trouble)));
  t.is(repairs.tuning, 0);
  t.is(inside(place.name, 'sysctl', '-n', SETTING).trim(), '0');
  const { output } = await director.console('plan', director.write('less.conf', INTERFACE + INSTANCE));
  t.notRegex(output, /^tuning$/m);
  await director.console('reload', director.write('less.conf', INTERFACE + INSTANCE));
  await until(
    () => director.status(),
    status => status.notes.length === 0,
  );
});

test('hardware and capacity follow their schemas', async t => {
  const director = new Director(t, binary, createPlace(), INTERFACE + INSTANCE);
  await director.line(/entering MASTER/);
  t.deepEqual(validate('hardware', await director.json('hardware')), []);
  t.deepEqual(validate('capacity', await director.json('capacity', '300', '150', '--board', 'net4801')), []);
});
