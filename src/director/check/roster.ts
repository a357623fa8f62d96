// The virtual services being looked after, with what is known of each real server; a new configuration keeps what it can.
import { saysWeight } from '../config/checks/weighing.ts';
import type {
  CheckConfig,
  RealServerConfig,
  SorryServerConfig,
  VirtualServerConfig,
} from '../config/config.ts';
import { destinationId, serviceName } from '../ipvs/table.ts';
import { addedTo, asksTheSame } from './question.ts';
import type { Tally } from './quorum.ts';
import { rampElapsed } from './ramp.ts';
import { type StandingServer, unseen } from './standing.ts';
import { assumeResult, newServer, type ServerState, weightOf, withChecks } from './state.ts';

/** A check of one real server. */
export interface Attempted {
  readonly server: RosterServer;
  config: CheckConfig;
  /** Position within the server's list of checks. */
  index: number;
  /** Running number over all checks there ever were; spreads them over time. */
  readonly number: number;
}

/** A real server of a service, or its sorry server. */
export interface RosterServer extends StandingServer {
  readonly service: RosterService;
  /** As `destinationId` writes it. */
  readonly id: string;
  readonly isSorry: boolean;
  checks: Attempted[];
}

export interface ServiceTally extends Tally {
  /** How many serve. */
  readonly servers: number;
  /** Some are kept out only by their penalty. */
  readonly isDamped: boolean;
}

export interface RosterService {
  /** As `serviceName` writes it. */
  readonly name: string;
  config: VirtualServerConfig;
  servers: readonly RosterServer[];
  sorry: RosterServer | null;
  tally: ServiceTally;
  /** Null: not decided yet. `since` in monotonic milliseconds. */
  quorum: { readonly isUp: boolean | null; readonly since: number };
  /** When time alone changes something about it, monotonic milliseconds; null: never. */
  moment: number | null;
}

export interface Change {
  readonly services: readonly RosterService[];
  /** Checks to begin and checks to end; all others go on. */
  readonly added: readonly Attempted[];
  readonly removed: readonly Attempted[];
  /** Those of the others that have a shorter interval now. */
  readonly hastened: readonly Attempted[];
  /** Servers that are there no more, and services. */
  readonly gone: readonly RosterServer[];
  readonly ended: readonly RosterService[];
}

export interface MergeOptions {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** The number for the next new check. */
  nextNumber(): number;
  /** What the kernel's table has for this server already, or null. */
  inTable(config: VirtualServerConfig, server: Place): { readonly weight: number } | null;
}

type Place = Pick<RealServerConfig, 'address' | 'port'>;
type Lists = { readonly [K in Exclude<keyof Change, 'services'>]: Change[K][number][] };

const NOBODY: ServiceTally = { weight: 0, servers: 0, isOpen: true, isDamped: false };

/**
 * The roster under a new configuration. Services and servers that stay keep what is known of them, checks that stay their results and
 * their beat; the entries of `before` are changed in place.
 */
export function mergeRoster(
  before: readonly RosterService[],
  configs: readonly VirtualServerConfig[],
  options: MergeOptions,
): Change {
  const known = new Map(before.map(service => [service.name, service]));
  const lists: Lists = { added: [], removed: [], hastened: [], gone: [], ended: [] };
  const services = configs.map(config => {
    const name = serviceName(config);
    const old = known.get(name);
    known.delete(name);
    const service = old ?? newService(name, config, options);
    mergeServers(service, config, old === undefined, options, lists);
    mergeSorry(service, config, options, lists);
    return service;
  });
  for (const service of known.values()) {
    for (const server of service.servers) dismiss(server, lists);
    if (service.sorry !== null) dismiss(service.sorry, lists);
    lists.ended.push(service);
  }
  return { services, ...lists };
}

function newService(
  name: string,
  config: VirtualServerConfig,
  { now, inTable }: MergeOptions,
): RosterService {
  const { sorryServer } = config;
  // Where the sorry server serves, an earlier process had lost the quorum.
  const wasLost = sorryServer !== undefined && (inTable(config, sorryServer)?.weight ?? 0) > 0;
  const quorum = { isUp: wasLost ? false : null, since: now };
  return { name, config, servers: [], sorry: null, tally: NOBODY, quorum, moment: null };
}

function mergeServers(
  service: RosterService,
  config: VirtualServerConfig,
  isNew: boolean,
  options: MergeOptions,
  lists: Lists,
): void {
  const known = new Map(service.servers.map(server => [server.id, server]));
  service.config = config;
  service.servers = config.realServers.map(real => {
    const id = destinationId(real);
    const old = known.get(id);
    known.delete(id);
    const server = old ?? appear(service, real, { isSorry: false, isFirst: isNew }, options);
    updateChecks(server, real, options, lists);
    return server;
  });
  for (const server of known.values()) dismiss(server, lists);
}

function mergeSorry(
  service: RosterService,
  config: VirtualServerConfig,
  options: MergeOptions,
  lists: Lists,
): void {
  const before = service.sorry;
  const real = config.sorryServer && asRealServer(config.sorryServer);
  const stays = real !== undefined && before !== null && before.id === destinationId(real);
  if (before !== null && !stays) dismiss(before, lists);
  service.sorry = null;
  if (real === undefined) return;
  const sorry = stays ? before : appear(service, real, { isSorry: true, isFirst: true }, options);
  service.sorry = sorry;
  updateChecks(sorry, real, options, lists);
}

