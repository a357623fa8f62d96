// What a configuration means once it has been read and found right: plain data that crosses processes as JSON.
// Addresses are canonical text (`10.0.0.1`, `2001:db8::1`); durations are milliseconds.
import type { CommandConfig, TrackFileConfig, VrrpConfig, VrrpInstanceConfig } from './vrrp-config.ts';

export interface Config {
  readonly globals: GlobalConfig;
  readonly system: SystemConfig;
  readonly interfaces: readonly InterfaceConfig[];
  readonly vrrp: VrrpConfig;
  readonly vrrpInstances: readonly VrrpInstanceConfig[];
  readonly virtualServers: readonly VirtualServerConfig[];
  readonly marks: readonly MarkConfig[];
  readonly masquerades: readonly MasqueradeConfig[];
}

/** `global_defs { }` */
export interface GlobalConfig {
  readonly routerId: string | null;
}

/** `system { }`: the board itself; ours. */
export interface SystemConfig {
  readonly hostName: string | null;
  /** crypt(5) hash of root's password on the serial console; null: nobody can log in by password. */
  readonly passwordHash: string | null;
  /** Addresses of SNTP servers. */
  readonly ntpServers: readonly string[];
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
  readonly scheduler: Scheduler;
  /** Seconds; null: connections are scheduled one by one. */
  readonly persistenceTimeout: number | null;
  /** Milliseconds between checks of one real server. */
  readonly delayLoop: number;
  readonly realServers: readonly RealServerConfig[];
}

/** `real_server ADDRESS PORT { }` */
export interface RealServerConfig {
  readonly address: string;
  readonly port: number;
  /** 0..65535 */
  readonly weight: number;
  readonly forwarding: Forwarding;
  /** Every check must pass; without one the server counts as up. */
  readonly checks: readonly CheckConfig[];
}

/** What every check has in common. */
export interface CheckBeat {
  /** Milliseconds between two attempts. */
  readonly interval: number;
  /** Further attempts before the server is down. */
  readonly retries: number;
  /** Milliseconds between those attempts. */
  readonly delayBeforeRetry: number;
  /** Milliseconds over which the first attempts of all checks are spread; the director chooses unless it is there. */
  readonly warmup?: number;
  /** The server counts as up until the first attempt has said otherwise; else it waits for its first success. */
  readonly assumedUp?: true;
  /** Each failed attempt of a server that is up is logged. */
  readonly logsFailures?: true;
}

/** A check that sends something to the server. */
export interface CheckTiming extends CheckBeat {
  readonly connectAddress: string;
  readonly connectPort: number;
  /** Milliseconds until an attempt has failed. */
  readonly connectTimeout: number;
  readonly source?: CheckSource;
}

/** Where the packets of a check come from, as far as the kernel is not to choose. */
export interface CheckSource {
  readonly address?: string;
  readonly port?: number;
  readonly interface?: string;
  /** Firewall mark. */
  readonly mark?: number;
}

export type CheckConfig =
  | ({ readonly kind: 'TCP_CHECK' } & CheckTiming)
  | ({
      readonly kind: 'HTTP_GET';
      readonly urls: readonly UrlConfig[];
      /** 1.0 unless it is there. */
      readonly protocol?: '1.1';
      readonly keepAlive?: true;
    } & CheckTiming)
  | ({
      readonly kind: 'SMTP_CHECK';
      /** Null: the address that the connection comes from. */
      readonly helo: string | null;
    } & CheckTiming)
  | ({ readonly kind: 'DNS_CHECK'; readonly name: string; readonly type: DnsType } & CheckTiming)
  | ({
      readonly kind: 'UDP_CHECK';
      /** Hexadecimal; null: random bytes. */
      readonly payload: string | null;
      /** Null: none is needed. */
      readonly reply: UdpReplyConfig | null;
    } & CheckTiming)
  | ({ readonly kind: 'PING_CHECK' } & CheckTiming)
  | ({
      readonly kind: 'MISC_CHECK';
      readonly command: CommandConfig;
      /** Milliseconds. */
      readonly timeout: number;
      /** The configured weight, which the exit status replaces; null: the exit status says nothing of it. */
      readonly dynamicFrom: number | null;
    } & CheckBeat)
  | ({
      readonly kind: 'FILE_CHECK';
      /** Of its track_file. */
      readonly name: string;
      readonly path: string;
      /** What the file is made with; null: it is not made. */
      readonly initial: TrackFileConfig['initial'];
      /** What its number is multiplied with; 0: another number than 0 means down. */
      readonly weight: number;
      readonly reverse: boolean;
    } & CheckBeat);

export type DnsType = 'A' | 'NS' | 'CNAME' | 'SOA' | 'MX' | 'TXT' | 'AAAA';

export interface UdpReplyConfig {
  /** What it begins with: hexadecimal, `x` for half a byte of any value. */
  readonly data: string;
  /** Bytes. */
  readonly minLength: number;
  readonly maxLength: number;
}

export interface UrlConfig {
  readonly path: string;
  /** Inclusive ranges of HTTP status codes that count as up. */
  readonly statusCodes: readonly { readonly from: number; readonly to: number }[];
  /** What the server is called; its address and port unless it is there. */
  readonly host?: string;
  /** MD5, SHA-1 or SHA-256 of the body, by its length: hexadecimal in small letters. */
  readonly digest?: string;
  readonly regex?: RegexConfig;
}

/** A regular expression that is searched for in a body. */
export interface RegexConfig {
  /** Of a RegExp, over characters that are bytes, or with the flag `u` over those of UTF-8. */
  readonly source: string;
  readonly flags: string;
  /** A match means down. */
  readonly negated: boolean;
  /** Where a match may begin, in characters from the beginning of the body; null: anywhere. */
  readonly minOffset: number;
  readonly maxOffset: number | null;
  /** Whether it depends on what follows a match. */
  readonly seesEnd: boolean;
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
