// A director in a simulated world: one machine with one VRRP instance.
import type { Key } from '../../src/director/vrrp/hmac.ts';
import type {
  InstanceEffect,
  InstanceEvent,
  InstanceSettings,
  InstanceState,
  Phase,
} from '../../src/director/vrrp/instance.ts';

export interface Node {
  readonly index: number;
  readonly address: Uint8Array;
  /** Its monotonic clock began at another moment than the others', and runs a little faster or slower. */
  readonly clockOffset: number;
  readonly clockRate: number;
  /** What its wall clock was at the beginning of the world, as it is set now: milliseconds since 1970. */
  wallOffset: number;
  /** Of its last signed advertisement. */
  sequence: bigint;
  settings: InstanceSettings;
  /** Null while the node is dead. */
  state: InstanceState | null;
  linkUp: boolean;
  /** What its trackers say. */
  adjustment: number;
  faults: readonly string[];
  /** While stalled nothing runs; what arrives waits. */
  stalled: boolean;
  readonly inbox: Arrival[];
  holdsAddresses: boolean;
  alarm: number | null;
}

export interface Arrival {
  readonly message: Uint8Array;
  readonly sender: Uint8Array;
}

/** One event at a node and what came of it. */
export interface Happening {
  readonly node: Node;
  /** Null: it was dead. */
  readonly before: InstanceState | null;
  readonly event: InstanceEvent | null;
  readonly effects: readonly InstanceEffect[];
}

/** Whether the instance of a node takes part in its group: it runs, lives and is connected. */
export function takesPart(node: Node): boolean {
  const phase = phaseOf(node);
  return (phase === 'BACKUP' || phase === 'MASTER') && node.linkUp;
}

export function phaseOf(node: Node): Phase | null {
  return node.state?.phase ?? null;
}

export function isMaster(node: Node): boolean {
  return node.state?.phase === 'MASTER';
}

/** What its configuration and its trackers make of its priority. */
export function priorityOf({ settings: { priority }, adjustment }: Node): number {
  return priority === 255 ? 255 : Math.min(254, Math.max(1, priority + adjustment));
}

/** Whether the advertisements of one make the other give way (RFC 9568, 6.4.3). */
export function outranks(one: Node, other: Node): boolean {
  const difference = priorityOf(one) - priorityOf(other);
  return difference > 0 || (difference === 0 && one.index > other.index);
}

/** Whether one accepts the advertisements of the other, as far as their configurations go. */
export function understands(one: Node, other: Node): boolean {
  const ours = one.settings.authentication;
  const theirs = other.settings.authentication;
  if (ours.kind === 'HMAC') {
    return theirs.kind === 'HMAC' && ours.keys.some(key => isSameKey(key, theirs.active));
  }
  if (one.settings.version === 3) return true;
  if (ours.kind === 'PASS' && theirs.kind === 'PASS') return ours.password[0] === theirs.password[0];
  return ours.kind === theirs.kind;
}

function isSameKey(one: Key, other: Key): boolean {
  return one.id === other.id && one.bytes[0] === other.bytes[0];
}
