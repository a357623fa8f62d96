// Between the table's values and the records of IPVS's netlink family: addresses are text here and bytes there, names numbers.
import {
  FORWARD_DIRECT,
  FORWARD_LOCAL,
  FORWARD_MASQUERADE,
  FORWARD_TUNNEL,
  type KernelDestination,
  type LiveDestination,
  TUNNEL_GRE,
  TUNNEL_GUE,
  TUNNEL_IPIP,
} from '../../netlink/ipvs/destination.ts';
import {
  IP_VS_SVC_F_HASHED,
  IP_VS_SVC_F_PERSISTENT,
  type KernelService,
  type KernelServiceKey,
} from '../../netlink/ipvs/service.ts';
import { IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP } from '../../platform/linux.ts';
import { formatAddress, parseAddress } from '../address.ts';
import type { Protocol, ServiceKey } from '../config/config.ts';
import type { ActualDestination, IpvsDestination, IpvsService, Tunnel } from './table.ts';

const protocols: Readonly<Record<Protocol, number>> = {
  TCP: IPPROTO_TCP,
  UDP: IPPROTO_UDP,
  SCTP: IPPROTO_SCTP,
};
const forwardings: Readonly<Record<IpvsDestination['forwarding'], number>> = {
  NAT: FORWARD_MASQUERADE,
  LOCAL: FORWARD_LOCAL,
  TUN: FORWARD_TUNNEL,
  DR: FORWARD_DIRECT,
  // IP_VS_CONN_F_BYPASS: no destination of ours has it, but the kernel's table may.
  BYPASS: 4,
};
const tunnels: Readonly<Record<Tunnel['type'], number>> = {
  ipip: TUNNEL_IPIP,
  gue: TUNNEL_GUE,
  gre: TUNNEL_GRE,
};

export function keyToKernel(key: ServiceKey): KernelServiceKey {
  if (key.kind === 'fwmark') return key;
  const address = bytes(key.address);
  return {
    kind: 'address',
    family: address.length === 4 ? 4 : 6,
    protocol: protocols[key.protocol],
    address,
    port: key.port,
  };
}

export function serviceToKernel({ key, scheduler, flags, persistence }: IpvsService): KernelService {
  const kernelKey = keyToKernel(key);
  return {
    key: kernelKey,
    scheduler,
    flags: flags | (persistence ? IP_VS_SVC_F_PERSISTENT : 0),
    timeout: persistence?.timeout ?? 0,
    granularity: persistence?.granularity ?? (kernelKey.family === 4 ? 32 : 128),
    engine: persistence?.engine ?? null,
  };
}

/** Null for a protocol that no configuration names: what the director cannot have put there it does not judge. */
export function serviceFromKernel({ key, scheduler, flags, ...kernel }: KernelService): IpvsService | null {
  const serviceKey = keyFromKernel(key);
  if (serviceKey === null) return null;
  return {
    key: serviceKey,
    scheduler,
    flags: flags & ~(IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_HASHED),
    persistence:
      flags & IP_VS_SVC_F_PERSISTENT
        ? { timeout: kernel.timeout, granularity: kernel.granularity, engine: kernel.engine }
        : null,
  };
}

export function destinationToKernel(destination: IpvsDestination): KernelDestination {
  const { port, weight, upperThreshold, lowerThreshold, tunnel } = destination;
  return {
    address: bytes(destination.address),
    port,
    forwarding: forwardings[destination.forwarding],
    weight,
    upperThreshold,
    lowerThreshold,
    tunnelType: tunnel ? tunnels[tunnel.type] : TUNNEL_IPIP,
    tunnelPort: tunnel?.port ?? 0,
    tunnelFlags: tunnel?.flags ?? 0,
  };
}

export function destinationFromKernel(kernel: LiveDestination): ActualDestination {
  const forwarding = nameOf(forwardings, kernel.forwarding) ?? 'BYPASS';
  return {
    address: formatAddress(kernel.address),
    port: kernel.port,
    forwarding,
    weight: kernel.weight,
    upperThreshold: kernel.upperThreshold,
    lowerThreshold: kernel.lowerThreshold,
    tunnel:
      forwarding === 'TUN'
        ? {
            type: nameOf(tunnels, kernel.tunnelType) ?? 'ipip',
            port: kernel.tunnelPort,
            flags: kernel.tunnelFlags,
          }
        : null,
    activeConnections: kernel.activeConnections,
    inactiveConnections: kernel.inactiveConnections,
    persistentConnections: kernel.persistentConnections,
  };
}

function keyFromKernel(key: KernelServiceKey): ServiceKey | null {
  if (key.kind === 'fwmark') return key;
  const protocol = nameOf(protocols, key.protocol);
  return protocol && { kind: 'address', protocol, address: formatAddress(key.address), port: key.port };
}

function nameOf<N extends string>(numbers: Readonly<Record<N, number>>, value: number): N | null {
  for (const name in numbers) if (numbers[name] === value) return name;
  return null;
}

/** Addresses here are canonical: an IPv4 one is four plain numbers, which is ten times cheaper to read than any text. */
function bytes(address: string): Uint8Array {
  if (!address.includes(':')) {
    const [a, b, c, d] = address.split('.');
    return Uint8Array.of(Number(a), Number(b), Number(c), Number(d));
  }
  const parsed = parseAddress(address);
  if (parsed === null) throw new TypeError(`${address} is no address`);
  return parsed;
}
