// Pairs of directors, the binary of the board: on IPv6, by unicast, to other groups, from other addresses and over VLANs.
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { createSegment, has, ip, linkLocal, type Segment, type Station } from './vrrp/segment.ts';
import { type Stanza, stanza } from './vrrp/stanzas.ts';
import { instance } from './vrrp/watch.ts';

const VIP = '10.9.0.100';
const VIP6 = '2001:db8:9::100';
const LINK_VIP = 'fe80::100';
const SIX = [`${LINK_VIP}/64`, `${VIP6}/64`];

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

interface Pair extends Segment {
  readonly one: Station;
  readonly other: Station;
  readonly client: Station;
}

function segment(): Pair {
  const all = createSegment(3);
  const [one, other, client] = all.stations as [Station, Station, Station];
  return { ...all, one, other, client };
}

/** Priority 150 on `one`, 100 on `other`, which hears it; `lines` by station. */
async function start(
  t: ExecutionContext,
  { one, other }: Pair,
  options: Omit<Stanza, 'priority'>,
  lines: (self: Station, peer: Station) => readonly string[] = () => [],
) {
  const configOf = (self: Station, peer: Station, priority: number) =>
    stanza({ ...options, priority, lines: [...(options.lines ?? []), ...lines(self, peer)] });
  const master = new Director(t, binary, one, configOf(one, other, 150));
  await master.line(/entering MASTER/);
  const backup = new Director(t, binary, other, configOf(other, one, 100));
  const { master: known } = await until(
    () => instance(backup),
    status => status.state === 'BACKUP' && status.master !== null,
  );
  return { master, backup, known };
}

/** The address is at one station and not at the other. */
async function isAt(address: string, here: Station, there: Station): Promise<void> {
  await until(
    () => has(here, address) && !has(there, address),
    yes => yes,
  );
}

/** What the client has learnt of the address is where it is. */
async function isReached(client: Station, address: string, here: Station): Promise<void> {
  await until(
    () => {
      ping(client, address);
      return ip('-n', client.name, 'neighbour', 'show', address).includes(here.hardware);
    },
    yes => yes,
  );
}

function ping({ name }: Station, address: string): void {
  try {
    ip('netns', 'exec', name, 'ping', '-c', '1', '-W', '1', '-I', 'va', address);
  } catch {
    // Not yet.
  }
}

test('on IPv6 addresses move between the two, and the neighbours are told', async t => {
  const pair = segment();
  const { one, other, client } = pair;
  ip('-n', client.name, 'address', 'add', '2001:db8:9::3/64', 'dev', 'va', 'nodad');
  const source = await linkLocal(one, other, client);
  const { master, known } = await start(t, pair, { addresses: SIX });
  t.is(known?.address, source);
  await isAt(VIP6, one, other);
  await isAt(LINK_VIP, one, other);
  await isReached(client, VIP6, one);
  t.like(await instance(master), { family: 6, trouble: null });
  master.signal('SIGTERM');
  await master.ended;
  await isAt(VIP6, other, one);
  await isAt(LINK_VIP, other, one);
  await isReached(client, VIP6, other);
});

test('IPv4 and IPv6 use one virtual_router_id on one interface', async t => {
  const { one } = segment();
  await linkLocal(one);
  const both = stanza({ priority: 150, addresses: [VIP] });
  const six = stanza({ name: 'web6', priority: 150, addresses: SIX });
  const director = new Director(t, binary, one, both + six);
  await director.line(/web: entering MASTER/);
  await director.line(/web6: entering MASTER/);
  t.true(has(one, VIP));
  t.true(has(one, VIP6));
});

test('by unicast nobody else hears it', async t => {
  const pair = segment();
  const { one, other, client } = pair;
  const peers = (self: Station, peer: Station) => [
    `unicast_src_ip ${self.address}`,
    `unicast_peer { ${peer.address} }`,
    'unicast_ttl 200',
    'check_unicast_src',
  ];
  const { master, known } = await start(t, pair, { addresses: [VIP] }, peers);
  t.is(known?.address, one.address);
  const stranger = new Director(t, binary, client, stanza({ priority: 50, addresses: ['10.9.0.101'] }));
  await stranger.line(/entering MASTER/);
  t.like(await instance(stranger), { counters: { received: 0, discarded: 0 } });
  master.signal('SIGTERM');
  await master.ended;
  await isAt(VIP, other, one);
});

