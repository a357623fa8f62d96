// Tables for tests: by hand, and at random from a seed.
import type { ServiceKey } from '../../src/director/config/config.ts';
import type { IpvsChange } from '../../src/director/ipvs/plan.ts';
import {
  destinationId,
  type IpvsDestination,
  type IpvsService,
  type IpvsTable,
  serviceId,
  tableOf,
} from '../../src/director/ipvs/table.ts';

export function service(key: ServiceKey, rest: Partial<IpvsService> = {}): IpvsService {
  return { key, scheduler: 'wlc', flags: 0, persistence: null, ...rest };
}

export function destination(address: string, rest: Partial<IpvsDestination> = {}): IpvsDestination {
  return {
    address,
    port: 80,
    forwarding: 'DR',
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
    ...rest,
  };
}

export const http: Extract<ServiceKey, { kind: 'address' }> = {
  kind: 'address',
  protocol: 'TCP',
  address: '10.0.0.80',
  port: 80,
};
export const dns6: ServiceKey = { kind: 'address', protocol: 'UDP', address: '2001:db8::53', port: 53 };
export const mark: ServiceKey = { kind: 'fwmark', mark: 7, family: 4 };

const keys: ServiceKey[] = [
  http,
  { ...http, port: 443 },
  { ...http, protocol: 'UDP' },
  { ...http, protocol: 'SCTP' },
  { ...http, address: '10.0.0.81' },
  dns6,
  { ...dns6, address: '2001:db8::54' },
  mark,
  { ...mark, family: 6 },
  { ...mark, mark: 8 },
];

/** A table that the kernel takes, of some of the keys, small enough that two of them have much in common. */
export function randomTable(random: (limit: number) => number): IpvsTable {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
  const entries = keys
    .filter(() => random(3) > 0)
    .map(key => {
      const six = key.kind === 'fwmark' ? key.family === 6 : key.address.includes(':');
      const persistence = {
        timeout: pick([60, 300]),
        granularity: pick(six ? [64, 128] : [24, 32]),
        engine: pick([null, null, 'sip']),
      };
      return {
        service: service(key, {
          scheduler: pick(['rr', 'wlc', 'sh']),
          flags: pick([0, 0, 4, 24, 60]),
          persistence: pick([null, persistence]),
        }),
        destinations: addresses.filter(() => random(2)).map(address => randomDestination(address, six, pick)),
      };
    });
  return tableOf(entries);
}

const addresses = ['10.0.0.11', '10.0.0.12', '10.0.0.13', '2001:db8::11', '2001:db8::12'];

function randomDestination(
  address: string,
  six: boolean,
  pick: <T>(values: readonly T[]) => T,
): IpvsDestination {
  // Between the families there are only tunnels.
  const same = six === address.includes(':');
  const forwarding = same ? pick(['DR', 'NAT', 'TUN', 'LOCAL'] as const) : 'TUN';
  const upperThreshold = pick([0, 100]);
  return destination(address, {
    port: pick([80, 8080]),
    forwarding,
    weight: pick([0, 1, 5]),
    upperThreshold,
    lowerThreshold: upperThreshold && pick([0, 50]),
    tunnel: forwarding === 'TUN' ? pick(randomTunnels) : null,
  });
}

const randomTunnels = [
  { type: 'ipip', port: 0, flags: 0 },
  { type: 'gue', port: 6080, flags: 1 },
  { type: 'gre', port: 0, flags: 0 },
  { type: 'gre', port: 0, flags: 1 },
] as const;

/** What a table is after a change, as the kernel would do it; throws where the kernel would refuse. */
export function applyChange(table: IpvsTable, change: IpvsChange): IpvsTable {
  const result = new Map(table);
  const id = serviceId('service' in change ? change.service.key : change.key);
  const entry = result.get(id);
  if ((change.kind === 'add service') === (entry !== undefined)) throw new Error(`refused: ${change.kind}`);
  switch (change.kind) {
    case 'add service':
      return result.set(id, { service: change.service, destinations: new Map() });
    case 'set service':
      return result.set(id, { ...entry!, service: change.service });
    case 'delete service':
      result.delete(id);
      return result;
    default: {
      const destinations = new Map(entry!.destinations);
      const name = destinationId(change.destination);
      if ((change.kind === 'add destination') === destinations.has(name)) {
        throw new Error(`refused: ${change.kind}`);
      }
      if (change.kind === 'delete destination') destinations.delete(name);
      else destinations.set(name, change.destination);
      return result.set(id, { ...entry!, destinations });
    }
  }
}

/** The table as plain sorted values, for comparison. */
export function plain(table: IpvsTable): unknown {
  return [...table]
    .map(([id, entry]) => ({
      id,
      service: entry.service,
      destinations: [...entry.destinations].sort(([a], [b]) => (a < b ? -1 : 1)),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** As `plain`, without what only the kernel knows. */
export function plainKernel(actual: IpvsTable): unknown {
  const entries = [...actual.values()].map(({ service: wanted, destinations }) => ({
    service: wanted,
    destinations: [...destinations.values()].map(
      ({ address, port, forwarding, weight, upperThreshold, lowerThreshold, tunnel }) => ({
        address,
        port,
        forwarding,
        weight,
        upperThreshold,
        lowerThreshold,
        tunnel,
      }),
    ),
  }));
  return plain(tableOf(entries));
}
