// The table of virtual services and their destinations, as it should be or as the kernel has it: plain values that can be compared.
import type { Forwarding, ServiceKey, VirtualServerConfig } from '../config/config.ts';

export interface IpvsService {
  readonly key: ServiceKey;
  readonly scheduler: string;
  /** IP_VS_SVC_F_ONEPACKET and IP_VS_SVC_F_SCHED1..3. */
  readonly flags: number;
  /** Null: connections are scheduled one by one. */
  readonly persistence: Persistence | null;
}

export interface Persistence {
  /** Seconds. */
  readonly timeout: number;
  /** Prefix length by which clients are taken together: 32 or 128 for single ones; -1 is an IPv4 mask that is no prefix. */
  readonly granularity: number;
  /** Name of the persistence engine; null: the client's address tells. */
  readonly engine: string | null;
}

export interface IpvsDestination {
  readonly address: string;
  readonly port: number;
  /** The kernel knows two methods more than the configuration. */
  readonly forwarding: Forwarding | 'LOCAL' | 'BYPASS';
  /** 0: no new connections. */
  readonly weight: number;
  /** Connections at which no more are given, and at which they are again; 0: no limit. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Null unless `forwarding` is TUN. */
  readonly tunnel: Tunnel | null;
}

export interface Tunnel {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** Destination port of GUE, else 0. */
  readonly port: number;
  /** IP_VS_TUNNEL_ENCAP_FLAG_* */
  readonly flags: number;
}

/** A destination as the kernel has it, with what it is doing. */
export interface ActualDestination extends IpvsDestination {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  /** Templates of persistence: clients whose next connection comes here too. */
  readonly persistentConnections: number;
}

export interface IpvsEntry<D extends IpvsDestination = IpvsDestination> {
  readonly service: IpvsService;
  /** By `destinationId`. */
  readonly destinations: ReadonlyMap<string, D>;
  /** A weight that somebody else has set stays. */
  readonly adoptsWeights?: true;
}

/** By `serviceId`. */
export type IpvsTable<D extends IpvsDestination = IpvsDestination> = ReadonlyMap<string, IpvsEntry<D>>;
export type ActualTable = IpvsTable<ActualDestination>;

/** Tells a service from every other one: `TCP 10.0.0.80:80`, `UDP [2001:db8::80]:53`, `fwmark 7 IPv6`. */
export function serviceId(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark ${key.mark} IPv${key.family}`;
  return `${key.protocol} ${endpoint(key.address, key.port)}`;
}

/** All that a virtual service answers on: several services of the kernel when it is a group. */
export function keysOf(config: Pick<VirtualServerConfig, 'key' | 'group'>): readonly ServiceKey[] {
  return config.group?.keys ?? [config.key];
}

/**
 * What people call a virtual service, and what tells it from the others: its one key as `serviceId` writes it, `group NAME`, or
 * `group NAME UDP`, for the addresses of a group may be a service of TCP and another one of UDP.
 */
export function serviceName({ key, group }: Pick<VirtualServerConfig, 'key' | 'group'>): string {
  if (group === undefined) return serviceId(key);
  const addressed = group.keys.find(each => each.kind === 'address');
  const protocol = addressed?.kind === 'address' ? addressed.protocol : 'TCP';
  return protocol === 'TCP' ? `group ${group.name}` : `group ${group.name} ${protocol}`;
}

/** Tells a destination from the others of its service: `10.0.0.11:80`. */
export function destinationId({ address, port }: { address: string; port: number }): string {
  return endpoint(address, port);
}

/** The table of these entries; of two services with one key the later counts. */
export function tableOf<D extends IpvsDestination>(
  entries: Iterable<{ service: IpvsService; destinations: readonly D[] }>,
): IpvsTable<D> {
  const table = new Map<string, IpvsEntry<D>>();
  for (const { service, destinations } of entries) {
    table.set(serviceId(service.key), {
      service,
      destinations: new Map(destinations.map(destination => [destinationId(destination), destination])),
    });
  }
  return table;
}

/** True when the kernel would treat both alike, keys aside. */
export function sameService(a: IpvsService, b: IpvsService): boolean {
  return a.scheduler === b.scheduler && a.flags === b.flags && samePersistence(a.persistence, b.persistence);
}

/** True when the kernel would treat both alike, keys aside. */
export function sameDestination(a: IpvsDestination, b: IpvsDestination): boolean {
  return (
    a.weight === b.weight &&
    a.forwarding === b.forwarding &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    sameTunnel(a.tunnel, b.tunnel)
  );
}

function samePersistence(a: Persistence | null, b: Persistence | null): boolean {
  if (a === null || b === null) return a === b;
  return a.timeout === b.timeout && a.granularity === b.granularity && a.engine === b.engine;
}

function sameTunnel(a: Tunnel | null, b: Tunnel | null): boolean {
  if (a === null || b === null) return a === b;
  return a.type === b.type && a.port === b.port && a.flags === b.flags;
}

function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
