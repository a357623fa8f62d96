// What the director's processes and the console say to each other: one JSON object a line over unix stream sockets in the run
// directory. `control.sock` serves the console; `vrrp.sock` and `checker.sock` serve the control process, which pushes configuration.

import type {
  MarkConfig,
  MasqueradeConfig,
  ServiceKey,
  VirtualServerConfig,
  VrrpInstanceConfig,
} from './config/config.ts';
import type { InterfaceDelayConfig, SyncGroupConfig } from './config/vrrp-config.ts';
import type { CardProfile } from './flash/card.ts';
import type { History } from './flash/history.ts';
import type { Odometer } from './flash/odometer.ts';
import type { GaugeHistory } from './telemetry/gauges.ts';

export interface Request {
  /** Chosen by the asker, repeated in the answer. */
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };

/** Roles are processes of the one binary; their names are what ps shows behind `director: `. */
export type Role = 'supervisor' | 'control' | 'vrrp' | 'checker' | 'telemetry';

// control -> vrrp: command `configure` with this, answer null; command `status`, answer VrrpStatus; command `release`, answer null:
// leave every group (priority-0 advertisement), as before a stop.
// command `track` with TrackReport[], answer null: what scripts, files, processes and services say; each report replaces the earlier one
// of its tracker. command `subscribe`, answer null: from then on VrrpEvents come on this connection, each as `{event: ...}`; who reads
// too slowly is told `{lost: N}` in place of N events.
// console -> control: `subscribe` as well; there the events that made everything what it is come first.
export interface VrrpSlice {
  readonly instances: readonly VrrpInstanceConfig[];
  readonly syncGroups: readonly SyncGroupConfig[];
  readonly interfaceDelays: readonly InterfaceDelayConfig[];
  readonly linkbeatInterfaces: readonly string[];
  /** Milliseconds from the director's start during which no instance is started. */
  readonly startupDelay: number;
  /** True until the real servers are known here: a master that serves is not preempted by one that cannot yet. */
  readonly yielding: boolean;
}

export type TrackerKind = 'script' | 'file' | 'process' | 'service' | 'heat';

/** The name of the one tracker of heat: down while the board is hot. */
export const HEAT_TRACKER = 'board';

/** How a tracker is. One that nothing was said of is unknown: an instance that needs it stays in FAULT. */
export interface TrackReport {
  readonly kind: TrackerKind;
  /** Of the tracker; of a service its key as serviceId of ipvs/table.ts writes it; of the heat `board`. */
  readonly name: string;
  /** Of a file: it can be read; one that cannot says 0. */
  readonly up: boolean;
  /** What a file says, to be multiplied by the weight; 1 for a script that is up, or what its exit status says. */
  readonly value: number;
  /** In words. */
  readonly reason: string;
}

