// One VRRP instance as a pure state machine (RFC 9568, 6.4; RFC 3768, 6.4): what it knows, what happens to it, what it wants done.
import type { DuplicateMaster, VrrpCounters, VrrpInstanceStatus } from '../protocol.ts';
import { type Announcing, nextAnnouncement } from './announcement.ts';
import type { Signature } from './authentication.ts';
import type { ChecksumForm } from './checksum.ts';
import { type Complaint, complain } from './complaint.ts';
import type { Rival } from './duplicates.ts';
import { onDemote, onPromote, onTracking } from './orders.ts';
import type { Malformation, ReceivedAdvertisement } from './packet.ts';
import { effectivePriority } from './priority.ts';
import { onAdvertisement, onMalformed } from './reception.ts';
import { onSettings } from './reload.ts';
import type { Mark } from './sequence.ts';
import { firstChecksumForm, type InstanceSettings } from './settings.ts';
import { type Draft, onLink, onStart, onStop, onTimer } from './transition.ts';

export type { InstanceSettings } from './settings.ts';

/** INITIALIZE, BACKUP and MASTER are the RFC's; FAULT is INITIALIZE for want of a usable interface or of something else that is tracked. */
export type Phase = VrrpInstanceStatus['state'];

/** The interface as the instance needs to know it. */
export interface Link {
  readonly up: boolean;
  /** The primary address, which advertisements come from; null when the interface has none. */
  readonly address: Uint8Array | null;
}

export interface InstanceState {
  readonly settings: InstanceSettings;
  readonly link: Link;
  /** The sum of the weights of all trackers. */
  readonly adjustment: number;
  /** What forces the instance into FAULT besides its link, in words. */
  readonly faults: readonly string[];
  /** In force: what stands in advertisements, counts in elections and sets the timers. */
  readonly priority: number;
  readonly phase: Phase;
  /** When the phase began. All times are monotonic milliseconds. */
  readonly since: number;
  /** Active_Adver_Interval: the master's, in milliseconds. */
  readonly masterInterval: number;
  /** When the Adver_Timer (MASTER) or the Active_Down_Timer (BACKUP) fires; null when neither runs. */
  readonly timer: number | null;
  /** A member of a sync group that would be master by itself, and waits for `promote`. */
  readonly willing: boolean;
  /** Until when a master of lower priority is left in office; null while none is. */
  readonly preemptAt: number | null;
  /** Null while nothing is to be announced. */
  readonly announcing: Announcing | null;
  /** What the next advertisement is summed over. */
  readonly checksumForm: ChecksumForm;
  /** The sequences of senders that sign. */
  readonly marks: readonly Mark[];
  /** The last list of virtual addresses that was heard and is not, byte for byte, ours; `isOurs`: in another order it is. */
  readonly otherList: { readonly bytes: Uint8Array; readonly isOurs: boolean } | null;
  /** The other router that advertised last, while it counts as master. */
  readonly master: { readonly address: Uint8Array; readonly priority: number } | null;
  /** The master whose silence made this one master. */
  readonly predecessor: Uint8Array | null;
  /** Who may be another master beside this one. */
  readonly rival: Rival | null;
  /** The rival, when it is. */
  readonly duplicate: DuplicateMaster | null;
  readonly counters: VrrpCounters;
  /** Last thing that was wrong, in words. */
  readonly trouble: string | null;
  /** What was reported of late. */
  readonly complaints: readonly Complaint[];
}

