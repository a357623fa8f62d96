// Hundreds of virtual addresses: they are set, renewed, announced and taken off, and no advertisement is late for it.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { createSegment, ip, type Station } from './vrrp/segment.ts';
import { stanza } from './vrrp/stanzas.ts';
import { Tap } from './vrrp/tap.ts';
import { instance } from './vrrp/watch.ts';

const ADVERTISED = Array.from({ length: 200 }, (_, position) => `10.9.1.${position + 1}`);
const EXCLUDED = Array.from({ length: 200 }, (_, position) => `2001:db8:9::1:${position + 1}/64`);
const COUNT = ADVERTISED.length + EXCLUDED.length;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** How many of them a station has. */
function count({ name }: Station): number {
  const shown = ip('-n', name, '-o', 'address', 'show', 'dev', 'va');
  return shown.match(/ (10\.9\.1\.\d+|2001:db8:9::1:[0-9a-f]+)\//g)?.length ?? 0;
}

test('200 addresses of each family at 10 advertisements a second', async t => {
  t.timeout(120_000);
  const { hub, stations } = createSegment(2);
  const [one, other] = stations as [Station, Station];
  const config = (priority: number) =>
    stanza({ priority, addresses: ADVERTISED, excluded: EXCLUDED, interval: 0.1 });
  const announcements = new Tap(t, hub, 'bridge', 'arp or icmp6');
  await announcements.started();
  const master = new Director(t, binary, one, config(150));
  await until(
    () => count(one),
    each => each === COUNT,
  );
  const backup = new Director(t, binary, other, config(100));
  await until(
    () => instance(backup),
    ({ master: known, counters }) => known !== null && counters.received > 60,
  );
  // Longer than any lifetime, and not an interval of silence that was too long.
  t.is(count(one), COUNT);
  t.is(count(other), 0);
  t.like(await instance(backup), { state: 'BACKUP', trouble: null, counters: { becameMaster: 0 } });
  t.like(await instance(master), { state: 'MASTER', trouble: null, counters: { becameMaster: 1 } });
  await announcements.seen(new RegExp(`tell ${ADVERTISED.at(-1)}`));
  await announcements.seen(/neighbor advertisement, tgt is 2001:db8:9::1:200/);

  const from = announcements.lines.length;
  master.signal('SIGTERM');
  t.is(await master.ended, 0);
  t.is(count(one), 0);
  await until(
    () => count(other),
    each => each === COUNT,
  );
  await announcements.seen(new RegExp(`${other.hardware}.*tell ${ADVERTISED.at(-1)}`), 1, from);
});
