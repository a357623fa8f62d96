// What an instance's trackers come to: how much its priority changes, why, and what puts it into FAULT. Pure.
import type { TrackConfig, TracksConfig } from '../config/vrrp-config.ts';
import { serviceId } from '../ipvs/table.ts';
import { HEAT_TRACKER, type TrackerKind, type TrackReport } from '../protocol.ts';

/** What is known of the things that can be tracked. */
export interface Known {
  /** An interface, settled (`interface_up_down_delays`). One that does not exist is down. */
  isInterfaceUp(name: string): boolean;
  /** Null: nothing was said of it yet. */
  report(kind: TrackerKind, name: string): TrackReport | null;
}

export interface Adjustment {
  readonly change: number;
  /** In words. */
  readonly reason: string;
}

export interface Tracking {
  readonly adjustments: readonly Adjustment[];
  /** Reasons for FAULT, in words. */
  readonly faults: readonly string[];
  /** Trackers without a weight that nothing is known of yet: no reason to leave office, but one not to start. */
  readonly unknown: readonly string[];
}

export const NOTHING_TRACKED: Tracking = { adjustments: [], faults: [], unknown: [] };

/** keepalived: a file that says this or less, weighed, puts the instance into FAULT; more than the other does not count. */
const FILE_FAULT = -254;
const FILE_MOST = 253;

/** A tracker as it is: `up` is null while nothing is known. */
interface Condition {
  readonly what: string;
  readonly up: boolean | null;
  /** Why, in words. */
  readonly reason: string;
}

/** What `tracks` come to. */
export function trackingOf(tracks: TracksConfig, known: Known): Tracking {
  const reported = (kind: TrackerKind, tracker: Omit<TrackConfig, 'name'>, name: string) =>
    weigh(tracker, conditionOf(kind, name, known.report(kind, name)));
  return merge([
    ...tracks.interfaces.map(each => weigh(each, interfaceCondition(each.name, known))),
    ...tracks.scripts.map(each => reported('script', each, each.name)),
    ...tracks.processes.map(each => reported('process', each, each.name)),
    ...tracks.services.map(each => reported('service', each, serviceId(each.key))),
    ...(tracks.heat === undefined
      ? []
      : [reported('heat', { weight: tracks.heat, reverse: false }, HEAT_TRACKER)]),
    ...tracks.files.map(each => weighFile(each, known.report('file', each.name))),
  ]);
}

export function merge(parts: readonly Tracking[]): Tracking {
  return {
    adjustments: parts.flatMap(({ adjustments }) => adjustments),
    faults: parts.flatMap(({ faults }) => faults),
    unknown: parts.flatMap(({ unknown }) => unknown),
  };
}

/** The sum of all changes. */
export function sumOf({ adjustments }: Tracking): number {
  return adjustments.reduce((sum, { change }) => sum + change, 0);
}

/**
 * keepalived's rule: a positive weight is added while the tracker is up, a negative one while it is down; `reverse` turns the sign
 * of what is added, and without a weight it turns what counts as down.
 */
function weigh({ weight, reverse }: Omit<TrackConfig, 'name'>, { what, up, reason }: Condition): Tracking {
  const text = `${what}: ${reason}`;
  if (up === null) return weight === null ? { ...NOTHING_TRACKED, unknown: [text] } : NOTHING_TRACKED;
  if (weight === null) return up === reverse ? { ...NOTHING_TRACKED, faults: [text] } : NOTHING_TRACKED;
  return up === weight > 0 ? adjusted(reverse ? -weight : weight, text) : NOTHING_TRACKED;
}

/** A file's number times the weight is added; without a weight any number but 0 is a fault (with `reverse`: only 0). */
function weighFile({ name, weight, reverse }: TrackConfig, report: TrackReport | null): Tracking {
  const what = `file ${name}`;
  if (report === null) return weigh({ weight, reverse }, conditionOf('file', name, null));
  // A file that cannot be read says 0.
  const value = report.up ? report.value : 0;
  const text = report.up ? `${what} says ${value}` : `${what}: ${report.reason}`;
  if (weight === null)
    return (value === 0) === reverse ? { ...NOTHING_TRACKED, faults: [text] } : NOTHING_TRACKED;
  const change = value * (reverse ? -weight : weight);
  return change <= FILE_FAULT
    ? { ...NOTHING_TRACKED, faults: [text] }
    : adjusted(Math.min(FILE_MOST, change), text);
}

function adjusted(change: number, reason: string): Tracking {
  return change === 0 ? NOTHING_TRACKED : { ...NOTHING_TRACKED, adjustments: [{ change, reason }] };
}

function interfaceCondition(name: string, known: Known): Condition {
  const up = known.isInterfaceUp(name);
  return { what: `interface ${name}`, up, reason: up ? 'up' : 'down' };
}

function conditionOf(kind: TrackerKind, name: string, report: TrackReport | null): Condition {
  const what = `${kind} ${name}`;
  if (report === null) return { what, up: null, reason: 'nothing is known of it yet' };
  return { what, up: report.up, reason: report.reason };
}
