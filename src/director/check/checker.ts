// The virtual services at work: what checks, people, files and time say of their servers becomes the table of the kernel, and is told.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { ServiceKey } from '../config/config.ts';
import { describe } from '../ipvs/describe.ts';
import { desiredEntries, desiredTable, replaceEntries } from '../ipvs/desired.ts';
import { TableKeeper } from '../ipvs/keeper.ts';
import type { IpvsChange } from '../ipvs/plan.ts';
import {
  type ActualDestination,
  type ActualTable,
  destinationId,
  type IpvsEntry,
  type IpvsTable,
  keysOf,
  serviceId,
} from '../ipvs/table.ts';
import type { Log } from '../log.ts';
import type {
  CheckerSlice,
  CheckerStatus,
  Order,
  OrderOutcome,
  ServiceEvent,
  TrackReport,
} from '../protocol.ts';
import { afterLoss } from './damping.ts';
import { createDrainWatch } from './drain.ts';
import { goneEvent, presentEvents, quorumEvent, serverEvent, serviceGoneEvent } from './events.ts';
import { afterOrder, type Moment } from './hold.ts';
import { createMaintenanceDirectory } from './maintenance.ts';
import { type Addressed, afterOrders, isAddressed } from './orders.ts';
import { createProbe } from './probe.ts';
import { quorumReports } from './quorum.ts';
import {
  type Attempted,
  foresee,
  isSettled,
  mergeRoster,
  placesOf,
  type RosterServer,
  type RosterService,
} from './roster.ts';
import { createRunner } from './runner.ts';
import { type Settled, settle } from './settle.ts';
import type { ServerState } from './state.ts';
import { checkerStatus, type LiveTable } from './status.ts';

/** Repairs that one line of the log names. */
const NAMED = 5;
/** What changes in the table is looked at for one part in this many of the time, where much changes. */
const LEISURE = 8;

export interface CheckerListener {
  readonly log: Log;
  /** A service gained or lost its quorum. */
  reported(report: TrackReport): void;
  happened(event: ServiceEvent): void;
}

export interface Checker {
  configure(slice: CheckerSlice): Promise<null>;
  order(order: Order): OrderOutcome;
  /** Of all services, or of those that have such a server. */
  status(about: Addressed | null): Promise<CheckerStatus>;
  /** What a configuration would change, in words. */
  plan(slice: CheckerSlice): Promise<string[]>;
  readonly isSettled: boolean;
  /** Which services have their quorum. */
  readonly reports: TrackReport[];
  /** How everything is, as it is when each is asked for. */
  present(): Generator<ServiceEvent>;
  /** Ends what is under way and takes every service out of the table. */
  close(): Promise<void>;
}

