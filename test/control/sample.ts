// A configuration for tests: one instance, one NAT service, one DR service; parts can be replaced.
import type {
  Config,
  RealServerConfig,
  VirtualServerConfig,
  VrrpInstanceConfig,
} from '../../src/director/config/config.ts';

export const INSTANCE: VrrpInstanceConfig = {
  name: 'web',
  version: 2,
  initialState: 'BACKUP',
  interface: 'eth0',
  virtualRouterId: 51,
  priority: 100,
  advertInterval: 1000,
  virtualAddresses: [{ address: '10.0.0.100', prefix: 24, interface: 'eth0' }],
  preempt: true,
  accept: true,
};

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
    delayLoop: 6000,
    realServers,
    ...more,
  };
}

export function sampleConfig(more: Partial<Config> = {}): Config {
  return {
    globals: { routerId: null },
    system: { hostName: null, passwordHash: null, ntpServers: [] },
    interfaces: [],
    vrrpInstances: [INSTANCE],
    virtualServers: [virtualServer([realServer('10.0.0.11'), realServer('10.0.0.12')])],
    marks: [],
    masquerades: [],
    ...more,
  };
}
