// The virtual services being looked after, with the state of each real server; a new configuration keeps what it can.
import type { CheckConfig, RealServerConfig, ServiceKey, VirtualServerConfig } from '../config/config.ts';
import type { ServedService } from '../ipvs/desired.ts';
import { destinationId, serviceId } from '../ipvs/table.ts';
import { assumeWeight, newServer, type ServerState, weightOf, withChecks } from './state.ts';

/** A check of one real server. */
export interface Attempted {
  readonly server: RosterServer;
  config: CheckConfig;
  /** Position within the server's list of checks. */
  index: number;
  /** Running number over all checks there ever were; spreads them over time. */
  readonly number: number;
}

export interface RosterServer {
  readonly service: ServiceKey;
  config: RealServerConfig;
  state: ServerState;
  checks: Attempted[];
}

/** A service with what is known of its servers. */
export interface WeighedService {
  readonly config: VirtualServerConfig;
  readonly servers: readonly { readonly config: RealServerConfig; readonly state: ServerState }[];
}

export interface RosterService extends WeighedService {
  readonly config: VirtualServerConfig;
  readonly servers: readonly RosterServer[];
}

/** True when the checks have decided about every real server; null is a roster that was not configured yet. */
export function isSettled(services: readonly RosterService[] | null): boolean {
  if (services === null) return false;
  return services.every(({ servers }) => servers.every(server => server.state.state !== 'starting'));
}

export interface Change {
  readonly services: readonly RosterService[];
  /** Checks to begin and checks to end; all others go on. */
  readonly added: readonly Attempted[];
  readonly removed: readonly Attempted[];
  /** Those of the others that have a shorter interval now. */
  readonly hastened: readonly Attempted[];
}

export interface MergeOptions {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** The number for the next new check. */
  nextNumber(): number;
  /** What the kernel's table has for this server already, or null. */
  inTable(key: ServiceKey, server: RealServerConfig): { readonly weight: number } | null;
}

/**
 * The roster under a new configuration. Servers that stay keep their state, checks that stay their results and their beat;
 * the entries of `before` are changed in place.
 */
export function mergeRoster(
  before: readonly RosterService[],
  configs: readonly VirtualServerConfig[],
  options: MergeOptions,
): Change {
  const known = knownServers(before);
  const change: Record<'added' | 'removed' | 'hastened', Attempted[]> = {
    added: [],
    removed: [],
    hastened: [],
  };
  const services = configs.map(config => ({
    config,
    servers: config.realServers.map(real => {
      const name = serverName(config.key, real);
      const old = known.get(name);
      known.delete(name);
      const server = old ?? appear(config.key, real, options);
      updateChecks(server, real, options, change);
      return server;
    }),
  }));
  for (const server of known.values()) change.removed.push(...server.checks);
  return { services, ...change };
}

/** What `mergeRoster` would make of a configuration, without touching anything; `notes` tells what checks will decide. */
export function foresee(
  before: readonly RosterService[],
  configs: readonly VirtualServerConfig[],
): { readonly services: readonly WeighedService[]; readonly notes: readonly string[] } {
  const known = knownServers(before);
  const notes: string[] = [];
  const services = configs.map(config => ({
    config,
    servers: config.realServers.map(real => {
      const state = known.get(serverName(config.key, real))?.state ?? newServer(real.checks, false, 0);
      if (state.state === 'starting') {
        notes.push(`add ${destinationId(real)} to ${serviceId(config.key)} once its check has passed`);
      }
      return { config: real, state };
    }),
  }));
  return { services, notes };
}

function knownServers(services: readonly RosterService[]): Map<string, RosterServer> {
  const known = new Map<string, RosterServer>();
  for (const { config, servers } of services) {
    for (const server of servers) known.set(serverName(config.key, server.config), server);
  }
  return known;
}

function serverName(key: ServiceKey, server: RealServerConfig): string {
  return `${serviceId(key)} ${destinationId(server)}`;
}

function appear(key: ServiceKey, config: RealServerConfig, { now, inTable }: MergeOptions): RosterServer {
  const found = inTable(key, config);
  const state = newServer(config.checks, found !== null, now);
  // Where a check says the weight, that is what it said to an earlier process.
  const index = found === null ? -1 : config.checks.findIndex(saysWeight);
  const weighed = index < 0 ? state : assumeWeight(state, index, found!.weight - config.weight);
  return { service: key, config, state: weighed, checks: [] };
}

function saysWeight(check: CheckConfig): boolean {
  return check.kind === 'FILE_CHECK'
    ? check.weight !== 0
    : check.kind === 'MISC_CHECK' && check.dynamicFrom !== null;
}

function updateChecks(
  server: RosterServer,
  config: RealServerConfig,
  { now, nextNumber }: MergeOptions,
  { added, removed, hastened }: Record<'added' | 'removed' | 'hastened', Attempted[]>,
): void {
  // A server that has just appeared has the states of its checks, but not the checks.
  const isNew = server.checks.length === 0 && server.state.checks.length === config.checks.length;
  const left = new Map(server.checks.map(check => [questionOf(check.config), check]));
  const kept: number[] = [];
  const checks = config.checks.map((check, index) => {
    const question = questionOf(check);
    const old = left.get(question);
    left.delete(question);
    kept.push(old?.index ?? -1);
    if (old === undefined) {
      const attempted: Attempted = { server, config: check, index, number: nextNumber() };
      added.push(attempted);
      return attempted;
    }
    if (check.interval < old.config.interval) hastened.push(old);
    old.config = check;
    return old;
  });
  removed.push(...left.values());
  const changed = checks.length !== server.checks.length || kept.some((from, index) => from !== index);
  checks.forEach((check, index) => {
    check.index = index;
  });
  server.config = config;
  server.checks = checks;
  if (changed && !isNew) server.state = withChecks(server.state, config.checks, kept, now);
}

/** What is the same in two checks that ask the same, however often and with whatever patience. */
function questionOf(check: CheckConfig): string {
  const { interval, retries, delayBeforeRetry, warmup, assumedUp, logsFailures, ...question } = check;
  return JSON.stringify(question);
}

/** The services as the kernel is to have them: servers that are up, with the weights that checks have made. */
export function withWeights(services: readonly WeighedService[]): readonly ServedService[] {
  return services.map(({ config, servers }) => ({
    config,
    servers: servers.map(({ config, state }) => ({
      config,
      weight: state.state === 'up' ? weightOf(config.weight, state) : null,
    })),
  }));
}
