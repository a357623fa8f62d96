// How a real server stands, of all that is known of it: its checks, who holds it, what its flapping counts for, its slow start.
import type { RealServerConfig, VirtualServerConfig } from '../config/config.ts';
import type { RealServerStatus } from '../protocol.ts';
import { isDamped, type Penalty, reusedAt } from './damping.ts';
import { type Hold, holdOf, type Ordered } from './hold.ts';
import { nextRampStep, rampedWeight } from './ramp.ts';
import { type ServerState, weightOf } from './state.ts';

export interface Standing {
  readonly state: RealServerStatus['state'];
  /** Monotonic milliseconds of the last change. */
  readonly since: number;
  /** In words. */
  readonly reason: string;
}

/** What is known of a server; `stand` brings the second half up to date with the first. */
export interface StandingServer {
  config: RealServerConfig;
  /** As its checks make it. */
  state: ServerState;
  ordered: Ordered | null;
  /** Name of its file in the maintenance directory. */
  noted: string | null;
  /** Of its losses. */
  penalty: Penalty | null;
  /** It came with its service: there is nothing warm beside it that a slow start would spare it for. */
  readonly isFirst: boolean;

  standing: Standing;
  /** Configured, with what checks add. */
  fullWeight: number;
  /** Why nobody is connected to a server that is held; null while it may have connections. */
  drained: string | null;
  /** Monotonic milliseconds at which a drain ends whoever is still connected; null: never. */
  deadline: number | null;
  /** Monotonic milliseconds at which its slow start began, or null. */
  rampSince: number | null;
  /** In the table: 0 for no new connections, null for no place in it. */
  weight: number | null;
}

/** What the service says of all its servers. */
export type Manners = Pick<VirtualServerConfig, 'slowStart' | 'flapDamping' | 'drainTimeout'>;

/** A standing for a server that nobody has looked at yet. */
export function unseen(now: number): Standing {
  return { state: 'starting', since: now, reason: 'not checked yet' };
}

/** Brings `server` up to date, but for its weight in the table. */
export function stand(server: StandingServer, manners: Manners, now: number): void {
  const before = server.standing;
  server.fullWeight = weightOf(server.config.weight, server.state);
  const hold = holdOf(server);
  const found = hold === null ? released(server, manners, now) : held(server, hold, manners, now);
  const isNew = found.state !== before.state;
  const { state, reason } = found;
  server.standing = { state, since: isNew ? now : before.since, reason };
  if (found.state !== 'up') {
    server.rampSince = null;
  } else if (isNew && manners.slowStart !== undefined && !(before.state === 'starting' && server.isFirst)) {
    server.rampSince = now;
  }
}

type Found = Pick<Standing, 'state' | 'reason'>;

function released(server: StandingServer, { flapDamping }: Manners, now: number): Found {
  server.drained = null;
  server.deadline = null;
  const { state, penalty } = server;
  const isKeptOut =
    state.state === 'up' &&
    flapDamping !== undefined &&
    penalty !== null &&
    isDamped(penalty, flapDamping, now);
  if (!isKeptOut) return { state: state.state, reason: state.reason };
  return {
    state: 'damped',
    reason: `was lost too often: stays out until its penalty is down to ${flapDamping.reuse}`,
  };
}

function held(server: StandingServer, hold: Hold, { drainTimeout = null }: Manners, now: number): Found {
  const { standing, ordered } = server;
  const limit = ordered?.timeout === undefined ? drainTimeout : ordered.timeout;
  const since = ordered?.since ?? (standing.state === 'draining' ? standing.since : now);
  server.deadline = hold.kind === 'maintain' || limit === null ? null : since + limit;
  server.drained ??= endOfDrain(server, now);
  const isOver = server.drained !== null;
  return {
    state: isOver || hold.kind === 'maintain' ? 'maintenance' : 'draining',
    reason: isOver ? `${hold.reason}: ${server.drained}` : hold.reason,
  };
}

function endOfDrain({ weight, state, config, deadline }: StandingServer, now: number): string | null {
  if (weight === null) return 'it was not in the table';
  if (state.state === 'down' && !config.inhibitsOnFailure) return `it is down: ${state.reason}`;
  if (deadline !== null && now >= deadline) return 'its time was up';
  return null;
}

/**
 * The weight that a server has in the table by itself, null for no place in it. `isNeeded`: it serves although it is damped, since too
 * few others do.
 */
export function placeOf(
  server: StandingServer,
  { slowStart }: Manners,
  isNeeded: boolean,
  now: number,
): number | null {
  const { standing, fullWeight, rampSince } = server;
  switch (standing.state) {
    case 'up':
      if (rampSince === null || slowStart === undefined) return fullWeight;
      return rampedWeight(fullWeight, now - rampSince, slowStart);
    case 'draining':
    case 'maintenance':
      return server.drained === null ? 0 : null;
    case 'damped':
      if (isNeeded) return fullWeight;
      break;
  }
  return server.config.inhibitsOnFailure ? 0 : null;
}

/** When time alone changes something about the server, monotonic milliseconds; null: never. */
export function nextMoment(server: StandingServer, manners: Manners, now: number): number | null {
  const { slowStart, flapDamping } = manners;
  switch (server.standing.state) {
    case 'up': {
      if (server.rampSince === null) return null;
      const next = slowStart === undefined ? null : nextRampStep(server.rampSince, slowStart, now);
      if (next === null) server.rampSince = null;
      return next;
    }
    case 'damped':
      return server.penalty === null || flapDamping === undefined
        ? now
        : reusedAt(server.penalty, flapDamping);
    case 'draining':
      return server.deadline;
    default:
      return null;
  }
}