/** Something that others may want to act on. */
export interface VrrpEvent {
  readonly subject: 'INSTANCE' | 'GROUP';
  readonly name: string;
  readonly kind: 'state' | 'priority' | 'receives-lower' | 'deleted' | 'alarm';
  readonly state: VrrpInstanceStatus['state'] | 'STOP';
  /** Effective. */
  readonly priority: number;
  /** In words. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface VrrpStatus {
  readonly instances: readonly VrrpInstanceStatus[];
  readonly syncGroups: readonly SyncGroupStatus[];
}

export interface SyncGroupStatus {
  readonly name: string;
  readonly state: VrrpInstanceStatus['state'];
  readonly members: readonly string[];
}

/** Another router that advertises although this one is master. */
export interface DuplicateMaster {
  readonly address: string;
  readonly priority: number;
  /** The likely cause, in words. */
  readonly cause: string;
}

export interface VrrpInstanceStatus {
  readonly name: string;
  readonly interface: string;
  readonly virtualRouterId: number;
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly syncGroup: string | null;
  readonly state: 'INITIALIZE' | 'BACKUP' | 'MASTER' | 'FAULT';
  /** Monotonic milliseconds this state has lasted. */
  readonly since: number;
  /** In force: the configured one with all adjustments. */
  readonly priority: number;
  readonly configuredPriority: number;
  /** Every reason for a difference between the two. */
  readonly adjustments: readonly { readonly change: number; readonly reason: string }[];
  /** Every reason for being in FAULT. */
  readonly faults: readonly string[];
  /** Milliseconds. */
  readonly advertInterval: number;
  readonly virtualAddresses: readonly string[];
  /** Who is master as far as this node knows: its address and priority; null when unknown or this node. */
  readonly master: { readonly address: string; readonly priority: number } | null;
  /** A second master, as long as it is heard; null when there is none. */
  readonly duplicate: DuplicateMaster | null;
  readonly counters: VrrpCounters;
  /** Last thing that was wrong, in words, or null. */
  readonly trouble: string | null;
}

export interface VrrpCounters {
  readonly becameMaster: number;
  readonly sent: number;
  readonly received: number;
  readonly priorityZeroSent: number;
  readonly priorityZeroReceived: number;
  readonly discarded: number;
}

// control -> checker: command `configure` with this, answer null; command `status`, answer CheckerStatus; command `settled`, answer
// true once the checks have decided about every real server; command `subscribe`, answer TrackReport[] of the services: from then on
// what changes comes on this connection, each as `{report: ...}`, and what happens to servers and services as `{event: ServiceEvent}`,
// the present state of each first; to ask again is to be told the present states again. Command `order` with Order, answer
// OrderOutcome. Of two orders about a server the later one counts; `undrain` and `resume` take back either.
export interface CheckerSlice {
  readonly virtualServers: readonly VirtualServerConfig[];
  /** What a person has ordered so far: a checker process that was started again goes on with it. */
  readonly orders?: readonly Order[];
  /** A real server whose name or address is the name of a file in it is in maintenance. */
  readonly maintenanceDirectory?: string | null;
}

/** What a person wants of real servers, until it is taken back by `undrain`, `resume` or `forgive`. */
export interface Order {
  /**
   * `drain`: no new connections, out of the table when none is left; `maintain`: as drain, without an end of its own; `forgive`: the
   * penalty of its flapping is forgotten.
   */
  readonly kind: 'drain' | 'undrain' | 'maintain' | 'resume' | 'forgive';
  /** `name` of real servers, their address, or address and port as `destinationId` writes them. */
  readonly server: string;
  /** The one service that is meant, as `serviceName` writes it; all that it stands in unless it is there. */
  readonly service?: string;
  /** Milliseconds from `at` after which a drain ends whoever is still connected; null: never. */
  readonly timeout?: number | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The real servers that an order was about, as `SERVER of SERVICE`; none: nobody is called so. */
export interface OrderOutcome {
  readonly servers: readonly string[];
}

/** What happened to a real server or to a service; notifications and `director events` are made of it. */
export interface ServiceEvent {
  readonly subject: 'REAL SERVER' | 'VIRTUAL SERVER' | 'SORRY SERVER';
  /** As `serviceName` writes it. */
  readonly service: string;
  /** As `destinationId` writes it; null for a VIRTUAL SERVER. */
  readonly server: string | null;
  /** `up` and `down` of a VIRTUAL SERVER are its quorum; a SORRY SERVER that is `up` stands by. */
  readonly state: RealServerStatus['state'];
  /** In words. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How it was found, not something that happened. */
  readonly isPresent?: true;
  /** It is no longer configured; its state is `down`. */
  readonly isGone?: true;
}

export interface CheckerStatus {
  readonly services: readonly ServiceStatus[];
  /** Repairs of the kernel's table since start: what somebody else had changed. */
  readonly repairs: number;
  /** Why IPVS cannot be used here, or null. */
  readonly trouble: string | null;
}

export interface ServiceStatus {
  readonly key: ServiceKey;
  /** Of a group: all that it answers on. */
  readonly keys?: readonly ServiceKey[];
  /** As `serviceName` writes it; that of its key unless it is there. */
  readonly name?: string;
  readonly scheduler: string;
  readonly quorum?: QuorumStatus;
  /** What answers while the quorum is lost; absent when there is none. */
  readonly sorryServer?: RealServerStatus;
  readonly realServers: readonly RealServerStatus[];
}

export interface QuorumStatus {
  /** Null: not decided yet. */
  readonly up: boolean | null;
  /** Of the real servers that are up, added up. */
  readonly weight: number;
  readonly needed: number;
  /** Milliseconds that it has been so. */
  readonly since: number;
}

export interface RealServerStatus {
  readonly address: string;
  readonly port: number;
  /** What people call it, where that is not its address. */
  readonly name?: string;
  readonly forwarding: string;
  /** In force. */
  readonly weight: number;
  /** Where another weight is in force: by checks, by a ramp, by hand. */
  readonly configuredWeight?: number;
  /** Of its flapping, as far as that is more than nothing. */
  readonly penalty?: number;
  /** Milliseconds until its penalty has become small enough for it to serve again; while it is `damped`. */
  readonly dampedLeft?: number;
  /** Milliseconds until a slow start has brought it to its weight; while that goes on. */
  readonly rampLeft?: number;
  /** Milliseconds until a drain ends whoever is still connected; null: never. While it is `draining`. */
  readonly drainLeft?: number | null;
  readonly state: 'starting' | 'up' | 'down' | 'draining' | 'maintenance' | 'damped' | 'sorry';
  /** In words: what the last check said, or who ordered it. */
  readonly reason: string;
  /** Milliseconds this state has lasted. */
  readonly since: number;
  /** From the kernel; null when the server is not in the table. */
  readonly activeConnections: number | null;
  readonly inactiveConnections: number | null;
  /** Clients that persistence has given to it and that are not connected at the moment included. */
  readonly persistentConnections?: number | null;
}

/** What the control process turns into nf_tables rules. */
export interface FilterSlice {
  readonly marks: readonly MarkConfig[];
  readonly masquerades: readonly MasqueradeConfig[];
  /** Services by address that connection tracking leaves alone. */
  readonly untracked?: readonly ServiceKey[];
  /** Virtual addresses that take no packets for themselves, with the services that IPVS forwards from them. */
  readonly noAccept: readonly { readonly address: string; readonly services: readonly ServiceKey[] }[];
}

// control -> telemetry: command `configure` with this, answer null; command `announce` with `announced` of it, answer null: before something
// is written to the card; command `settle`, answer null: when that is over; command `sample` with Samples, answer null:
// from now on these are what control has measured, kept as gauges; command `judge` with WriteRequest (flash/budget.ts), answer Verdict; command `flash`, answer FlashState;
// command `status`, answer TelemetryStatus; command `subscribe`, answer null: from then on what happens comes on this connection, each as
// `{event: CardEvent}`.
// console -> control: `flash`, answer FlashState.
export interface TelemetrySlice {
  /** Bytes a day; null: no budget. */
  readonly budget: number | null;
  readonly profile: CardProfile;
  /** Null: the director has no card here. */
  readonly card: CardOdometer | null;
  /** Sectors that commits and upgrades of this boot write, added up, by device: disk and partition. */
  readonly announced: Readonly<Record<string, number>>;
}

/** What control has measured. */
export interface Samples {
  /** By names, `temperature lm86 temp2` in degrees Celsius or `voltage pc87366 in7` in volts. */
  readonly values: Readonly<Record<string, number>>;
  /** The board is too hot for work that can wait. */
  readonly resting: boolean;
}

/** What is known of the director's card. */
export interface CardOdometer {
  /** Name of the disk: `sda`. */
  readonly disk: string;
  /** Sectors written in its life, until the kernel's counter of the disk said `counted`. */
  readonly sectors: number;
  readonly counted: number;
  /** The day of the last write until then, days since 1970, and the bytes written on it. */
  readonly day: number;
  readonly spent: number;
  readonly erased: Odometer['erased'] | null;
}

/** Something that happened to a card or another disk. */
export interface CardEvent {
  readonly subject: 'CARD';
  /** `sda`; of a refused write what was to be written to; null: all disks. */
  readonly device: string | null;
  /**
   * `alarm`: what is read-only was written to, or the budget is spent; `device`: a disk came or went; `failed`, `back`, `another` and
   * `unreadable`: the card that the director came from; `refused write`: what the kernel did not let through.
   */
  readonly kind:
    | 'alarm'
    | 'budget'
    | 'device'
    | 'failed'
    | 'back'
    | 'another'
    | 'unreadable'
    | 'refused write';
  /** In words; of a refused write the process, where the kernel tells. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface TelemetryStatus {
  /** Bytes of the day's budget; null without one. */
  readonly budget: BudgetStatus | null;
  /** What is wrong now, in words. */
  readonly troubles: readonly string[];
}

export interface BudgetStatus {
  readonly perDay: number;
  readonly spent: number;
}

/** All that the telemetry process knows of disks. */
export interface FlashState {
  /** Milliseconds since the system started. */
  readonly uptime: number;
  readonly boot: string | null;
  readonly histories: readonly (readonly [name: string, history: History])[];
  /** Bytes. */
  readonly sizes: readonly (readonly [name: string, size: number])[];
  /** Null: the kernel does not tell. */
  readonly readOnly: readonly string[] | null;
  /** What nothing may write to unless it is announced: all of that, and of the director's card. */
  readonly guarded: readonly string[];
  readonly profile: CardProfile | null;
  /** The disk that the director is on; null: it has no card here. */
  readonly card: string | null;
  /** Bytes written in the life of that card. */
  readonly written: number | null;
  /** The first count of its erasures that is known; null: none is. */
  readonly erased: Odometer['erased'] | null;
  readonly budget: BudgetStatus | null;
  readonly gauges: readonly (readonly [name: string, history: GaugeHistory])[];
  /** Who wrote to disks, the last one first. */
  readonly writers: readonly WriterReport[];
  /** What happened, the last first. */
  readonly notes: readonly { readonly at: number; readonly text: string }[];
}

/** What a program has written to one file, or to files that it did not have open any more. */
export interface WriterReport {
  readonly name: string;
  readonly file: string | null;
  /** Of the last process of this name. */
  readonly pid: number;
  /** Bytes; whether or not they have reached a disk. */
  readonly bytes: number;
  /** Milliseconds since 1970: the last time. */
  readonly at: number;
}
