import test from 'ava';
import type { RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { desiredTable, type ServedService } from '../../src/director/ipvs/desired.ts';
import { dns6, http, mark, plain } from './tables.ts';

function server(
  address: string,
  state: 'starting' | 'up' | 'down',
  rest: Partial<RealServerConfig> = {},
): ServedService['servers'][number] {
  const config: RealServerConfig = { address, port: 80, weight: 1, forwarding: 'DR', checks: [], ...rest };
  return { config, state: { state } };
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

test('only servers that are up are in the table', t => {
  const table = desiredTable([
    served(
      {},
      server('10.0.0.11', 'up', { weight: 3 }),
      server('10.0.0.12', 'starting'),
      server('10.0.0.13', 'down'),
    ),
  ]);
  t.deepEqual([...table.keys()], ['TCP 10.0.0.80:80']);
  t.deepEqual(
    [...table.get('TCP 10.0.0.80:80')!.destinations.values()],
    [
      {
        address: '10.0.0.11',
        port: 80,
        forwarding: 'DR',
        weight: 3,
        upperThreshold: 0,
        lowerThreshold: 0,
        tunnel: null,
      },
    ],
  );
});

test('a service without a server that is up stays in the table', t => {
  t.is(desiredTable([served({}, server('10.0.0.11', 'down'))]).get('TCP 10.0.0.80:80')!.destinations.size, 0);
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

test('tunnelled servers get IP in IP', t => {
  const table = desiredTable([served({}, server('2001:db8::11', 'up', { forwarding: 'TUN' }))]);
  const [tunnelled] = table.get('TCP 10.0.0.80:80')!.destinations.values();
  t.deepEqual(tunnelled!.tunnel, { type: 'ipip', port: 0, flags: 0 });
  t.deepEqual([...table.get('TCP 10.0.0.80:80')!.destinations.keys()], ['[2001:db8::11]:80']);
});

test('nothing configured is an empty table', t => {
  t.deepEqual(plain(desiredTable([])), []);
});
