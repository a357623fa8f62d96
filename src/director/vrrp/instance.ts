// One VRRP instance as a pure state machine (RFC 9568, 6.4; RFC 3768, 6.4): what it knows, what happens to it, what it wants done.
import type { VrrpCounters, VrrpInstanceStatus } from '../protocol.ts';
import type { ChecksumForm } from './checksum.ts';
import type { Deviations } from './deviations.ts';
import type { Malformation, ReceivedAdvertisement } from './packet.ts';
import { onAdvertisement, onMalformed } from './reception.ts';
import { onSettings } from './reload.ts';
import { complain, type Draft, onLink, onStart, onStop, onTimer } from './transition.ts';

/** INITIALIZE, BACKUP and MASTER are the RFC's; FAULT is INITIALIZE for want of a usable interface. */
export type Phase = VrrpInstanceStatus['state'];

export interface InstanceSettings {
  readonly version: 2 | 3;
  readonly virtualRouterId: number;
  readonly priority: number;
  /** Milliseconds. */
  readonly advertInterval: number;
  readonly preempt: boolean;
  /** The virtual addresses as they stand in our advertisements. */
  readonly addresses: readonly Uint8Array[];
  readonly deviations: Deviations;
}

/** The interface as the instance needs to know it. */
export interface Link {
  readonly up: boolean;
  /** The primary address, which advertisements come from; null when the interface has none. */
  readonly address: Uint8Array | null;
}

export interface InstanceState {
  readonly settings: InstanceSettings;
  readonly link: Link;
  readonly phase: Phase;
  /** When the phase began. All times are monotonic milliseconds. */
  readonly since: number;
  /** Active_Adver_Interval: the master's, in milliseconds. */
  readonly masterInterval: number;
  /** When the Adver_Timer (MASTER) or the Active_Down_Timer (BACKUP) fires; null when neither runs. */
  readonly timer: number | null;
  /** When the addresses are announced again; null when that is not due. */
  readonly announceAt: number | null;
  /** When they were last announced. */
  readonly announcedAt: number;
  /** What the next advertisement is summed over. */
  readonly checksumForm: ChecksumForm;
  /** The other router that advertised last, while it counts as master. */
  readonly master: { readonly address: Uint8Array; readonly priority: number } | null;
  readonly counters: VrrpCounters;
  /** Last thing that was wrong, in words. */
  readonly trouble: string | null;
}

export type InstanceEvent =
  | { readonly kind: 'start' }
  /** Leave the group, as before a shutdown. */
  | { readonly kind: 'stop' }
  /** Time has reached `nextTimer`. One that comes early or late does no harm. */
  | { readonly kind: 'timer' }
  | { readonly kind: 'link'; readonly link: Link }
  /** `sender` is the source address of the datagram. */
  | {
      readonly kind: 'advertisement';
      readonly advertisement: ReceivedAdvertisement;
      readonly sender: Uint8Array;
    }
  | { readonly kind: 'malformed'; readonly malformation: Malformation; readonly sender: Uint8Array }
  /** Something went wrong in carrying an effect out. */
  | { readonly kind: 'trouble'; readonly text: string }
  /** New settings for the same group: version and virtual router id are what they were. */
  | { readonly kind: 'settings'; readonly settings: InstanceSettings };

export type InstanceEffect =
  | { readonly kind: 'advertise'; readonly priority: number }
  /** Have exactly the settings' addresses on the interface. */
  | { readonly kind: 'hold' }
  /** Take all of them off. */
  | { readonly kind: 'leave' }
  /** Tell the neighbours where the addresses are (gratuitous ARP). */
  | { readonly kind: 'announce' }
  | { readonly kind: 'report'; readonly severity: 'info' | 'warning'; readonly text: string };

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
    phase: 'INITIALIZE',
    since: now,
    masterInterval: settings.advertInterval,
    timer: null,
    announceAt: null,
    announcedAt: Number.NEGATIVE_INFINITY,
    checksumForm: 'pseudo-header',
    master: null,
    counters: NO_COUNTS,
    trouble: null,
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
    case 'advertisement':
      onAdvertisement(draft, effects, event.advertisement, event.sender, now);
      break;
    case 'malformed':
      onMalformed(draft, effects, event.malformation, event.sender);
      break;
    case 'trouble':
      complain(draft, effects, event.text);
      break;
    case 'settings':
      onSettings(draft, effects, event.settings, now);
      break;
  }
  return { state: draft, effects };
}

/** When a `timer` event is due; null when none is. */
export function nextTimer(state: InstanceState): number | null {
  if (state.timer === null) return state.announceAt;
  if (state.announceAt === null) return state.timer;
  return Math.min(state.timer, state.announceAt);
}
