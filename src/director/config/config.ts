// What a configuration means once it has been read and found right: plain data that crosses processes as JSON.
// Addresses are canonical text (`10.0.0.1`, `2001:db8::1`); durations are milliseconds.
import type { CardProfile } from '../flash/card.ts';
import type { CheckConfig } from './check-config.ts';
import type { CommandConfig, VrrpConfig, VrrpInstanceConfig } from './vrrp-config.ts';

export interface Config {
  readonly globals: GlobalConfig;
  readonly system: SystemConfig;
  /** Nothing is said of the card unless it is there. */
  readonly flash?: FlashConfig;
  /** Heat is reported and changes nothing unless it is there. */
  readonly thermal?: ThermalConfig;
  readonly interfaces: readonly InterfaceConfig[];
  readonly vrrp: VrrpConfig;
  readonly vrrpInstances: readonly VrrpInstanceConfig[];
  readonly virtualServers: readonly VirtualServerConfig[];
  readonly marks: readonly MarkConfig[];
  readonly masquerades: readonly MasqueradeConfig[];
  readonly tuning?: TuningConfig;
}

/** `tuning { }`: what stays as it is when nothing is said of it; ours. */
export interface TuningConfig {
  /** Settings of the kernel, by their path below /proc/sys. */
  readonly sysctls: readonly { readonly path: string; readonly value: string }[];
  /** PCI clocks, a multiple of 8: of every network card that has none of its own. */
  readonly latencyTimer?: number;
  /** Bytes up to which a received packet is copied. */
  readonly rxCopybreak?: number;
  /** The table of connections has 2 to the power of this many entries. */
  readonly connTabBits?: number;
  /** Devices that nobody needs are taken from their drivers when they share the interrupt of a network card. */
  readonly unbindsNeedless?: true;
  /** PCI devices, as `0000:00:0f.4`, that are taken from their drivers. */
  readonly unbind: readonly string[];
  readonly interfaces: readonly InterfaceTuningConfig[];
  readonly hooks?: HooksConfig;
}

export interface InterfaceTuningConfig {
  readonly name: string;
  readonly latencyTimer?: number;
  readonly ethtool: Readonly<Partial<Record<EthtoolWord, number>>>;
}

/** What ethtool(8) calls rings (packets) and coalescing (microseconds, packets). */
export type EthtoolWord = 'rx_ring' | 'tx_ring' | 'rx_usecs' | 'rx_frames' | 'tx_usecs' | 'tx_frames';

/** Programs of a site that are run when settings change. */
export interface HooksConfig {
  /** With the folders `before` and `after`. */
  readonly folder: string;
  /** Milliseconds that one of them may take. */
  readonly timeout: number;
}

/** `global_defs { }` */
export interface GlobalConfig {
  readonly routerId: string | null;
  /** `lvs_timeouts`: how long IPVS keeps connections on which nothing is sent. */
  readonly ipvsTimeouts?: IpvsTimeoutsConfig;
  /** `maintenance_dir`: a real server whose name or address is the name of a file in it is in maintenance. */
  readonly maintenanceDirectory?: string;
}

/** Seconds; what is not there stays as the kernel has it. */
export interface IpvsTimeoutsConfig {
  readonly tcp?: number;
  /** Behind a FIN. */
  readonly tcpFin?: number;
  readonly udp?: number;
}

/** `system { }`: the board itself; ours. */
export interface SystemConfig {
  readonly hostName: string | null;
  /** crypt(5) hash of root's password on the serial console; null: nobody can log in by password. */
  readonly passwordHash: string | null;
  /** Addresses of SNTP servers. */
  readonly ntpServers: readonly string[];
}

/** `flash_budget { }`: the card that the director is on; ours. */
export interface FlashConfig {
  /** Bytes that may be written to it a day; null: any. */
  readonly perDay: number | null;
  readonly card: CardProfile;
}

/** `thermal { }`: what the heat of the board changes; ours. */
export interface ThermalConfig {
  /** Null: those of the board. */
  readonly limits: ThermalLimitsConfig | null;
  /** -253..0, added to all priorities while the board is hot. */
  readonly weight: number;
  /** Degrees below a limit at which it is left again. */
  readonly hysteresis: number;
  /** Milliseconds that a board which was hot still counts as hot. */
  readonly hold: number;
  /** Names of sensors that do not count. */
  readonly ignored: readonly string[];
  /** One for each name at most. */
  readonly voltages: readonly VoltageConfig[];
}

/** Volts that a sensor is to be within; null: without an end there. */
export interface VoltageConfig {
  readonly name: string;
  readonly least: number | null;
  readonly most: number | null;
}

/** Degrees Celsius, each above the one before. */
export interface ThermalLimitsConfig {
  readonly warn: number;
  readonly hot: number;
  readonly critical: number;
}

export interface AddressConfig {
  readonly address: string;
  /** 0..32 or 0..128 */
  readonly prefix: number;
}

export interface RouteConfig {
  /** `default` is 0.0.0.0/0 or ::/0, by the family of the gateway. */
  readonly destination: AddressConfig;
  /** Null: directly connected. */
  readonly gateway: string | null;
}

/** `interface NAME { }`: addresses and routes the director sets itself; ours. */
export interface InterfaceConfig {
  readonly name: string;
  /** Of a name NAME.ID, which the director makes. */
  readonly vlan?: VlanConfig;
  readonly addresses: readonly AddressConfig[];
  readonly routes: readonly RouteConfig[];
}

/** An IEEE 802.1Q VLAN. */
export interface VlanConfig {
  /** The interface that carries it. */
  readonly base: string;
  /** 1..4094 */
  readonly id: number;
}

