// The table as it should be: what the configuration says, with the servers that have a place in it.
import { TUNNEL_CHECKSUM, TUNNEL_REMOTE_CHECKSUM } from '../../netlink/ipvs/destination.ts';
import { IP_VS_SVC_F_ONEPACKET, IP_VS_SVC_F_SCHED1 } from '../../netlink/ipvs/service.ts';
import type { RealServerConfig, ServiceKey, TunnelConfig, VirtualServerConfig } from '../config/config.ts';
import {
  destinationId,
  type IpvsDestination,
  type IpvsEntry,
  type IpvsService,
  type IpvsTable,
  keysOf,
  serviceId,
  type Tunnel,
} from './table.ts';

/** A virtual service with what stands behind it; a sorry server is one of its servers. */
export interface ServedService {
  readonly config: VirtualServerConfig;
  readonly servers: readonly ServedServer[];
}

export interface ServedServer {
  readonly config: Pick<
    RealServerConfig,
    'address' | 'port' | 'forwarding' | 'tunnel' | 'upperThreshold' | 'lowerThreshold'
  >;
  /** In force; 0: no new connections; null: it has no place in the table. */
  readonly weight: number | null;
}

const IPIP: Tunnel = { type: 'ipip', port: 0, flags: 0 };
const checksums: Readonly<Record<TunnelConfig['checksum'], number>> = {
  none: 0,
  plain: TUNNEL_CHECKSUM,
  remote: TUNNEL_REMOTE_CHECKSUM,
};

export function desiredTable(services: readonly ServedService[]): IpvsTable {
  return replaceEntries(new Map(), services.flatMap(desiredEntries));
}

/** A service in the kernel's terms: one entry for each of its keys, all with the same destinations. */
export function desiredEntries({ config, servers }: ServedService): IpvsEntry[] {
  const destinations = new Map<string, IpvsDestination>();
  for (const { config: server, weight } of servers) {
    if (weight !== null) destinations.set(destinationId(server), desiredDestination(server, weight));
  }
  const adopts = config.adoptsManualWeights ? ({ adoptsWeights: true } as const) : {};
  return keysOf(config).map(key => ({ service: desiredService(key, config), destinations, ...adopts }));
}

/** The table with these entries in place of what it has under their keys; all others are the same objects as before. */
export function replaceEntries(table: IpvsTable, entries: readonly IpvsEntry[]): IpvsTable {
  const replaced = new Map(table);
  for (const entry of entries) replaced.set(serviceId(entry.service.key), entry);
  return replaced;
}

function desiredService(key: ServiceKey, config: VirtualServerConfig): IpvsService {
  const { scheduler, schedulerFlags = 0, onePacket, persistenceTimeout } = config;
  return {
    key,
    scheduler,
    flags: (schedulerFlags * IP_VS_SVC_F_SCHED1) | (onePacket ? IP_VS_SVC_F_ONEPACKET : 0),
    persistence:
      persistenceTimeout === null
        ? null
        : {
            timeout: persistenceTimeout,
            granularity: config.persistenceGranularity ?? (familyOf(key) === 4 ? 32 : 128),
            engine: config.persistenceEngine ?? null,
          },
  };
}

function familyOf(key: ServiceKey): 4 | 6 {
  return key.kind === 'fwmark' ? key.family : key.address.includes(':') ? 6 : 4;
}

function desiredDestination(config: ServedServer['config'], weight: number): IpvsDestination {
  const { address, port, forwarding, tunnel, upperThreshold = 0, lowerThreshold = 0 } = config;
  return {
    address,
    port,
    forwarding,
    weight,
    upperThreshold,
    lowerThreshold,
    tunnel: forwarding === 'TUN' ? tunnelOf(tunnel) : null,
  };
}

function tunnelOf(config: TunnelConfig | undefined): Tunnel {
  if (config === undefined) return IPIP;
  return { type: config.type, port: config.port, flags: checksums[config.checksum] };
}
