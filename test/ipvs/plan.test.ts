import test from 'ava';
import { describe } from '../../src/director/ipvs/describe.ts';
import { type IpvsChange, plan } from '../../src/director/ipvs/plan.ts';
import { type IpvsTable, sameDestination, sameService, tableOf } from '../../src/director/ipvs/table.ts';
import { generator } from '../netlink/random.ts';
import { applyChange, destination, dns6, http, mark, plain, randomTable, service } from './tables.ts';

const web1 = destination('10.0.0.11');
const web2 = destination('10.0.0.12');

function words(desired: IpvsTable, actual: IpvsTable): string[] {
  return plan(desired, actual).map(describe);
}

test('the same table needs no change', t => {
  const table = tableOf([{ service: service(http), destinations: [web1, web2] }]);
  t.deepEqual(plan(table, table), []);
});

test('a new service comes with its servers', t => {
  const desired = tableOf([
    {
      service: service(http, { persistence: { timeout: 300, granularity: 24, engine: null } }),
      destinations: [web1],
    },
  ]);
  t.deepEqual(words(desired, new Map()), [
    'add TCP 10.0.0.80:80: wlc, persistent for 300 s by /24',
    'add 10.0.0.11:80 to TCP 10.0.0.80:80: DR, weight 1',
  ]);
});

test('servers come before others go', t => {
  const desired = tableOf([
    { service: service(http), destinations: [web2, destination('10.0.0.13', { weight: 0 })] },
  ]);
  const actual = tableOf([
    { service: service(http, { scheduler: 'rr' }), destinations: [web1, destination('10.0.0.13')] },
  ]);
  t.deepEqual(words(desired, actual), [
    'change TCP 10.0.0.80:80: rr becomes wlc',
    'add 10.0.0.12:80 to TCP 10.0.0.80:80: DR, weight 1',
    'change 10.0.0.13:80 of TCP 10.0.0.80:80: weight 1 becomes 0',
    'delete 10.0.0.11:80 of TCP 10.0.0.80:80',
  ]);
});

test('a service that nobody wants is deleted, last and with its servers', t => {
  const desired = tableOf([{ service: service(dns6), destinations: [] }]);
  const actual = tableOf([{ service: service(mark), destinations: [web1] }]);
  t.deepEqual(words(desired, actual), ['add UDP [2001:db8::53]:53: wlc', 'delete fwmark 7 IPv4']);
});

test('every property of a server is compared', t => {
  const tunnel = { type: 'gue', port: 6080, flags: 1 } as const;
  const others = [
    destination('10.0.0.11', { weight: 2 }),
    destination('10.0.0.11', { forwarding: 'NAT' }),
    destination('10.0.0.11', { upperThreshold: 5 }),
    destination('10.0.0.11', { lowerThreshold: 5 }),
    destination('10.0.0.11', { forwarding: 'TUN', tunnel }),
    destination('10.0.0.11', { forwarding: 'TUN', tunnel: { ...tunnel, port: 6081 } }),
    destination('10.0.0.11', { forwarding: 'TUN', tunnel: { ...tunnel, flags: 2 } }),
    destination('10.0.0.11', { forwarding: 'TUN', tunnel: { ...tunnel, type: 'gre' } }),
  ];
  for (const [index, one] of [web1, ...others].entries()) {
    for (const [other, two] of [web1, ...others].entries()) t.is(sameDestination(one, two), index === other);
  }
  t.is(
    words(
      tableOf([{ service: service(http), destinations: [others[4]!] }]),
      tableOf([{ service: service(http), destinations: [others[2]!] }]),
    )[0],
    'change 10.0.0.11:80 of TCP 10.0.0.80:80: DR, weight 1, thresholds 0..5 becomes ' +
      'TUN over gue to port 6080 with checksum, weight 1',
  );
});