function asRealServer(config: SorryServerConfig): RealServerConfig {
  const { address, port, forwarding, tunnel, inhibits, checks } = config;
  return {
    ...{ address, port, weight: 1, forwarding, checks },
    ...(tunnel && { tunnel }),
    ...(inhibits && { inhibitsOnFailure: true }),
  };
}

function dismiss(server: RosterServer, { removed, gone }: Lists): void {
  for (const check of server.checks) removed.push(check);
  gone.push(server);
}

function appear(
  service: RosterService,
  config: RealServerConfig,
  kind: Pick<RosterServer, 'isSorry' | 'isFirst'>,
  { now, inTable }: MergeOptions,
): RosterServer {
  const found = inTable(service.config, config);
  const state = stateAsFound(config, found, now);
  const server: RosterServer = {
    service,
    id: destinationId(config),
    ...kind,
    config,
    state,
    checks: [],
    ordered: null,
    noted: null,
    penalty: null,
    standing: unseen(now),
    fullWeight: weightOf(config.weight, state),
    drained: null,
    deadline: null,
    weight: found?.weight ?? null,
    rampSince: null,
  };
  server.rampSince = rampAsFound(server, now);
  return server;
}

/** What an earlier process had put into the table stays in it until its check has failed. */
function stateAsFound(
  { checks, weight, inhibitsOnFailure }: RealServerConfig,
  found: { readonly weight: number } | null,
  now: number,
): ServerState {
  if (found === null) return newServer(checks, false, now);
  const index = checks.findIndex(saysWeight);
  const isQuiet = found.weight === 0 && weight > 0;
  // One that was down or had not been checked yet, for all that can be known.
  if (isQuiet && inhibitsOnFailure && index < 0) return newServer(checks, false, now);
  const state = newServer(checks, true, now);
  if (index < 0) return state;
  // Where a check says the weight, that is what it said to the earlier process; an agent may have asked for a drain as well.
  const isAgent = checks[index]!.kind === 'AGENT_CHECK';
  if (isAgent && isQuiet) return assumeResult(state, index, { order: 'drain' });
  return assumeResult(state, index, { weight: found.weight - weight });
}

/** A slow start that an earlier process had begun goes on where the table shows it. */
function rampAsFound(
  { service, config, fullWeight, weight, state }: RosterServer,
  now: number,
): number | null {
  const { slowStart } = service.config;
  if (slowStart === undefined || weight === null || weight === 0 || weight >= fullWeight) return null;
  if (state.state !== 'up' || config.checks.some(saysWeight)) return null;
  return now - rampElapsed(fullWeight, weight, slowStart);
}

function updateChecks(
  server: RosterServer,
  config: RealServerConfig,
  { now, nextNumber }: MergeOptions,
  { added, removed, hastened }: Lists,
): void {
  // A server that has just appeared has the states of its checks, but not the checks.
  const isNew = server.checks.length === 0 && server.state.checks.length === config.checks.length;
  const left = [...server.checks];
  const kept: number[] = [];
  const checks = config.checks.map((check, index) => {
    const at = left.findIndex(old => asksTheSame(old.config, check));
    const [old] = at < 0 ? [] : left.splice(at, 1);
    kept.push(old?.index ?? -1);
    if (old === undefined) {
      const attempted: Attempted = { server, config: check, index, number: nextNumber() };
      added.push(attempted);
      return attempted;
    }
    if (check.interval < old.config.interval) hastened.push(old);
    rebase(server, old, check);
    old.config = check;
    return old;
  });
  removed.push(...left);
  const changed = checks.length !== server.checks.length || kept.some((from, index) => from !== index);
  checks.forEach((check, index) => {
    check.index = index;
  });
  server.config = config;
  server.checks = checks;
  if (changed && !isNew) server.state = withChecks(server.state, config.checks, kept, now);
}

/** What it adds to the weight that is configured now. */
function rebase(server: RosterServer, { config, index }: Attempted, next: CheckConfig): void {
  const added = server.state.checks[index]?.weight ?? 0;
  const weight = addedTo(next, added, config);
  if (weight !== added) server.state = assumeResult(server.state, index, { weight });
}

/** The services as they would be under another configuration, of which nothing touches those of `before`. */
export function foresee(
  before: readonly RosterService[],
  configs: readonly VirtualServerConfig[],
  now: number,
): readonly RosterService[] {
  const options: MergeOptions = { now, nextNumber: () => 0, inTable: () => null };
  return mergeRoster(before.map(copyOf), configs, options).services;
}

function copyOf(service: RosterService): RosterService {
  const copy: RosterService = { ...service };
  const copyServer = (server: RosterServer): RosterServer => {
    const checks = server.checks.map(check => ({ ...check }));
    return { ...server, service: copy, checks };
  };
  copy.servers = service.servers.map(copyServer);
  copy.sorry = service.sorry && copyServer(service.sorry);
  return copy;
}

/** The service as it is to be in the table. */
export function placesOf({ config, servers, sorry }: RosterService): {
  readonly config: VirtualServerConfig;
  readonly servers: readonly RosterServer[];
} {
  if (sorry === null) return { config, servers };
  // A real server may be the sorry server as well: then it is in the table as what serves now.
  return { config, servers: sorry.standing.state === 'sorry' ? [...servers, sorry] : [sorry, ...servers] };
}

/** True when the checks have decided about every real server; null is a roster that was not configured yet. */
export function isSettled(services: readonly RosterService[] | null): boolean {
  if (services === null) return false;
  return services.every(({ servers }) => servers.every(server => server.state.state !== 'starting'));
}
