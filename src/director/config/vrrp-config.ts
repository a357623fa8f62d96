// What the VRRP part of a configuration means once it has been read and found right; the rest is in config.ts.
// Defaults of `global_defs` have been merged into each instance. Addresses are canonical text; durations are milliseconds.
import type { AddressConfig, ServiceKey } from './config.ts';

/** What is not part of one `vrrp_instance`. */
export interface VrrpConfig {
  readonly syncGroups: readonly SyncGroupConfig[];
  readonly trackers: TrackersConfig;
  /** `interface_up_down_delays`: how long an interface must stay up or down before that counts. */
  readonly interfaceDelays: readonly InterfaceDelayConfig[];
  /** `vrrp_startup_delay`: nothing is sent or held this long after the director's start. */
  readonly startupDelay: number;
  readonly fifos: readonly FifoConfig[];
  /** Null: no mail is sent. */
  readonly mail: MailConfig | null;
  /** Null: connections are not synchronised. */
  readonly syncDaemon: SyncDaemonConfig | null;
  /** Kernel settings below net.ipv4.vs that say what is synchronised and when; only those that are set. */
  readonly syncSettings: readonly SyncSettingConfig[];
  /** `linkbeat_interfaces`: a cable is believed from the PHY's registers, polled, and not from the driver's carrier. */
  readonly linkbeatInterfaces: readonly string[];
}

export interface VirtualAddressConfig extends AddressConfig {
  /** Where it is set; the instance's interface unless `dev` names another. */
  readonly interface: string;
  /** IPv4 only, as `eth0:vip`. */
  readonly label: string | null;
  /** IPv4 only; null: none. */
  readonly broadcast: string | null;
  /** rtm_scope: 0 global, 253 link, 254 host, or null for the kernel's choice. */
  readonly scope: number | null;
  /** `no_track`: the state of its own interface (`dev`) does not count. */
  readonly tracked: boolean;
}

export interface VirtualRouteConfig {
  readonly kind: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly destination: AddressConfig;
  /** More than one: shares by weight (1..256). Empty for the kinds that need none. */
  readonly hops: readonly {
    readonly gateway: string | null;
    readonly interface: string | null;
    readonly weight: number;
  }[];
  /** Preferred source address. */
  readonly source: string | null;
  /** 254 is the main table. */
  readonly table: number;
  /** 0: the kernel's choice. */
  readonly metric: number;
  readonly scope: number | null;
  readonly mtu: number | null;
}

export interface VirtualRuleConfig {
  readonly family: 4 | 6;
  readonly from: AddressConfig | null;
  readonly to: AddressConfig | null;
  readonly inInterface: string | null;
  readonly outInterface: string | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  /** Null: the kernel's choice. */
  readonly priority: number | null;
  readonly action:
    | { readonly kind: 'table'; readonly table: number }
    | { readonly kind: 'blackhole' | 'unreachable' | 'prohibit' };
}

/** A program and its arguments; nothing is left to a shell. */
export interface CommandConfig {
  readonly words: readonly string[];
  /** Whom it runs as; null: as the director's scripts run (`script_user`). */
  readonly user: string | null;
  readonly group: string | null;
}

export interface NotifyConfig {
  readonly master: CommandConfig | null;
  readonly backup: CommandConfig | null;
  readonly fault: CommandConfig | null;
  readonly stop: CommandConfig | null;
  readonly deleted: CommandConfig | null;
  /** `notify_deleted`: an instance that a new configuration lacks is told as DELETED, not as FAULT. */
  readonly tellsDeleted: boolean;
  /** A master heard an advertisement of lower priority: somebody else wants the addresses too. */
  readonly masterReceivesLower: CommandConfig | null;
  /** Every change, called with `INSTANCE|GROUP NAME STATE PRIORITY` behind its own words. */
  readonly any: CommandConfig | null;
  /** Pipes are told of changes of the priority too, as `MASTER_PRIORITY` and `BACKUP_PRIORITY`. */
  readonly priorityChanges: boolean;
  readonly mail: boolean;
}

/** A weight of null: while it is down the instance is in FAULT. Else -253..253: negative is added while down, positive while up. */
export interface TrackConfig {
  readonly name: string;
  readonly weight: number | null;
  /** Up counts as down and the other way round. */
  readonly reverse: boolean;
}

export interface TrackServiceConfig {
  readonly key: ServiceKey;
  readonly weight: number | null;
  readonly reverse: boolean;
}

