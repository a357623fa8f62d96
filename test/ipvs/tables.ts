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

/** A table of some of the keys, small enough that two of them have much in common. */
export function randomTable(random: (limit: number) => number): IpvsTable {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
  const entries = keys
    .filter(() => random(3) > 0)
    .map(key => ({
      service: service(key, {
        scheduler: pick(['rr', 'wlc', 'sh']),
        flags: pick([0, 0, 4, 24]),
        persistence: pick([
          null,
          null,
          { timeout: 300, granularity: 'family' in key && key.family === 4 ? 24 : 32, engine: null },
          { timeout: 60, granularity: 32, engine: 'sip' },
        ]),
      }),
      destinations: ['10.0.0.11', '10.0.0.12', '10.0.0.13', '2001:db8::11', '2001:db8::12']
        .filter(() => random(2))
        .map(address => {
          const forwarding = pick(['DR', 'NAT', 'TUN', 'LOCAL'] as const);
          return destination(address, {
            port: pick([80, 8080]),
            forwarding,
            weight: pick([0, 1, 5]),
            upperThreshold: pick([0, 100]),
            tunnel:
              forwarding === 'TUN'
                ? pick([
                    { type: 'ipip', port: 0, flags: 0 } as const,
                    { type: 'gue', port: 6080, flags: 1 } as const,
                  ])
                : null,
          });
        }),
    }));
  return tableOf(entries);
}

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
