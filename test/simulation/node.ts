// A director in a simulated world: one machine, with an instance on every segment of its network.
import type { VrrpInstanceConfig } from '../../src/director/config/config.ts';
import type { SyncGroupConfig } from '../../src/director/config/vrrp-config.ts';
import type { Coordination } from '../../src/director/vrrp/coordination.ts';
import type { InstanceEvent, InstanceState, Phase } from '../../src/director/vrrp/instance.ts';
import type { InstanceSettings } from '../../src/director/vrrp/settings.ts';
import { HEALTH, LOAD, type Verdicts } from './trackers.ts';

export interface Node {
  readonly index: number;
  /** One on each segment. */
  readonly routers: readonly Router[];
  /** All of them are in it; null: each is on its own. */
  readonly group: SyncGroupConfig | null;
  /** Its monotonic clock began at another moment than the others', and runs a little faster or slower. */
  readonly clockOffset: number;
  readonly clockRate: number;
  /** What its wall clock was at the beginning of the world, as it is set now: milliseconds since 1970. */
  wallOffset: number;
  /** While stalled nothing runs; what arrives waits. */
  isStalled: boolean;
  /** What its trackers say. */
  verdicts: Verdicts;
  /** Null while the node is dead. */
  coordination: Coordination | null;
}

/** An instance of a node. */
export interface Router {
  readonly node: Node;
  readonly segment: number;
  readonly address: Uint8Array;
  config: VrrpInstanceConfig;
  settings: InstanceSettings;
  /** Null while the node is dead. */
  state: InstanceState | null;
  linkUp: boolean;
  /** What arrived while the node was stalled. */
  readonly inbox: Arrival[];
  holdsAddresses: boolean;
  /** When its timer is due, by its own clock. */
  alarm: number | null;
  /** Of its last signed advertisement. */
  sequence: bigint;
  /** An event, and all that follows from it at once; nothing when the node is dead. */
  happen(event: InstanceEvent): void;
}

export interface Arrival {
  readonly message: Uint8Array;
  readonly sender: Uint8Array;
}

/** `1` or, with more than one segment, `1/0`: the node and the segment. */
export function nameOf({ node, segment }: Router): string {
  return node.routers.length === 1 ? `${node.index}` : `${node.index}/${segment}`;
}

export function phaseOf(router: Router): Phase | null {
  return router.state?.phase ?? null;
}

export function isMaster(router: Router): boolean {
  return router.state?.phase === 'MASTER';
}

/** Whether a router takes part in its group: it lives, was started and can work. */
export function takesPart(router: Router): boolean {
  const phase = phaseOf(router);
  return (phase === 'BACKUP' || phase === 'MASTER') && !isFaulty(router);
}

/** Whether something keeps a router from its work: its link, a tracker, or another one of its sync group. */
export function isFaulty({ node, linkUp }: Router): boolean {
  const isUp = node.group === null ? linkUp : node.routers.every(each => each.linkUp);
  return !isUp || !node.verdicts[HEALTH];
}

/** What its configuration and its trackers make of its priority. */
export function priorityOf({ config, node }: Router): number {
  if (config.priority === 255) return 255;
  const { scripts } = (node.group ?? config).tracks;
  const weight = scripts.find(({ name }) => name === LOAD)?.weight ?? 0;
  const adjustment = node.verdicts[LOAD] === weight > 0 ? weight : 0;
  return Math.min(254, Math.max(1, config.priority + adjustment));
}

/** Whether the advertisements of one make the other give way (RFC 9568, 6.4.3). */
export function outranks(one: Router, other: Router): boolean {
  const difference = priorityOf(one) - priorityOf(other);
  return difference > 0 || (difference === 0 && one.node.index > other.node.index);
}