test('flags and tunnels are told as the configuration writes them', t => {
  const words = (flags: number) =>
    describe({ kind: 'add service', service: service(http, { scheduler: 'mh', flags }) });
  t.is(words(8 | 16), 'add TCP 10.0.0.80:80: mh, flag-1, flag-2');
  t.is(words(32 | 4), 'add TCP 10.0.0.80:80: mh, flag-3, ops');
  const tunnel = (type: 'ipip' | 'gre' | 'gue', port: number, flags: number) =>
    describe({
      kind: 'add destination',
      key: http,
      destination: destination('10.0.0.11', { forwarding: 'TUN', tunnel: { type, port, flags } }),
    }).replace(/.*: /, '');
  t.is(tunnel('ipip', 0, 0), 'TUN, weight 1');
  t.is(tunnel('gre', 0, 1), 'TUN over gre with checksum, weight 1');
  t.is(tunnel('gue', 6080, 2), 'TUN over gue to port 6080 with remcsum, weight 1');
});

test('every property of a service is compared', t => {
  const persistence = { timeout: 300, granularity: 32, engine: null };
  const all = [
    service(http),
    service(http, { scheduler: 'rr' }),
    service(http, { flags: 4 }),
    service(http, { persistence }),
    service(http, { persistence: { ...persistence, timeout: 301 } }),
    service(http, { persistence: { ...persistence, granularity: 24 } }),
    service(http, { persistence: { ...persistence, engine: 'sip' } }),
  ];
  for (const one of all) for (const two of all) t.is(sameService(one, two), one === two);
  t.is(
    describe({ kind: 'add service', service: all[6]! }),
    'add TCP 10.0.0.80:80: wlc, persistent for 300 s with sip',
  );
  t.is(describe({ kind: 'add service', service: all[2]! }), 'add TCP 10.0.0.80:80: wlc, ops');
});

const SEED = Number(process.env.SEED ?? 20260102);

test('a plan turns any table into any other, exactly, minimally, and only once', t => {
  t.log(`seed ${SEED}`);
  const random = generator(SEED);
  for (let round = 0; round < 1500; round += 1) {
    const actual = randomTable(random);
    const desired = randomTable(random);
    const changes = plan(desired, actual);
    const result = changes.reduce(applyChange, actual);
    t.deepEqual(plain(result), plain(desired));
    t.is(changes.length, differences(desired, actual));
    t.deepEqual(plan(desired, result), []);
  }
});

test('carrying a plan out never leaves a service with fewer live servers than before or after', t => {
  t.log(`seed ${SEED}`);
  const random = generator(SEED + 1);
  for (let round = 0; round < 1500; round += 1) {
    const actual = randomTable(random);
    const desired = randomTable(random);
    let table = actual;
    for (const change of plan(desired, actual)) {
      table = applyChange(table, change);
      for (const [id, entry] of table) {
        if (!desired.has(id) || !actual.has(id)) continue;
        t.true(live(entry) >= Math.min(live(desired.get(id)), live(actual.get(id))));
      }
    }
  }
});

function live(entry: { destinations: ReadonlyMap<string, { weight: number }> } | undefined): number {
  return [...(entry?.destinations.values() ?? [])].filter(({ weight }) => weight > 0).length;
}

/** The least number of changes there can be: one for every entry that is missing, different or too many. */
function differences(desired: IpvsTable, actual: IpvsTable): number {
  let count = [...actual.keys()].filter(id => !desired.has(id)).length;
  for (const [id, entry] of desired) {
    const before = actual.get(id);
    if (before === undefined || !sameService(entry.service, before.service)) count += 1;
    for (const [name, wanted] of entry.destinations) {
      const present = before?.destinations.get(name);
      if (present === undefined || !sameDestination(wanted, present)) count += 1;
    }
    count += [...(before?.destinations.keys() ?? [])].filter(name => !entry.destinations.has(name)).length;
  }
  return count;
}

test('a plan never flushes: what stays is not touched', t => {
  const random = generator(SEED + 2);
  for (let round = 0; round < 300; round += 1) {
    const actual = randomTable(random);
    const desired = randomTable(random);
    const touched = (change: IpvsChange) => 'destination' in change && change.destination;
    for (const change of plan(desired, actual)) {
      if (change.kind !== 'delete destination' && change.kind !== 'delete service') continue;
      t.false(
        [...desired.values()].some(({ destinations }) =>
          [...destinations.values()].includes(touched(change) as never),
        ),
      );
    }
  }
});