export interface TracksConfig {
  readonly interfaces: readonly TrackConfig[];
  readonly scripts: readonly TrackConfig[];
  readonly files: readonly TrackConfig[];
  readonly processes: readonly TrackConfig[];
  /** `track_service`: virtual services that have lost their quorum; ours. */
  readonly services: readonly TrackServiceConfig[];
  /** `thermal`: the weight while the board is hot; ours. */
  readonly heat?: number;
}

/** `vrrp_script NAME { }` */
export interface TrackScriptConfig {
  readonly name: string;
  readonly command: CommandConfig;
  readonly interval: number;
  readonly timeout: number;
  /** Results in a row that change the verdict. */
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
}

/** `track_file NAME { }`: the number in a file, times the weight, is added to the priority. */
export interface TrackFileConfig {
  readonly name: string;
  readonly path: string;
  /** `init_file [VALUE] [overwrite]`: the director makes the file. */
  readonly initial: { readonly value: number; readonly overwrite: boolean } | null;
}

/** `vrrp_track_process NAME { }`: up while quorum..quorumMax processes match. */
export interface TrackProcessConfig {
  readonly name: string;
  /** The program, and its arguments when they are compared. */
  readonly words: readonly string[];
  readonly match: 'name' | 'full-command' | 'initial' | 'partial' | 'exact';
  readonly quorum: number;
  /** Null: any number. */
  readonly quorumMax: number | null;
  /** How long a change must last before it counts: more processes, fewer processes. */
  readonly forkDelay: number;
  readonly terminateDelay: number;
}

export interface TrackersConfig {
  readonly scripts: readonly TrackScriptConfig[];
  readonly files: readonly TrackFileConfig[];
  readonly processes: readonly TrackProcessConfig[];
}

export interface InterfaceDelayConfig {
  readonly interface: string;
  readonly down: number;
  readonly up: number;
}

/** `vrrp_sync_group NAME { }` */
export interface SyncGroupConfig {
  readonly name: string;
  /** Names of instances. */
  readonly members: readonly string[];
  readonly tracks: TracksConfig;
  /** `sync_group_tracking_weight`: weights of the members' trackers change the priority of all members alike. */
  readonly trackingWeight: boolean;
  readonly notify: NotifyConfig;
}

/** A pipe that gets a line `INSTANCE|GROUP "NAME" STATE PRIORITY` for every change. */
export interface FifoConfig {
  readonly path: string;
  /** What is written into it: changes of instances and groups, or of virtual services and real servers; both unless it is there. */
  readonly about?: 'vrrp' | 'lvs';
  /** Whom it belongs to; null: whom scripts run as. */
  readonly user: string | null;
  readonly group: string | null;
  /** `fifo_write_vrrp_states_on_reload`: all states are written when a configuration was loaded. */
  readonly statesOnReload: boolean;
  /** Started with the path, and again when it ends; null: somebody else reads. */
  readonly script: CommandConfig | null;
}

export interface MailConfig {
  readonly server: string;
  readonly port: number;
  readonly timeout: number;
  readonly helo: string | null;
  readonly from: string;
  readonly to: readonly string[];
  /** `no_email_faults`: no mail about FAULT. */
  readonly faults: boolean;
}

/** `lvs_sync_daemon` */
export interface SyncDaemonConfig {
  readonly interface: string;
  /** The instance it follows; null: both daemons run all the time. */
  readonly instance: string | null;
  /** 0..255 */
  readonly syncId: number;
  /** Bytes of a datagram; null: the kernel's choice. */
  readonly maximumLength: number | null;
  readonly port: number | null;
  readonly ttl: number | null;
  /** Multicast group; null: 224.0.0.81. */
  readonly group: string | null;
}

/** `lvs_sync_threshold 3 50` is `{ name: 'sync_threshold', value: '3 50' }`. */
export interface SyncSettingConfig {
  /** Below net.ipv4.vs. */
  readonly name: string;
  readonly value: string;
}

/**
 * Who may speak for an instance. PASS is RFC 2338's for version 2 (8 bytes in clear). HMAC is keepalived 2.4's `auth_hmac`:
 * an authenticated trailer behind the message.
 */
export type AuthenticationConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'PASS'; readonly password: string }
  | {
      readonly kind: 'HMAC';
      /** `key` in hexadecimal digits. */
      readonly keys: readonly { readonly id: number; readonly key: string }[];
      /** Which key signs; every key verifies. */
      readonly activeKey: number;
      /** Discard what is older or newer than `timeWindow` by our wall clock; without it only repetition is detected. */
      readonly checksTime: boolean;
      readonly timeWindow: number;
      /** False with `mode permissive`: what carries no trailer is heard as well, while a group is being changed over. */
      readonly enforces: boolean;
    };

