// The table as it should be: what the configuration says, with the servers that are up.
import type { RealServerConfig, VirtualServerConfig } from '../config/config.ts';
import { type IpvsDestination, type IpvsService, type IpvsTable, type Tunnel, tableOf } from './table.ts';

/** A virtual service with the state of its servers; what the checker keeps has this shape. */
export interface ServedService {
  readonly config: VirtualServerConfig;
  readonly servers: readonly ServedServer[];
}

export interface ServedServer {
  readonly config: RealServerConfig;
  readonly state: { readonly state: 'starting' | 'up' | 'down' };
}

const IPIP: Tunnel = { type: 'ipip', port: 0, flags: 0 };

/** Servers that are starting or down have no place in it. */
export function desiredTable(services: readonly ServedService[]): IpvsTable {
  return tableOf(
    services.map(({ config, servers }) => ({
      service: desiredService(config),
      destinations: servers
        .filter(({ state }) => state.state === 'up')
        .map(server => desiredDestination(server.config)),
    })),
  );
}

function desiredService({ key, scheduler, persistenceTimeout }: VirtualServerConfig): IpvsService {
  const family = key.kind === 'fwmark' ? key.family : key.address.includes(':') ? 6 : 4;
  return {
    key,
    scheduler,
    flags: 0,
    persistence:
      persistenceTimeout === null
        ? null
        : { timeout: persistenceTimeout, granularity: family === 4 ? 32 : 128, engine: null },
  };
}

function desiredDestination({ address, port, weight, forwarding }: RealServerConfig): IpvsDestination {
  return {
    address,
    port,
    forwarding,
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: forwarding === 'TUN' ? IPIP : null,
  };
}
