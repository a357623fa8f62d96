// A configuration for tests: one instance, one NAT service, one DR service; parts can be replaced.
import type {
  Config,
  RealServerConfig,
  VirtualAddressConfig,
  VirtualServerConfig,
  VrrpInstanceConfig,
} from '../../src/director/config/config.ts';
import { INSTANCE_DEFAULTS, MULTICAST_GROUP, NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';

export const INSTANCE: VrrpInstanceConfig = {
  ...INSTANCE_DEFAULTS,
  family: 4,
  multicastGroup: MULTICAST_GROUP[4],
  name: 'web',
  version: 2,
  initialState: 'BACKUP',
  interface: 'eth0',
  virtualRouterId: 51,
  priority: 100,
  advertInterval: 1000,
  virtualAddresses: [virtualAddress('10.0.0.100')],
  preempt: true,
  accept: true,
};

/** On eth0. */
export function virtualAddress(address: string, prefix = 24, device = 'eth0'): VirtualAddressConfig {
  return { address, prefix, interface: device, label: null, broadcast: null, scope: null, tracked: true };
}

export function realServer(address: string, more: Partial<RealServerConfig> = {}): RealServerConfig {
  return { address, port: 80, weight: 1, forwarding: 'DR', checks: [], ...more };
}

export function virtualServer(
  realServers: readonly RealServerConfig[],
  more: Partial<VirtualServerConfig> = {},
): VirtualServerConfig {
  return {
    key: { kind: 'address', protocol: 'TCP', address: '10.0.0.100', port: 80 },
    scheduler: 'rr',
    persistenceTimeout: null,
    realServers,
    ...more,
  };
}

export function sampleConfig(more: Partial<Config> = {}): Config {
  return {
    globals: { routerId: null },
    system: { hostName: null, passwordHash: null, ntpServers: [] },
    interfaces: [],
    vrrp: NO_VRRP,
    vrrpInstances: [INSTANCE],
    virtualServers: [virtualServer([realServer('10.0.0.11'), realServer('10.0.0.12')])],
    marks: [],
    masquerades: [],
    ...more,
  };
}