/** When and how often the neighbours are told of the addresses (gratuitous ARP, unsolicited neighbour advertisements). */
export interface AnnouncementConfig {
  /** Until they are told a second time after a takeover; 0: not. */
  readonly delay: number;
  /** Rounds each time. */
  readonly repeat: number;
  /** Between refreshes while master; 0: none. */
  readonly refresh: number;
  readonly refreshRepeat: number;
  /** The same after an advertisement of lower priority was heard as master. */
  readonly lowerPriorityDelay: number;
  readonly lowerPriorityRepeat: number;
  /** Least time between two ARP packets, and two neighbour advertisements, on an interface. */
  readonly arpInterval: number;
  readonly naInterval: number;
  /** `garp_extra_if all`: between refreshes on interfaces other than the instance's (`dev`), for the switches there; 0: none. */
  readonly extraRefresh: number;
}

export interface UnicastConfig {
  readonly peers: readonly {
    readonly address: string;
    readonly minimumTtl: number;
    readonly maximumTtl: number;
  }[];
  /** Of what we send; keepalived: 255. */
  readonly ttl: number;
  /** Only peers that are listed may speak. */
  readonly checkSource: boolean;
}

export interface VirtualMacConfig {
  /** Of the macvlan interface; `vrrp.<id>` (and `vrrp6.<id>`) unless named. */
  readonly name: string | null;
  /** Advertisements leave by the real interface with its own MAC. */
  readonly transmitFromBase: boolean;
}

/** `vrrp_instance NAME { }` */
export interface VrrpInstanceConfig {
  readonly name: string;
  readonly version: 2 | 3;
  /** Of the advertisements. */
  readonly family: 4 | 6;
  readonly initialState: 'MASTER' | 'BACKUP';
  readonly interface: string;
  /** 1..255 */
  readonly virtualRouterId: number;
  /** 1..255; 255 is the owner of the addresses. */
  readonly priority: number;
  /** Milliseconds: whole seconds for version 2, 10..40,950 for version 3. */
  readonly advertInterval: number;
  /** Of the instance's family; they stand in the advertisements. */
  readonly virtualAddresses: readonly VirtualAddressConfig[];
  /** `virtual_ipaddress_excluded`: of any family, held as the others but not advertised. */
  readonly excludedAddresses: readonly VirtualAddressConfig[];
  readonly virtualRoutes: readonly VirtualRouteConfig[];
  readonly virtualRules: readonly VirtualRuleConfig[];
  /** False with `nopreempt`. */
  readonly preempt: boolean;
  /** A master of lower priority is left in office this long after it was first heard. */
  readonly preemptDelay: number;
  /** False with `no_accept`: packets to the virtual addresses themselves are dropped (nf_tables), forwarded services pass. */
  readonly accept: boolean;
  /** `mcast_src_ip` or `unicast_src_ip`; null: the interface's first. */
  readonly sourceAddress: string | null;
  /** `track_src_ip`: FAULT while `sourceAddress` is not set on the interface. */
  readonly tracksSourceAddress: boolean;
  /** Where advertisements go; null: to the multicast group. */
  readonly unicast: UnicastConfig | null;
  /** `mcast_dst_ip`, `vrrp_mcast_group4`, `vrrp_mcast_group6`; 224.0.0.18 or ff02::12. */
  readonly multicastGroup: string;
  readonly virtualMac: VirtualMacConfig | null;
  /** Of version 3 on IPv4: `auto` is keepalived's (pseudo-header) until a peer uses the RFC's. */
  readonly checksum: 'auto' | 'rfc9568' | 'keepalived';
  readonly authentication: AuthenticationConfig;
  /** Our own interface may be down. */
  readonly tracksInterface: boolean;
  /** `linkbeat`, `linkbeat_use_polling`: as in `linkbeatInterfaces`. */
  readonly linkbeat: boolean;
  readonly tracks: TracksConfig;
  readonly announcements: AnnouncementConfig;
  /** `lower_prio_no_advert`: a master does not answer an advertisement of lower priority. */
  readonly answersLowerPriority: boolean;
  /** `higher_prio_send_advert`: a master that yields says so once more. */
  readonly answersHigherPriority: boolean;
  /** Intervals of silence until a master counts as gone, without the skew; the RFCs' 3. */
  readonly downTimerAdverts: number;
  /** `owner_ignore_adverts`: with priority 255 other masters are not heard. */
  readonly ownerIgnoresAdverts: boolean;
  /** `strict_mode`, `vrrp_strict`: exactly as the RFC, without our deviations (src/director/vrrp/deviations.ts). */
  readonly strict: boolean;
  readonly notify: NotifyConfig;
}
