// What a configuration asks of the host of a real server: addresses that it must answer for, tunnels it must open, a way back.
import { contains, familyOf, networkOf, type Prefixed } from '../address.ts';
import type {
  AddressConfig,
  Config,
  Protocol,
  RealServerConfig,
  VirtualServerConfig,
} from '../config/config.ts';
import { destinationId, keysOf, serviceName } from '../ipvs/table.ts';

/** The parts of a configuration that say it. */
export type Topology = Pick<Config, 'virtualServers' | 'interfaces' | 'vrrpInstances' | 'marks'>;

/** One address of the host. */
export interface Duty {
  readonly address: string;
  /** What people call it, or null. */
  readonly name: string | null;
  /** What it serves, as `TCP 10.0.0.100:80 by DR`. */
  readonly services: readonly string[];
  /** Virtual addresses that come to it with its hardware address (DR). */
  readonly direct: readonly string[];
  /** Virtual addresses that come to it wrapped up (TUN); one may come in several ways. */
  readonly tunnels: readonly TunnelDuty[];
  /** Its answers must go through the director (NAT); null: they need not. */
  readonly wayBack: WayBack | null;
  /** What daemons must listen on. */
  readonly listening: readonly Listening[];
  /** It is an address of the director: nothing is to be done there. */
  readonly isDirector: boolean;
  /** What the configuration does not say, and a person has to know. */
  readonly notes: readonly string[];
}

export interface TunnelDuty {
  readonly address: string;
  readonly type: 'ipip' | 'gue' | 'gre';
  /** UDP port of GUE, else 0. */
  readonly port: number;
  readonly hasChecksum: boolean;
}

export interface WayBack {
  /** An address of the director in the host's network; null: the configuration names none. */
  readonly gateway: string | null;
  /** Networks whose hosts it must not answer directly, since clients are in them: its own one. */
  readonly ownNetworks: readonly AddressConfig[];
}

export interface Listening {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

interface Place {
  readonly service: VirtualServerConfig;
  readonly server: RealServerConfig;
}

/** The duties of whoever is called `name`: a name, an address, or an address with a port. One for each address; none: nobody. */
export function dutiesOf(topology: Topology, name: string): Duty[] {
  const places = new Map<string, Place[]>();
  for (const service of topology.virtualServers) {
    for (const server of service.realServers) {
      if (![server.name, server.address, destinationId(server)].includes(name)) continue;
      const known = places.get(server.address) ?? [];
      known.push({ service, server });
      places.set(server.address, known);
    }
  }
  return [...places].map(([address, found]) => dutyOf(topology, address, found));
}

/** All that somebody could be called. */
export function namesIn({ virtualServers }: Topology): string[] {
  const servers = virtualServers.flatMap(({ realServers }) => realServers);
  return [...new Set(servers.map(({ name, address }) => name ?? address))];
}

function dutyOf(topology: Topology, address: string, places: readonly Place[]): Duty {
  const notes: string[] = [];
  const direct = new Set<string>();
  const tunnels = new Map<string, TunnelDuty>();
  const listening = new Map<string, Listening>();
  const listen = (each: Listening) => {
    if (each.port !== 0) listening.set(`${each.protocol} ${destinationId(each)}`, each);
  };
  for (const { service, server } of places) {
    const answered = answeredBy(topology, service);
    if (server.forwarding === 'NAT') {
      for (const { protocol } of answered) listen({ protocol, address, port: server.port });
      continue;
    }
    if (answered.length === 0) {
      notes.push(
        `no mark block says which addresses ${serviceName(service)} stands for: give it each of them`,
      );
    }
    for (const each of answered) {
      listen(each);
      if (server.forwarding === 'DR') direct.add(each.address);
      else {
        const tunnel = tunnelOf(each.address, server);
        tunnels.set(JSON.stringify(tunnel), tunnel);
      }
    }
  }
  const translated = places.filter(({ server }) => server.forwarding === 'NAT');
  return {
    address,
    name: places.find(({ server }) => server.name !== undefined)?.server.name ?? null,
    services: places.map(({ service, server }) => `${serviceName(service)} by ${server.forwarding}`),
    direct: [...direct],
    tunnels: [...tunnels.values()],
    wayBack: translated.length === 0 ? null : wayBackOf(topology, address, translated),
    listening: [...listening.values()],
    isDirector: topology.interfaces.some(each => each.addresses.some(own => own.address === address)),
    notes,
  };
}

/** The addresses that a service answers on, where the configuration says so. */
function answeredBy({ marks }: Topology, service: VirtualServerConfig): Listening[] {
  return keysOf(service).flatMap(key => {
    if (key.kind === 'address') {
      const { protocol, address, port } = key;
      return [{ protocol, address, port }];
    }
    return marks
      .filter(({ mark, destination }) => mark === key.mark && familyOf(destination) === key.family)
      .flatMap(({ protocol, destination, ports }) =>
        ports.map(({ from, to }) => ({ protocol, address: destination, port: from === to ? from : 0 })),
      );
  });
}

function tunnelOf(address: string, { tunnel }: RealServerConfig): TunnelDuty {
  return {
    address,
    type: tunnel?.type ?? 'ipip',
    port: tunnel?.port ?? 0,
    hasChecksum: tunnel !== undefined && tunnel.checksum !== 'none',
  };
}

function wayBackOf(topology: Topology, address: string, places: readonly Place[]): WayBack {
  const { interfaces, vrrpInstances } = topology;
  const moving = vrrpInstances.flatMap(each => [...each.virtualAddresses, ...each.excludedAddresses]);
  const fixed = interfaces.flatMap(each => each.addresses);
  const networks = [...fixed, ...moving].filter(
    ({ address: own, prefix }) => prefix < (familyOf(own) === 4 ? 32 : 128),
  );
  const own = networks.filter(network => contains(network, address));
  const served = new Set(
    places.flatMap(({ service }) => answeredBy(topology, service).map(each => each.address)),
  );
  const reachable = [...moving, ...fixed]
    .map(each => each.address)
    .filter(each => own.some(network => contains(network, each)));
  // An address that moves with VRRP before one that does not, one of its own before that of a service.
  const gateway = reachable.find(each => !served.has(each)) ?? reachable[0] ?? null;
  const clientsNear = own.filter(network => [...served].some(each => contains(network, each)));
  return { gateway, ownNetworks: distinct(clientsNear.map(networkOf)) };
}

function distinct(networks: readonly Prefixed[]): Prefixed[] {
  return [...new Map(networks.map(each => [`${each.address}/${each.prefix}`, each])).values()];
}