export type InstanceEvent =
  | { readonly kind: 'start' }
  /** Leave the group, as before a shutdown. */
  | { readonly kind: 'stop' }
  /** Time has reached `nextTimer`. One that comes early or late does no harm. */
  | { readonly kind: 'timer' }
  | { readonly kind: 'link'; readonly link: Link }
  /** What the trackers say: the sum of their weights, and the reasons that force FAULT (the own interface is `link`). */
  | { readonly kind: 'tracking'; readonly adjustment: number; readonly faults: readonly string[] }
  /** Orders of the sync group: a backup becomes master, a master becomes backup; `reason` in words. */
  | { readonly kind: 'promote'; readonly reason: string }
  | { readonly kind: 'demote'; readonly reason: string }
  /** `sender` is the source address of the datagram. */
  | {
      readonly kind: 'advertisement';
      readonly advertisement: ReceivedAdvertisement;
      readonly sender: Uint8Array;
      /** Null when nothing needs to be signed. */
      readonly signature: Signature | null;
    }
  | {
      readonly kind: 'malformed';
      readonly malformation: Malformation;
      readonly sender: Uint8Array;
      /** What it says of its priority and its interval; 0 when it says nothing. */
      readonly priority: number;
      readonly interval: number;
    }
  /** Something went wrong in carrying an effect out. */
  | { readonly kind: 'trouble'; readonly text: string }
  /** New settings for the same group: version, family and virtual router id are what they were. */
  | { readonly kind: 'settings'; readonly settings: InstanceSettings };

export type InstanceEffect =
  | { readonly kind: 'advertise'; readonly priority: number }
  /** Have exactly the configured addresses on the interface. */
  | { readonly kind: 'hold' }
  /** Take all of them off. */
  | { readonly kind: 'leave' }
  /**
   * Tell the neighbours where the addresses are (gratuitous ARP, unsolicited NA), so many times; `elsewhere`: only of those on interfaces
   * other than the instance's.
   */
  | { readonly kind: 'announce'; readonly rounds: number; readonly elsewhere: boolean }
  | { readonly kind: 'report'; readonly severity: 'info' | 'warning'; readonly text: string }
  /** Somebody has to look after this. */
  | { readonly kind: 'alarm'; readonly text: string };

export type AdvertisementEvent = Extract<InstanceEvent, { kind: 'advertisement' }>;
export type MalformedEvent = Extract<InstanceEvent, { kind: 'malformed' }>;

export interface Step {
  readonly state: InstanceState;
  /** To be carried out in this order. */
  readonly effects: readonly InstanceEffect[];
}

const NO_COUNTS: VrrpCounters = {
  becameMaster: 0,
  sent: 0,
  received: 0,
  priorityZeroSent: 0,
  priorityZeroReceived: 0,
  discarded: 0,
};

/** An instance that has not been started. */
export function newInstance(settings: InstanceSettings, link: Link, now: number): InstanceState {
  return {
    settings,
    link,
    adjustment: 0,
    faults: [],
    priority: effectivePriority(settings.priority, 0),
    phase: 'INITIALIZE',
    since: now,
    masterInterval: settings.advertInterval,
    timer: null,
    willing: false,
    preemptAt: null,
    announcing: null,
    checksumForm: firstChecksumForm(settings),
    marks: [],
    otherList: null,
    master: null,
    predecessor: null,
    rival: null,
    duplicate: null,
    counters: NO_COUNTS,
    trouble: null,
    complaints: [],
  };
}

/** What `event` at `now` makes of `state`. Total: takes any event in any phase. */
export function step(state: InstanceState, event: InstanceEvent, now: number): Step {
  const draft: Draft = { ...state };
  const effects: InstanceEffect[] = [];
  switch (event.kind) {
    case 'start':
      onStart(draft, effects, now);
      break;
    case 'stop':
      onStop(draft, effects, now);
      break;
    case 'timer':
      onTimer(draft, effects, now);
      break;
    case 'link':
      onLink(draft, effects, event.link, now);
      break;
    case 'tracking':
      onTracking(draft, effects, event.adjustment, event.faults, now);
      break;
    case 'promote':
      onPromote(draft, effects, event.reason, now);
      break;
    case 'demote':
      onDemote(draft, effects, event.reason, now);
      break;
    case 'advertisement':
      onAdvertisement(draft, effects, event, now);
      break;
    case 'malformed':
      onMalformed(draft, effects, event, now);
      break;
    case 'trouble':
      complain(draft, effects, event.text, now);
      break;
    case 'settings':
      onSettings(draft, effects, event.settings, now);
      break;
  }
  return { state: draft, effects };
}

/** When a `timer` event is due; null when none is. */
export function nextTimer({ timer, announcing }: InstanceState): number | null {
  const announcement = announcing === null ? null : nextAnnouncement(announcing);
  if (timer === null || announcement === null) return timer ?? announcement;
  return Math.min(timer, announcement);
}
