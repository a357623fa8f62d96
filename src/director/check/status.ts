// What the checker process answers to `status`.
import { type ActualDestination, keysOf, serviceId } from '../ipvs/table.ts';
import type { CheckerStatus, QuorumStatus, RealServerStatus, ServiceStatus } from '../protocol.ts';
import { penaltyAt, reusedAt } from './damping.ts';
import { neededWeight } from './quorum.ts';
import type { RosterServer, RosterService } from './roster.ts';

/** What stands behind the services of the kernel, by `serviceId` and `destinationId`. */
export type LiveTable = ReadonlyMap<
  string,
  { readonly destinations: ReadonlyMap<string, ActualDestination> }
>;

/** `actual` is null when the kernel's table cannot be read; `now` is monotonic milliseconds. */
export function checkerStatus(
  services: readonly RosterService[],
  actual: LiveTable | null,
  { repairs, trouble }: Pick<CheckerStatus, 'repairs' | 'trouble'>,
  now: number,
): CheckerStatus {
  return { services: services.map(service => serviceStatus(service, actual, now)), repairs, trouble };
}

function serviceStatus(service: RosterService, actual: LiveTable | null, now: number): ServiceStatus {
  const { config, name, sorry, servers } = service;
  const entries = keysOf(config).map(key => actual?.get(serviceId(key))?.destinations);
  const statusOf = (server: RosterServer) =>
    serverStatus(server, sumOf(entries.map(destinations => destinations?.get(server.id))), now);
  return {
    key: config.key,
    ...(config.group && { keys: config.group.keys }),
    name,
    scheduler: config.scheduler,
    quorum: quorumStatus(service, now),
    ...(sorry && { sorryServer: statusOf(sorry) }),
    realServers: servers.map(statusOf),
  };
}

function quorumStatus({ config, quorum, tally }: RosterService, now: number): QuorumStatus {
  return {
    up: quorum.isUp,
    weight: tally.weight,
    needed: neededWeight(config),
    since: Math.round(now - quorum.since),
  };
}

type Counts = Pick<
  ActualDestination,
  'weight' | 'activeConnections' | 'inactiveConnections' | 'persistentConnections'
>;

/** Of a destination that stands behind several keys; null when it stands behind none. */
function sumOf(destinations: readonly (ActualDestination | undefined)[]): Counts | null {
  return destinations.reduce<Counts | null>((sum, each) => {
    if (each === undefined) return sum;
    return {
      weight: each.weight,
      activeConnections: each.activeConnections + (sum?.activeConnections ?? 0),
      inactiveConnections: each.inactiveConnections + (sum?.inactiveConnections ?? 0),
      persistentConnections: each.persistentConnections + (sum?.persistentConnections ?? 0),
    };
  }, null);
}

function serverStatus(server: RosterServer, counts: Counts | null, now: number): RealServerStatus {
  const { config, standing, fullWeight } = server;
  const { address, port, forwarding, name } = config;
  const weight = counts?.weight ?? server.weight ?? fullWeight;
  return {
    address,
    port,
    ...(name !== undefined && { name }),
    forwarding,
    weight,
    ...(weight !== config.weight && { configuredWeight: config.weight }),
    ...trialsOf(server, now),
    state: standing.state,
    reason: reasonOf(server),
    since: Math.round(now - standing.since),
    activeConnections: counts?.activeConnections ?? null,
    inactiveConnections: counts?.inactiveConnections ?? null,
    persistentConnections: counts?.persistentConnections ?? null,
  };
}

/** What its checks said last, where it is they who say how it is. */
function reasonOf({ standing, state, weight }: RosterServer): string {
  if (standing.state === state.state || standing.state === 'sorry') return state.reason;
  const isNeeded = standing.state === 'damped' && weight !== null && weight > 0;
  return isNeeded ? `${standing.reason}; serves all the same, since too few others do` : standing.reason;
}

/** What time will change about it. */
function trialsOf(
  { service, standing, penalty, rampSince, deadline }: RosterServer,
  now: number,
): Pick<RealServerStatus, 'penalty' | 'dampedLeft' | 'rampLeft' | 'drainLeft'> {
  const { slowStart, flapDamping } = service.config;
  const points = penalty && flapDamping ? Math.round(penaltyAt(penalty, flapDamping, now)) : 0;
  const left = (moment: number) => Math.max(0, Math.round(moment - now));
  return {
    ...(points > 0 && { penalty: points }),
    ...(standing.state === 'damped' &&
      penalty &&
      flapDamping && { dampedLeft: left(reusedAt(penalty, flapDamping)) }),
    ...(rampSince !== null && slowStart !== undefined && { rampLeft: left(rampSince + slowStart) }),
    ...(standing.state === 'draining' && { drainLeft: deadline === null ? null : left(deadline) }),
  };
}
