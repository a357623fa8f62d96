// The last will: what a director's peers hear when its vrrp process dies or wedges, and what it does when it is back.
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { type GroupOptions, group, VIP } from './vrrp/configs.ts';
import { createSegment, ip, type Station } from './vrrp/segment.ts';
import { Tap } from './vrrp/tap.ts';
import { becomes, instance } from './vrrp/watch.ts';

/** A dialect, and further lines of the instance. */
interface Form extends Omit<GroupOptions, 'priority'> {
  /** Of the instance with the unicast peer `other`. */
  extra?(other: Station): string;
  /** `virtual_ipaddress_excluded` */
  readonly excluded?: readonly string[];
}

const V2: Form = { version: 2, interval: 1 };
const V3: Form = { version: 3, interval: 0.1 };

const FORMS: Readonly<Record<string, Form>> = {
  'version 3': V3,
  'version 2': V2,
  'version 2 with a password': {
    ...V2,
    extra: () => 'authentication {\n    auth_type PASS\n    auth_pass secret\n  }',
  },
  'version 3 signed': { ...V3, extra: () => `auth_hmac {\n    key 1 hex:${'5a'.repeat(32)}\n  }` },
  'version 3 with the checksum of the RFC': { ...V3, extra: () => 'vrrp_checksum rfc9568' },
  'version 2 by unicast': { ...V2, extra: other => `unicast_peer {\n    ${other.address}\n  }` },
  'version 3 by unicast, with another TTL': {
    ...V3,
    extra: other => `unicast_ttl 7\n  unicast_peer {\n    ${other.address} min_ttl 7 max_ttl 7\n  }`,
  },
  'version 3 on IPv6': { ...V3, addresses: ['fe80::100/64', '2001:db8:9::100/64'] },
  'version 3 with a virtual MAC': { ...V3, extra: () => 'use_vmac' },
  'version 3 to another group, with excluded addresses': {
    ...V3,
    extra: () => 'mcast_dst_ip 224.0.0.77',
    excluded: ['10.9.0.102'],
  },
};

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

interface Pair {
  readonly hub: string;
  readonly one: Station;
  readonly other: Station;
  /** Priority 150. */
  readonly master: Director;
  /** Priority 100. */
  readonly backup: Director;
}

async function startPair(t: ExecutionContext, form: Form): Promise<Pair> {
  const { hub, stations } = createSegment(2);
  const [one, other] = stations as [Station, Station];
  const master = new Director(t, binary, one, config(form, 150, other));
  await master.line(/entering MASTER/);
  const backup = new Director(t, binary, other, config(form, 100, one));
  await until(
    () => instance(backup),
    ({ master: known }) => known?.priority === 150,
  );
  return { hub, one, other, master, backup };
}

function config(form: Form, priority: number, peer: Station): string {
  const lines = [form.extra?.(peer) ?? ''];
  if (form.excluded) lines.push(`virtual_ipaddress_excluded {\n    ${form.excluded.join('\n    ')}\n  }`);
  return group({ ...form, priority }).replace('virtual_ipaddress', `${lines.join('\n')}\nvirtual_ipaddress`);
}

/** The addresses that a master has on its interface. */
function virtualsOf({ addresses = [VIP], excluded = [] }: Form): string[] {
  return [...addresses, ...excluded].map(address => address.split('/')[0]!);
}

/** Waits until all of these addresses are on a station, or none of them is. */
async function has(station: Station, addresses: readonly string[], wanted = true): Promise<void> {
  await until(
    () => ip('-n', station.name, '-o', 'address', 'show'),
    shown => addresses.every(address => shown.includes(` ${address}/`) === wanted),
  );
}

for (const [title, form] of Object.entries(FORMS)) {
  test(`${title}: when vrrp is killed the supervisor says goodbye for it and the peer is master`, async t => {
    const { one, other, master, backup } = await startPair(t, form);
    const from = master.length;
    process.kill(await master.pid('vrrp'), 'SIGKILL');
    await backup.line(/entering MASTER/);
    const addresses = virtualsOf(form);
    await has(other, addresses);
    await has(one, addresses, false);
    const { counters, trouble } = await becomes(backup, status => status.counters.priorityZeroReceived > 0);
    t.like(counters, { priorityZeroReceived: 1, discarded: 0 });
    t.is(trouble, null);
    await master.line(/said goodbye for web/, from);
    await master.line(/entering BACKUP/, from);
  });
}

test('with use_vmac the last will comes from the virtual MAC, whose interface goes with the address', async t => {
  const { hub, one, master, backup } = await startPair(t, { ...V3, extra: () => 'use_vmac' });
  // The priority is the third byte of the message.
  const tap = new Tap(t, hub, 'bridge', 'ip proto 112 and ip[22] == 0');
  await tap.started();
  process.kill(await master.pid('vrrp'), 'SIGKILL');
  await tap.seen(/^00:00:5e:00:01:33 > .* 10\.9\.0\.1 > 224\.0\.0\.18/, 1);
  await backup.line(/entering MASTER/);
  await until(
    () => ip('-n', one.name, 'link', 'show', 'up'),
    shown => !shown.includes('vrrp.51'),
  );
  t.pass();
});

test('who was killed as master does not preempt its successor for half a minute', async t => {
  const { one, master, backup } = await startPair(t, V3);
  const from = master.length;
  process.kill(await master.pid('vrrp'), 'SIGKILL');
  await backup.line(/entering MASTER/);
  await master.line(/no master is preempted for 30 s/, from);
  await until(
    () => instance(master),
    ({ state, counters }) => state === 'BACKUP' && counters.received > 20,
  );
  t.is((await instance(backup)).state, 'MASTER');
  await backup.line(/entering BACKUP: 10\.9\.0\.1 has priority 150/);
  await has(one, [VIP]);
});

test('a wedged vrrp process is killed, and the supervisor says goodbye for it', async t => {
  const { one, other, master, backup } = await startPair(t, V2);
  process.kill(await master.pid('vrrp'), 'SIGSTOP');
  await backup.line(/entering MASTER/);
  await has(other, [VIP]);
  await has(one, [VIP], false);
  t.is((await instance(backup)).counters.priorityZeroReceived, 1);
});

test('a vrrp process that was backup leaves no will and comes back without a hold-down', async t => {
  const { master, backup } = await startPair(t, V3);
  const from = backup.length;
  process.kill(await backup.pid('vrrp'), 'SIGKILL');
  await backup.line(/entering BACKUP/, from);
  await until(
    () => instance(backup),
    ({ counters }) => counters.received > 5,
  );
  t.is(await Promise.race([backup.line(/no master is preempted/, from), null]), null);
  t.is((await instance(master)).counters.priorityZeroReceived, 0);
});
