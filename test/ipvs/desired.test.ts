import test from 'ava';
import type { RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { describe } from '../../src/director/ipvs/describe.ts';
import {
  desiredEntries,
  desiredTable,
  replaceEntries,
  type ServedService,
} from '../../src/director/ipvs/desired.ts';
import { plan } from '../../src/director/ipvs/plan.ts';
import { serviceId } from '../../src/director/ipvs/table.ts';
import { destination, dns6, http, mark, plain } from './tables.ts';

function server(
  address: string,
  weight: number | null,
  rest: Partial<RealServerConfig> = {},
): ServedService['servers'][number] {
  return { config: { address, port: 80, weight: 7, forwarding: 'DR', checks: [], ...rest }, weight };
}

function served(
  rest: Partial<VirtualServerConfig>,
  ...servers: ServedService['servers'][number][]
): ServedService {
  const config = {
    key: http,
    scheduler: 'wlc',
    persistenceTimeout: null,
    realServers: [],
  };
  return { config: { ...config, ...rest } as VirtualServerConfig, servers };
}

test('only servers with a weight are in the table, and with that weight', t => {
  const table = desiredTable([
    served({}, server('10.0.0.11', 3), server('10.0.0.12', null), server('10.0.0.13', 0)),
  ]);
  t.deepEqual([...table.keys()], ['TCP 10.0.0.80:80']);
  t.deepEqual(
    [...table.get('TCP 10.0.0.80:80')!.destinations.values()],
    [destination('10.0.0.11', { weight: 3 }), destination('10.0.0.13', { weight: 0 })],
  );
});

test('a service without a server stays in the table', t => {
  t.is(desiredTable([served({}, server('10.0.0.11', null))]).get('TCP 10.0.0.80:80')!.destinations.size, 0);
});

test('a group is one service for each of its keys, with the same destinations', t => {
  const group = { name: 'web', keys: [http, { ...http, port: 443 }, mark] };
  const table = desiredTable([served({ group }, server('10.0.0.11', 1))]);
  t.deepEqual([...table.keys()], ['TCP 10.0.0.80:80', 'TCP 10.0.0.80:443', 'fwmark 7 IPv4']);
  t.is(new Set([...table.values()].map(entry => entry.destinations)).size, 1);
});

test('only what is replaced is another object', t => {
  const other = served({ key: dns6 }, server('2001:db8::11', 1));
  const before = desiredTable([served({}, server('10.0.0.11', 1)), other]);
  const after = replaceEntries(before, desiredEntries(served({}, server('10.0.0.11', 2))));
  t.is(after.get(serviceId(dns6)), before.get(serviceId(dns6)));
  t.deepEqual(plan(after, before).map(describe), [
    'change 10.0.0.11:80 of TCP 10.0.0.80:80: weight 1 becomes 2',
  ]);
});

test('flags of the scheduler and one-packet scheduling are those of the kernel', t => {
  const flags = (rest: Partial<VirtualServerConfig>) =>
    desiredTable([served({ ...rest, scheduler: 'mh' })]).get('TCP 10.0.0.80:80')!.service.flags;
  t.is(flags({}), 0);
  t.is(flags({ schedulerFlags: 1 }), 8);
  t.is(flags({ schedulerFlags: 7 }), 56);
  t.is(flags({ schedulerFlags: 2, onePacket: true }), 20);
});

test('granularity and engine of persistence are as configured', t => {
  const [entry] = desiredTable([
    served({ persistenceTimeout: 60, persistenceGranularity: 24, persistenceEngine: 'sip' }),
  ]).values();
  t.deepEqual(entry!.service.persistence, { timeout: 60, granularity: 24, engine: 'sip' });
});

test('thresholds of a server are as configured', t => {
  const [entry] = desiredTable([
    served({}, server('10.0.0.11', 1, { upperThreshold: 100, lowerThreshold: 50 })),
  ]).values();
  t.deepEqual(
    [...entry!.destinations.values()],
    [destination('10.0.0.11', { upperThreshold: 100, lowerThreshold: 50 })],
  );
});

test('persistence takes single clients together, in either family', t => {
  const table = desiredTable([
    served({ persistenceTimeout: 300 }),
    served({ key: dns6, persistenceTimeout: 60 }),
    served({ key: { kind: 'fwmark', mark: 7, family: 6 }, persistenceTimeout: 50 }),
    served({ key: mark, persistenceTimeout: 50 }),
  ]);
  t.deepEqual(
    [...table.values()].map(entry => entry.service.persistence),
    [
      { timeout: 300, granularity: 32, engine: null },
      { timeout: 60, granularity: 128, engine: null },
      { timeout: 50, granularity: 128, engine: null },
      { timeout: 50, granularity: 32, engine: null },
    ],
  );
});

test('tunnelled servers get IP in IP unless something else is configured', t => {
  const tunnelOf = (rest: Partial<RealServerConfig>) => {
    const [entry] = desiredTable([served({}, server('2001:db8::11', 1, rest))]).values();
    t.deepEqual([...entry!.destinations.keys()], ['[2001:db8::11]:80']);
    return entry!.destinations.get('[2001:db8::11]:80')!.tunnel;
  };
  t.deepEqual(tunnelOf({ forwarding: 'TUN' }), { type: 'ipip', port: 0, flags: 0 });
  const gre = { type: 'gre', port: 0, checksum: 'plain' } as const;
  t.deepEqual(tunnelOf({ forwarding: 'TUN', tunnel: gre }), { type: 'gre', port: 0, flags: 1 });
  const gue = { type: 'gue', port: 6080, checksum: 'remote' } as const;
  t.deepEqual(tunnelOf({ forwarding: 'TUN', tunnel: gue }), { type: 'gue', port: 6080, flags: 2 });
  t.deepEqual(tunnelOf({ forwarding: 'TUN', tunnel: { ...gue, checksum: 'none' } })!.flags, 0);
  t.is(tunnelOf({ forwarding: 'NAT', tunnel: gue }), null);
});

test('nothing configured is an empty table', t => {
  t.deepEqual(plain(desiredTable([])), []);
});
