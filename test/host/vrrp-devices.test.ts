// Addresses on other interfaces than the advertisements', and what the state of either means.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { has, type Station } from './vrrp/segment.ts';
import { stanza } from './vrrp/stanzas.ts';
import { Tap } from './vrrp/tap.ts';
import { createTwoSided, INSIDE, OUTSIDE } from './vrrp/two-sided.ts';
import { instance } from './vrrp/watch.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

test('an address on another interface (dev) needs that interface, unless it is not tracked', async t => {
  const { stations, setInnerCable } = createTwoSided(2);
  const [one, other] = stations as [Station, Station];
  const strict = [OUTSIDE, `${INSIDE} dev vi`];
  const master = new Director(t, binary, one, stanza({ priority: 150, addresses: strict }));
  await master.line(/entering MASTER/);
  const lenient = [OUTSIDE, `${INSIDE} dev vi no_track`];
  const backup = new Director(t, binary, other, stanza({ priority: 100, addresses: lenient }));
  await until(
    () => instance(backup),
    status => status.master !== null,
  );
  t.true(has(one, INSIDE));
  setInnerCable(one, false);
  await master.line(/entering FAULT: interface vi: down/);
  await backup.line(/entering MASTER/);
  await until(
    () => has(other, INSIDE) && !has(one, INSIDE),
    yes => yes,
  );
  setInnerCable(other, false);
  setInnerCable(one, true);
  await backup.line(/entering BACKUP/);
  t.is((await instance(backup)).counters.becameMaster, 1);
  t.deepEqual((await instance(backup)).faults, []);
});

test('with dont_track_primary a master stays master without its cable', async t => {
  const { stations, setCable } = createTwoSided(1);
  const [one] = stations as [Station];
  const lines = ['dont_track_primary', 'track_interface {\n vi\n }'];
  const director = new Director(t, binary, one, stanza({ priority: 150, addresses: [OUTSIDE], lines }));
  await director.line(/entering MASTER/);
  setCable(one, false);
  const { counters } = await instance(director);
  const status = await until(
    () => instance(director),
    later => later.counters.sent > counters.sent + 20,
  );
  t.is(status.state, 'MASTER');
  t.true(has(one, OUTSIDE));
});

test('garp_extra_if announces on the other interfaces only', async t => {
  const { stations, hub } = createTwoSided(1);
  const [one] = stations as [Station];
  const outer = new Tap(t, hub, 'bridge', 'arp');
  const inner = new Tap(t, hub, 'inner', 'arp');
  await Promise.all([outer.started(), inner.started()]);
  const lines = ['garp_extra_if all 1', 'garp_master_delay 0', 'garp_master_repeat 1'];
  const addresses = [OUTSIDE, `${INSIDE} dev vi`];
  const director = new Director(t, binary, one, stanza({ priority: 150, addresses, lines }));
  await director.line(/entering MASTER/);
  await inner.seen(new RegExp(`who-has ${INSIDE} .*tell ${INSIDE}`), 4);
  t.is((await outer.seen(new RegExp(`tell ${OUTSIDE}`))).length, 1);
});

test('linkbeat_interfaces believes the carrier of an interface that has no PHY', async t => {
  const { stations, setCable } = createTwoSided(1);
  const [one] = stations as [Station];
  const config = `linkbeat_interfaces {\n va\n }\n${stanza({ priority: 150, addresses: [OUTSIDE] })}`;
  const director = new Director(t, binary, one, config);
  await director.line(/va has no PHY that answers/);
  await director.line(/entering MASTER/);
  setCable(one, false);
  await director.line(/entering FAULT: the interface is down/);
  await until(
    () => has(one, OUTSIDE),
    yes => !yes,
  );
  t.pass();
});