test('by unicast on IPv6', async t => {
  const pair = segment();
  const { one, other } = pair;
  const own = ({ address }: Station) => `2001:db8:9::${address.split('.').at(-1)}`;
  for (const each of [one, other])
    ip('-n', each.name, 'address', 'add', `${own(each)}/64`, 'dev', 'va', 'nodad');
  await linkLocal(one, other);
  const { master, known } = await start(t, pair, { addresses: SIX }, (_, peer) => [
    `unicast_peer { ${own(peer)} }`,
  ]);
  t.is(known?.address, own(one));
  master.signal('SIGTERM');
  await master.ended;
  await isAt(VIP6, other, one);
});

test('another group and another source address', async t => {
  const pair = segment();
  const { one, other, client } = pair;
  const second = ({ address }: Station) => address.replace('10.9.0.', '10.9.0.20');
  for (const each of [one, other]) ip('-n', each.name, 'address', 'add', `${second(each)}/24`, 'dev', 'va');
  const lines = (self: Station) => ['mcast_dst_ip 239.1.2.3', `mcast_src_ip ${second(self)}`];
  const { known } = await start(t, pair, { addresses: [VIP] }, lines);
  t.is(known?.address, second(one));
  const usual = new Director(t, binary, client, stanza({ priority: 50, addresses: ['10.9.0.101'] }));
  await usual.line(/entering MASTER/);
  t.like(await instance(usual), { counters: { received: 0 } });
});

test('a source address that is tracked is a fault while it is not set', async t => {
  const pair = segment();
  const { one, other } = pair;
  const lines = ({ address }: Station) => [`mcast_src_ip ${address}`, 'track_src_ip'];
  const { master } = await start(t, pair, { addresses: [VIP] }, lines);
  ip('-n', one.name, 'address', 'add', '10.9.0.77/24', 'dev', 'va');
  ip('-n', one.name, 'address', 'del', `${one.address}/24`, 'dev', 'va');
  await master.line(/entering FAULT/);
  await isAt(VIP, other, one);
  ip('-n', one.name, 'address', 'add', `${one.address}/24`, 'dev', 'va');
  await isAt(VIP, one, other);
  t.pass();
});

test('over a VLAN', async t => {
  const pair = segment();
  const { one, other } = pair;
  for (const { name, address } of [one, other]) {
    try {
      ip('-n', name, 'link', 'add', 'link', 'va', 'name', 'va.7', 'type', 'vlan', 'id', '7');
    } catch {
      t.log('skipped: this kernel has no VLANs');
      t.pass();
      return;
    }
    ip('-n', name, 'address', 'add', `${address.replace('10.9.', '10.7.')}/24`, 'dev', 'va.7');
    ip('-n', name, 'link', 'set', 'va.7', 'up');
  }
  const { master } = await start(t, pair, { addresses: ['10.7.0.100'], lines: ['interface va.7'] });
  await isAt('10.7.0.100', one, other);
  master.signal('SIGTERM');
  await master.ended;
  await isAt('10.7.0.100', other, one);
});

test('addresses carry what is configured of them, and excluded ones move along', async t => {
  const pair = segment();
  const { one, other } = pair;
  const { master } = await start(t, pair, {
    addresses: [`${VIP}/24 brd + label va:web`],
    excluded: ['10.9.0.101/32 scope link', `${VIP6}/64`],
  });
  const shown = () => ip('-n', one.name, '-o', 'address', 'show', 'dev', 'va');
  await isAt('10.9.0.101', one, other);
  await isAt(VIP6, one, other);
  t.regex(shown(), /10\.9\.0\.100\/24 brd 10\.9\.0\.255 scope global .*va:web/);
  t.regex(shown(), /10\.9\.0\.101\/32 scope link/);
  t.deepEqual((await instance(master)).virtualAddresses, [VIP]);
  master.signal('SIGTERM');
  await master.ended;
  for (const address of [VIP, '10.9.0.101', VIP6]) await isAt(address, other, one);
});