export type {
  ChatStep,
  CheckBeat,
  CheckConfig,
  CheckSource,
  CheckTiming,
  DnsType,
  LdapSearch,
  LoadConfig,
  LoginConfig,
  QueryConfig,
  RegexConfig,
  SqlConfig,
  StatusRange,
  TlsConfig,
  UdpReplyConfig,
  UrlConfig,
} from './check-config.ts';
export type { VirtualAddressConfig, VrrpInstanceConfig } from './vrrp-config.ts';

export type Forwarding = 'DR' | 'NAT' | 'TUN';

export type Scheduler =
  | 'rr'
  | 'wrr'
  | 'lc'
  | 'wlc'
  | 'fo'
  | 'ovf'
  | 'lblc'
  | 'lblcr'
  | 'dh'
  | 'sh'
  | 'mh'
  | 'sed'
  | 'nq'
  | 'twos';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** What the service answers on: an address, or packets that carry a firewall mark. */
export type ServiceKey =
  | { readonly kind: 'address'; readonly protocol: Protocol; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: 4 | 6 };

/** `virtual_server ... { }` */
export interface VirtualServerConfig {
  readonly key: ServiceKey;
  /** Of a `virtual_server group`: all that the service answers on; `key` is the first of them. */
  readonly group?: { readonly name: string; readonly keys: readonly ServiceKey[] };
  readonly scheduler: Scheduler;
  /** `flag-1` to `flag-3` of the scheduler, as bits 0 to 2. */
  readonly schedulerFlags?: number;
  /** `ops`: every packet of UDP is scheduled by itself. */
  readonly onePacket?: true;
  /** Seconds; null: connections are scheduled one by one. */
  readonly persistenceTimeout: number | null;
  /** Prefix length by which clients are taken together; single ones unless it is there. */
  readonly persistenceGranularity?: number;
  readonly persistenceEngine?: 'sip';
  /** One server that is up is enough unless it is there. */
  readonly quorum?: QuorumConfig;
  readonly sorryServer?: SorryServerConfig;
  /** Milliseconds in which the weight of a server that comes back grows to its own. */
  readonly slowStart?: number;
  readonly flapDamping?: FlapDampingConfig;
  /** Milliseconds after which a drain ends whoever is still connected; null: never. */
  readonly drainTimeout?: number | null;
  /** A weight that somebody else has set in the kernel stays, and is reported. */
  readonly adoptsManualWeights?: true;
  /** At a stop of the director, programs are told that servers and quorum are lost (`omega`). */
  readonly tellsStop?: true;
  /** Mail tells of its quorum, and of the real servers that do not say otherwise. */
  readonly mail?: true;
  /** Programs and mail are told when a real server is up for the first time (`rs_init_notifies`, `alpha`). */
  readonly tellsStart?: true;
  readonly realServers: readonly RealServerConfig[];
}

/** When a service counts as served. Weights are those of the real servers that are up, added up. */
export interface QuorumConfig {
  /** At least 1. */
  readonly weight: number;
  /** Gained at `weight + hysteresis`, lost below `weight - hysteresis`; less than `weight`. */
  readonly hysteresis: number;
  readonly onUp: CommandConfig | null;
  readonly onDown: CommandConfig | null;
}

/** What answers while the quorum is lost. */
export interface SorryServerConfig {
  readonly address: string;
  readonly port: number;
  readonly forwarding: Forwarding;
  readonly tunnel?: TunnelConfig;
  /** It stands in the table with weight 0 while it is not needed. */
  readonly inhibits: boolean;
  /** It is not used while one of them fails. */
  readonly checks: readonly CheckConfig[];
}

/** How a packet is wrapped for a real server that is reached by TUN. */
export interface TunnelConfig {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** UDP port of GUE, else 0. */
  readonly port: number;
  readonly checksum: 'none' | 'plain' | 'remote';
}

/** Each loss of a server adds `penalty`; it halves every `halfLife`; above `suppress` the server stays out until it is below `reuse`. */
export interface FlapDampingConfig {
  readonly penalty: number;
  /** Milliseconds. */
  readonly halfLife: number;
  readonly suppress: number;
  readonly reuse: number;
}

/** `real_server ADDRESS PORT { }` */
export interface RealServerConfig {
  readonly address: string;
  /** 0: packets keep theirs. */
  readonly port: number;
  /** 0..65535 */
  readonly weight: number;
  readonly forwarding: Forwarding;
  /** What people call it, in every service that it stands in; its address unless it is there. */
  readonly name?: string;
  readonly tunnel?: TunnelConfig;
  /** `inhibit_on_failure`: a server that is down stays in the table with weight 0, so that its connections go on. */
  readonly inhibitsOnFailure?: true;
  /** Connections at which it gets no more, and at which it gets them again; 0: no limit. */
  readonly upperThreshold?: number;
  readonly lowerThreshold?: number;
  readonly onUp?: CommandConfig;
  readonly onDown?: CommandConfig;
  /** Mail tells of it; what the service says unless it is there. */
  readonly mail?: boolean;
  /** Every check must pass; without one the server counts as up. */
  readonly checks: readonly CheckConfig[];
}

/** `mark N { }`: packets that get a firewall mark before IPVS looks at them; ours. */
export interface MarkConfig {
  readonly mark: number;
  readonly protocol: Protocol;
  readonly destination: string;
  /** Inclusive ranges. */
  readonly ports: readonly { readonly from: number; readonly to: number }[];
}

/** `masquerade { }`: real servers behind NAT reach out with the director's address; ours. */
export interface MasqueradeConfig {
  readonly source: AddressConfig;
  readonly outInterface: string;
}
