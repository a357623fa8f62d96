// What a check means once it has been read: the part of config.ts about them, one member for each kind.
import type { CommandConfig, TrackFileConfig } from './vrrp-config.ts';

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
