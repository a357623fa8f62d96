// use_vmac: the virtual MAC of a group moves with its addresses, so that nobody has to learn anything anew.
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { answers, createSegment, has, ip, linkLocal, neighbour, type Station } from './vrrp/segment.ts';
import { type Stanza, stanza } from './vrrp/stanzas.ts';
import { Tap } from './vrrp/tap.ts';
import { crash, instance } from './vrrp/watch.ts';

const VIP = '10.9.0.100';
const MAC = '00:00:5e:00:01:33';
const MAC6 = '00:00:5e:00:02:33';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** Priority 150 on the first station, 100 on the second; the third is a client. */
async function start(t: ExecutionContext, options: Omit<Stanza, 'priority'>) {
  const segment = createSegment(3);
  const [one, other, client] = segment.stations as [Station, Station, Station];
  await linkLocal(one, other);
  const tap = new Tap(t, segment.hub, 'bridge', 'ip proto 112 or ip6 proto 112');
  await tap.started();
  const master = new Director(t, binary, one, stanza({ ...options, priority: 150 }));
  await master.line(/entering MASTER/);
  const backup = new Director(t, binary, other, stanza({ ...options, priority: 100 }));
  await until(
    () => instance(backup),
    status => status.state === 'BACKUP' && status.master !== null,
  );
  return { ...segment, one, other, client, tap, master, backup };
}

function linkOf({ name }: Station, link: string): string {
  try {
    return ip('-n', name, '-d', 'link', 'show', link);
  } catch {
    return '';
  }
}

/** Waits until the address is here only, and answers the client from the virtual MAC. */
async function isServed(client: Station, here: Station, there: Station): Promise<void> {
  await until(
    async () =>
      has(here, VIP) && !has(there, VIP) && (await answers(client, VIP)) && neighbour(client, VIP) === MAC,
    yes => yes,
  );
}

test('addresses, answers and advertisements are at the virtual MAC, wherever the master is', async t => {
  const { one, other, client, tap, master } = await start(t, { addresses: [VIP], lines: ['use_vmac'] });
  await isServed(client, one, other);
  t.regex(linkOf(one, 'vrrp.51'), /state UP .*group 18[\s\S]*macvlan mode private/);
  t.regex(linkOf(other, 'vrrp.51'), /state DOWN/);
  t.regex(ip('-n', one.name, 'address', 'show', 'dev', 'vrrp.51'), new RegExp(VIP));
  await tap.seen(new RegExp(`^${MAC} > .*10.9.0.1 > 224.0.0.18`), 5);
  t.deepEqual(
    tap.lines.filter(line => line.startsWith(one.hardware)),
    [],
  );

  // Its own address stays at its own MAC.
  t.true(await answers(client, one.address));
  t.is(neighbour(client, one.address), one.hardware);

  master.signal('SIGTERM');
  await master.ended;
  t.is(linkOf(one, 'vrrp.51'), '');
  await isServed(client, other, one);
  const again = new Director(
    t,
    binary,
    one,
    stanza({ priority: 150, addresses: [VIP], lines: ['use_vmac'] }),
  );
  await again.line(/entering MASTER/);
  await isServed(client, one, other);
  await crash(again);
  await isServed(client, other, one);
});

test('on IPv6', async t => {
  const addresses = ['fe80::100/64', '2001:db8:9::100/64'];
  const { one, other, client, tap, master } = await start(t, { addresses, lines: ['use_vmac vmac6'] });
  ip('-n', client.name, 'address', 'add', '2001:db8:9::3/64', 'dev', 'va', 'nodad');
  const isServed6 = (here: Station, there: Station) =>
    until(
      async () =>
        has(here, '2001:db8:9::100') &&
        !has(there, '2001:db8:9::100') &&
        (await answers(client, '2001:db8:9::100')) &&
        neighbour(client, '2001:db8:9::100') === MAC6,
      yes => yes,
    );
  await isServed6(one, other);
  await tap.seen(new RegExp(`^${MAC6} > .*ff02::12`), 5);
  master.signal('SIGTERM');
  await master.ended;
  await isServed6(other, one);
  t.pass();
});

test('with vmac_xmit_base advertisements leave from the MAC of the interface', async t => {
  const lines = ['use_vmac', 'vmac_xmit_base'];
  const { one, other, client, tap } = await start(t, { addresses: [VIP], lines });
  await isServed(client, one, other);
  await tap.seen(new RegExp(`^${one.hardware} > .*10.9.0.1 > 224.0.0.18`), 5);
  t.deepEqual(
    tap.lines.filter(line => line.startsWith(MAC)),
    [],
  );
});

test('it comes and goes with its word', async t => {
  const { one, other, client, master } = await start(t, { addresses: [VIP] });
  const reload = (...lines: string[]) => {
    master.write('site.conf', stanza({ priority: 150, addresses: [VIP], lines }));
    master.signal('SIGHUP');
  };
  reload('use_vmac');
  await isServed(client, one, other);
  reload();
  await until(
    async () =>
      linkOf(one, 'vrrp.51') === '' &&
      (await answers(client, VIP)) &&
      neighbour(client, VIP) === one.hardware,
    yes => yes,
  );
  t.like(await instance(master), { state: 'MASTER', counters: { becameMaster: 1 } });
});

test('one that somebody removes is made again', async t => {
  const { one, other, client, master } = await start(t, { addresses: [VIP], lines: ['use_vmac'] });
  await isServed(client, one, other);
  ip('-n', one.name, 'link', 'del', 'vrrp.51');
  await isServed(client, one, other);
  t.is((await instance(master)).counters.becameMaster, 1);
});

test('the owner of the addresses has it too', async t => {
  const segment = createSegment(2);
  const [one, client] = segment.stations as [Station, Station];
  const owner = new Director(
    t,
    binary,
    one,
    stanza({ priority: 255, addresses: [VIP], lines: ['use_vmac'] }),
  );
  await owner.line(/entering MASTER/);
  await isServed(client, one, client);
  t.is((await instance(owner)).trouble, null);
});