export function createChecker(platform: Platform, { log, reported, happened }: CheckerListener): Checker {
  const { clock } = platform;
  const keeper = new TableKeeper(platform, {
    repaired: changes => log.warn(`the table was changed by somebody else, put right: ${list(changes)}`),
    adopted: changes => log.warn(`weights that somebody else has set stay: ${list(changes)}`),
    trouble: text => (text === null ? log.info('IPVS: in order again') : log.error(`IPVS: ${text}`)),
  });
  const runner = createRunner(
    platform,
    createProbe(platform, () => isRestarted),
    { changed, failed },
  );
  const drains = createDrainWatch(platform, key => keeper.readDestinations(key), emptied);
  const maintenance = createMaintenanceDirectory(platform, {
    changed: lookAtFiles,
    trouble: text =>
      text === null ? log.info('maintenance_dir: in order again') : log.error(`maintenance_dir: ${text}`),
  });
  let roster: readonly RosterService[] | null = null;
  let table: IpvsTable = new Map();
  /** Servers of which something is new, by service. */
  let touched = new Map<RosterService, RosterServer[]>();
  let timer: Timer | null = null;
  /** Until then what is new waits, and becomes one step: monotonic milliseconds. */
  let rested = 0;
  let checksEver = 0;
  let leaving = false;
  let isRestarted = false;

  function changed({ server }: Attempted, before: ServerState): void {
    const { flapDamping } = server.service.config;
    const isLost = before.state === 'up' && server.state.state === 'down';
    if (isLost && flapDamping !== undefined && !server.isSorry) {
      server.penalty = afterLoss(server.penalty, flapDamping, clock.monotonic());
    }
    touch(server);
  }

  function failed({ server, config }: Attempted, reason: string): void {
    log.warn(`${config.kind} of ${nameOf(server)} failed: ${reason}`);
  }

  function emptied(server: RosterServer): void {
    server.drained = 'nobody is connected any more';
    drains.follow(server, false);
    touch(server);
  }

  function lookAtFiles(): void {
    for (const { servers } of roster ?? []) {
      for (const server of servers) {
        const noted = maintenance.fileOf(server.config);
        if (noted === server.noted) continue;
        server.noted = noted;
        touch(server);
      }
    }
  }

  /** Many servers that change at once make one step. */
  function touch(server: RosterServer): void {
    if (touched.size === 0) wakeUp();
    const servers = touched.get(server.service);
    if (servers === undefined) touched.set(server.service, [server]);
    else servers.push(server);
  }

  function wakeUp(): void {
    const pause = rested - clock.monotonic();
    if (pause > 0) platform.after(pause, step);
    else platform.soon(step);
  }

  /** Brings up to date what was touched and what is due. */
  function step(): void {
    if (leaving || roster === null) return;
    const now = clock.monotonic();
    const due = touched;
    touched = new Map();
    const entries: IpvsEntry[] = [];
    for (const service of roster) {
      const servers = due.get(service);
      if (servers === undefined && (service.moment === null || service.moment > now)) continue;
      const settled = settle(service, servers ?? [], now);
      tell(service, settled);
      if (settled.tableChanged) entries.push(...desiredEntries(placesOf(service)));
    }
    if (entries.length > 0) {
      table = replaceEntries(table, entries);
      keeper.want(
        table,
        entries.map(({ service }) => serviceId(service.key)),
      );
    }
    sleep(now);
    const end = clock.monotonic();
    rested = end + (end - now) * LEISURE;
  }

  /** Until time alone changes something. */
  function sleep(now: number): void {
    timer?.cancel();
    timer = null;
    let next: number | null = null;
    for (const { moment } of roster ?? [])
      if (moment !== null && (next === null || moment < next)) next = moment;
    if (next !== null) timer = platform.after(Math.max(1, next - now), step);
  }

  /** What is found `at start` is no news for the log, and what is `present` since an earlier process for nobody. */
  function tell(
    service: RosterService,
    { changed, quorumChanged }: Settled,
    how?: 'at start' | 'present',
  ): void {
    const at = clock.wall();
    const present = how === 'present' ? ({ isPresent: true } as const) : {};
    for (const { server, before, weightBefore } of changed) {
      const { standing, fullWeight } = server;
      if (standing.state === before.state) {
        log.info(`${nameOf(server)} has weight ${fullWeight}, had ${weightBefore}: ${server.state.reason}`);
        continue;
      }
      if (how === undefined || before.state !== 'starting') {
        log.info(`${nameOf(server)} is ${standing.state}, was ${before.state}: ${standing.reason}`);
      }
      happened({ ...serverEvent(server, at), ...present });
      drains.follow(server, isEmptying(server));
    }
    if (!quorumChanged) return;
    for (const report of quorumReports(service)) reported(report);
    const event = quorumEvent(service, at);
    if (event !== null) happened({ ...event, ...present });
  }

  function moment(): Moment {
    return { now: clock.monotonic(), wall: clock.wall() };
  }

  /** Files and orders about servers, which may be there for the first time. */
  function prepare(services: readonly RosterService[], { orders }: CheckerSlice): void {
    const at = moment();
    for (const { servers } of services) {
      for (const server of servers) {
        server.noted = maintenance.fileOf(server.config);
        if (orders === undefined) continue;
        server.ordered = afterOrders(server, orders, at);
      }
    }
  }

  /** The kernel's table, or null when it has none. */
  function read(): Promise<ActualTable | null> {
    return keeper.read().catch(() => null);
  }

  async function configure(slice: CheckerSlice): Promise<null> {
    const { virtualServers, maintenanceDirectory = null } = slice;
    // What an earlier checker process had put into the table stays in it until its check has failed.
    const found = roster === null ? await read() : null;
    if (found !== null) isRestarted = virtualServers.some(({ key }) => found.has(serviceId(key)));
    const change = mergeRoster(roster ?? [], virtualServers, {
      now: clock.monotonic(),
      nextNumber: () => checksEver++,
      inTable: (config, server) =>
        found?.get(serviceId(config.key))?.destinations.get(destinationId(server)) ?? null,
    });
    const how = roster !== null ? undefined : isRestarted ? 'present' : 'at start';
    roster = change.services;
    maintenance.watch(maintenanceDirectory);
    prepare(roster, slice);
    runner.remove(change.removed);
    runner.add(change.added);
    runner.hasten(change.hastened);
    settleAll(how);
    for (const server of change.gone) {
      drains.follow(server, false);
      happened(goneEvent(server, clock.wall()));
    }
    for (const service of change.ended) happened(serviceGoneEvent(service, clock.wall()));
    return null;
  }

  function settleAll(how?: 'at start' | 'present'): void {
    const now = clock.monotonic();
    const services = roster ?? [];
    touched.clear();
    for (const service of services) tell(service, settle(service, all(service), now), how);
    table = desiredTable(services.map(placesOf));
    keeper.want(table);
    sleep(now);
  }

  function order(given: Order): OrderOutcome {
    const at = moment();
    const servers = (roster ?? []).flatMap(service =>
      service.servers.filter(server => isAddressed(server, given)),
    );
    for (const server of servers) {
      server.ordered = afterOrder(server.ordered, given, at);
      if (given.kind === 'forgive') server.penalty = null;
      touch(server);
    }
    return { servers: servers.map(nameOf) };
  }

  async function status(about: Addressed | null): Promise<CheckerStatus> {
    const services = roster ?? [];
    if (about === null) return checkerStatus(services, await read(), keeper, clock.monotonic());
    const meant = services
      .map(service => ({ ...service, servers: service.servers.filter(server => isAddressed(server, about)) }))
      .filter(({ servers }) => servers.length > 0);
    const actual = await readServices(meant.flatMap(({ config }) => keysOf(config))).catch(() => null);
    return checkerStatus(meant, actual, keeper, clock.monotonic());
  }

  /** Some services of the kernel's table with what stands behind them. */
  async function readServices(keys: readonly ServiceKey[]): Promise<LiveTable> {
    const found = new Map<string, { readonly destinations: ReadonlyMap<string, ActualDestination> }>();
    for (const key of keys) {
      const destinations = await keeper.readDestinations(key);
      found.set(serviceId(key), {
        destinations: new Map(destinations.map(each => [destinationId(each), each])),
      });
    }
    return found;
  }

  async function plan(slice: CheckerSlice): Promise<string[]> {
    const now = clock.monotonic();
    const services = foresee(roster ?? [], slice.virtualServers, now);
    prepare(services, slice);
    for (const service of services) settle(service, all(service), now);
    try {
      const changes = await keeper.plan(desiredTable(services.map(placesOf)));
      return [...changes.map(describe), ...services.flatMap(notesOf)];
    } catch (error) {
      return [`unknown: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  return {
    configure,
    order,
    status,
    plan,
    get isSettled() {
      return isSettled(roster);
    },
    get reports() {
      return (roster ?? []).flatMap(quorumReports);
    },
    present: () => presentEvents(roster ?? [], () => clock.wall()),
    async close() {
      leaving = true;
      timer?.cancel();
      runner.close();
      drains.close();
      maintenance.close();
      // A table that was never this process's to keep is somebody else's.
      if (roster !== null) await keeper.want(new Map());
    },
  };
}

function nameOf({ id, service }: RosterServer): string {
  return `${id} of ${service.name}`;
}

function all({ servers, sorry }: RosterService): readonly RosterServer[] {
  return sorry === null ? servers : [...servers, sorry];
}

/** It is to have no connections, and may have some yet. */
function isEmptying({ isSorry, standing, drained }: RosterServer): boolean {
  return !isSorry && drained === null && (standing.state === 'draining' || standing.state === 'maintenance');
}

/** What checks will decide. */
function notesOf({ name, servers }: RosterService): string[] {
  return servers
    .filter(({ standing }) => standing.state === 'starting')
    .map(({ id }) => `add ${id} to ${name} once its check has passed`);
}

function list(changes: readonly IpvsChange[]): string {
  const more = changes.length > NAMED ? `; and ${changes.length - NAMED} more` : '';
  return changes.slice(0, NAMED).map(describe).join('; ') + more;
}
