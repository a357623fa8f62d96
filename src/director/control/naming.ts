// What people may call virtual services and real servers.
import type { RealServerConfig, ServiceKey, VirtualServerConfig } from '../config/config.ts';
import { destinationId, keysOf, serviceId, serviceName } from '../ipvs/table.ts';

/** Of a service: its name, and all that it answers on. */
export interface NamedService {
  readonly name: string;
  readonly keys: readonly ServiceKey[];
}

export function namedService(config: VirtualServerConfig): NamedService {
  return { name: serviceName(config), keys: keysOf(config) };
}

/** `TCP 10.0.0.100:80`, `10.0.0.100:80`, `10.0.0.100`, `fwmark 7 IPv4`, `fwmark 7`, `group shop`, `shop` */
export function isService({ name, keys }: NamedService, text: string): boolean {
  if (name === text || name === `group ${text}`) return true;
  return keys.some(key => {
    if (serviceId(key) === text) return true;
    return key.kind === 'address'
      ? key.address === text || destinationId(key) === text
      : `fwmark ${key.mark}` === text;
  });
}

/** `web1`, `10.0.0.11`, `10.0.0.11:80` */
export function isServer(server: Pick<RealServerConfig, 'name' | 'address' | 'port'>, text: string): boolean {
  return server.name === text || server.address === text || destinationId(server) === text;
}
