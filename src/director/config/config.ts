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
  /** Mail tells of its real servers and its quorum. */
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

/** What every check has in common. */
export interface CheckBeat {
  /** Milliseconds between two attempts. */
  readonly interval: number;
  /** Further attempts before the server is down. */
  readonly retries: number;
  /** Milliseconds between those attempts. */
  readonly delayBeforeRetry: number;
  /** Successes in a row that bring a server that is down up again; one unless it is there. */
  readonly rise?: number;
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
  /** The conversation is encrypted. */
  readonly tls?: TlsConfig;
}

/** How a check speaks TLS. */
export interface TlsConfig {
  /** Server name indication; none is sent unless it is there. */
  readonly serverName?: string;
  /** The server asks for it in its own protocol (STARTTLS); else TLS begins at once. */
  readonly startsLater?: true;
  /** Path of certificates (PEM) that the server's must come from; any will do unless it is there. */
  readonly authorities?: string;
  /** No other version of TLS will do. */
  readonly version?: '1.2' | '1.3';
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
      /** Without a `tls.serverName` TLS asks for the host of each url. */
      readonly namesSite?: true;
    } & CheckTiming)
  | ({ readonly kind: 'TCP_CHAT'; readonly steps: readonly ChatStep[] } & CheckTiming)
  | ({
      readonly kind: 'AGENT_CHECK';
      /** What the agent is told; empty: nothing. */
      readonly send: string;
      /** The configured weight, of which the agent says percentages. */
      readonly weightFrom: number;
      /** An agent that says nothing changes nothing. */
      readonly optional?: true;
    } & CheckTiming)
  | ({
      readonly kind: 'IMAP_CHECK' | 'POP_CHECK';
      /** Null: nobody logs in. */
      readonly login: LoginConfig | null;
    } & CheckTiming)
  | ({
      readonly kind: 'FTP_CHECK';
      readonly login: LoginConfig | null;
      /** One that has to be there. */
      readonly file?: string;
    } & CheckTiming)
  | ({
      readonly kind: 'NNTP_CHECK';
      readonly login: LoginConfig | null;
      /** Null: none is asked for. */
      readonly group: string | null;
    } & CheckTiming)
  | ({
      readonly kind: 'SIP_CHECK';
      readonly protocol: 'UDP' | 'TCP';
      /** Who asks. */
      readonly user: string;
      /** Null: the server itself. */
      readonly uri: string | null;
      /** Codes that count as up. */
      readonly statusCodes: readonly StatusRange[];
    } & CheckTiming)
  | ({
      readonly kind: 'SMTP_CHECK';
      /** Null: the address that the connection comes from. */
      readonly helo: string | null;
    } & CheckTiming)
  | ({
      readonly kind: 'DNS_CHECK';
      readonly name: string;
      readonly type: DnsType;
      /** UDP unless it is there. */
      readonly protocol?: 'TCP';
      /** Records that the answer has, as `canonicalRecord` writes them. */
      readonly answers?: readonly string[];
    } & CheckTiming)
  | ({
      readonly kind: 'LDAP_CHECK';
      /** Null: anonymously. */
      readonly login: LoginConfig | null;
      /** Null: the bind is enough. */
      readonly search: LdapSearch | null;
    } & CheckTiming)
  | ({ readonly kind: 'MYSQL_CHECK' } & SqlConfig & CheckTiming)
  | ({ readonly kind: 'PGSQL_CHECK' } & SqlConfig & CheckTiming)
  | ({
      readonly kind: 'RADIUS_CHECK';
      /** What client and server share. */
      readonly secret: string;
      /** Null: the server is only asked whether it is there. */
      readonly login: LoginConfig | null;
    } & CheckTiming)
  | ({
      readonly kind: 'UDP_CHECK';
      /** Hexadecimal; null: random bytes. */
      readonly payload: string | null;
      /** Null: none is needed. */
      readonly reply: UdpReplyConfig | null;
    } & CheckTiming)
  | ({ readonly kind: 'XDMCP_CHECK' } & LoadConfig & CheckTiming)
  | ({ readonly kind: 'RSTAT_CHECK' } & LoadConfig & CheckTiming)
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

export type DnsType =
  | 'A'
  | 'NS'
  | 'CNAME'
  | 'SOA'
  | 'PTR'
  | 'MX'
  | 'TXT'
  | 'AAAA'
  | 'SRV'
  | 'RRSIG'
  | 'DNSKEY';

/** Who logs in. */
export interface LoginConfig {
  readonly name: string;
  /** Null: none is needed. */
  readonly password: string | null;
}

/** What an entry of a directory is found by. */
export interface LdapSearch {
  /** A distinguished name. */
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** As RFC 4515 has it. */
  readonly filter: string;
}

/** How the weight of a server follows its load. */
export interface LoadConfig {
  /** Up to this the server keeps its weight, which then goes down; it stays unless this is there. */
  readonly fullLoad?: number;
  /** The configured weight. */
  readonly weightFrom: number;
}

/** What a database is asked. */
export interface SqlConfig {
  readonly login: LoginConfig;
  /** Null: the one that the server takes by itself. */
  readonly database: string | null;
  /** Null: the login is enough. */
  readonly query: QueryConfig | null;
}

/** A statement of SQL that has to give a row. */
export interface QueryConfig {
  readonly text: string;
  /** The first value of the row; null: any. */
  readonly answer: string | null;
}

export interface UdpReplyConfig {
  /** What it begins with: hexadecimal, `x` for half a byte of any value. */
  readonly data: string;
  /** Bytes. */
  readonly minLength: number;
  readonly maxLength: number;
}

/** Both inclusive. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
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

/** What is said, or what must come: bytes in hexadecimal, in `expect_hex` with `x` for half a byte of any value. */
export type ChatStep =
  | { readonly kind: 'send'; readonly data: string }
  | { readonly kind: 'expect' | 'expect_hex'; readonly data: string }
  | {
      readonly kind: 'expect_regex';
      readonly regex: Pick<RegexConfig, 'source' | 'flags' | 'seesEnd'>;
      /** As it was written. */
      readonly text: string;
    };

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
