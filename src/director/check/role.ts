// The checker process: finds out which real servers work, and has the kernel balance to those.
import { SIGTERM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { serve } from '../ipc/server.ts';
import { Subscribers } from '../ipc/subscribers.ts';
import { describe } from '../ipvs/describe.ts';
import { desiredTable } from '../ipvs/desired.ts';
import { TableKeeper } from '../ipvs/keeper.ts';
import type { IpvsChange } from '../ipvs/plan.ts';
import { type ActualTable, destinationId, serviceId } from '../ipvs/table.ts';
import type { Log } from '../log.ts';
import type { CheckerSlice, CheckerStatus } from '../protocol.ts';
import { createProbe } from './probe.ts';
import { QuorumTeller } from './quorum.ts';
import {
  type Attempted,
  foresee,
  isSettled,
  mergeRoster,
  type RosterServer,
  type RosterService,
  withWeights,
} from './roster.ts';
import { createRunner } from './runner.ts';
import { type ServerState, weightOf } from './state.ts';
import { checkerStatus } from './status.ts';

/** Repairs that one line of the log names. */
const NAMED = 5;

export interface CheckerOptions {
  readonly runDirectory: string;
  readonly log: Log;
}

/** Becomes the checker process: serves `checker.sock` in `runDirectory` until SIGTERM. */
export function runChecker(platform: Platform, { runDirectory, log }: CheckerOptions): void {
  const { clock, processes } = platform;
  const keeper = new TableKeeper(platform, {
    repaired: changes => log.warn(`the table was changed by somebody else, put right: ${list(changes)}`),
    adopted: changes => log.warn(`weights that somebody else has set stay: ${list(changes)}`),
    trouble: text => (text === null ? log.info('IPVS: in order again') : log.error(`IPVS: ${text}`)),
  });
  const subscribers = new Subscribers();
  const quorum = new QuorumTeller(report => subscribers.push({ report }));
  const runner = createRunner(
    platform,
    createProbe(platform, () => isRestarted),
    { changed, failed },
  );
  let roster: readonly RosterService[] | null = null;
  let checksEver = 0;
  let leaving = false;
  let isRestarted = false;
  let kept = true;

  function changed({ server }: Attempted, before: ServerState): void {
    const { state, reason } = server.state;
    const change = state === before.state ? weightChange(server, before) : `is ${state}, was ${before.state}`;
    log.info(`${nameOf(server)} ${change}: ${reason}`);
    keep();
  }

  function failed({ server, config }: Attempted, reason: string): void {
    log.warn(`${config.kind} of ${nameOf(server)} failed: ${reason}`);
  }

  /** Many servers that change at once make one step. */
  function keep(): void {
    if (!kept) return;
    kept = false;
    platform.soon(() => {
      kept = true;
      if (leaving) return;
      keeper.want(desiredTable(withWeights(roster ?? [])));
      quorum.look(roster ?? []);
    });
  }

  /** The kernel's table, or null when it has none. */
  function read(): Promise<ActualTable | null> {
    return keeper.read().catch(() => null);
  }

  async function configure({ virtualServers }: CheckerSlice): Promise<null> {
    // What an earlier checker process had put into the table stays in it until its check has failed.
    const found = roster === null ? await read() : null;
    if (found !== null) isRestarted = virtualServers.some(({ key }) => found.has(serviceId(key)));
    const change = mergeRoster(roster ?? [], virtualServers, {
      now: clock.monotonic(),
      nextNumber: () => checksEver++,
      inTable: (key, server) => found?.get(serviceId(key))?.destinations.get(destinationId(server)) ?? null,
    });
    roster = change.services;
    runner.remove(change.removed);
    runner.add(change.added);
    runner.hasten(change.hastened);
    keep();
    return null;
  }

  async function status(): Promise<CheckerStatus> {
    const actual = await read();
    return checkerStatus(roster ?? [], actual, keeper, clock.monotonic());
  }

  async function planFor({ virtualServers }: CheckerSlice): Promise<string[]> {
    const { services, notes } = foresee(roster ?? [], virtualServers);
    try {
      const changes = await keeper.plan(desiredTable(withWeights(services)));
      return [...changes.map(describe), ...notes];
    } catch (error) {
      return [`unknown: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  const server = serve(platform, `${runDirectory}/checker.sock`, (command, argument, peer) => {
    switch (command) {
      case 'configure':
        return configure(argument as CheckerSlice);
      case 'status':
        return status();
      case 'settled':
        return isSettled(roster);
      case 'subscribe':
        subscribers.add(peer);
        return quorum.reports;
      case 'plan':
        return planFor(argument as CheckerSlice);
      default:
        throw new Error(`checker does not know the command ${command}`);
    }
  });

  processes.onSignal(SIGTERM, () => {
    leaving = true;
    server.close();
    runner.close();
    // A table that was never this process's to keep is somebody else's.
    if (roster === null) processes.exit(0);
    keeper.want(new Map()).then(() => processes.exit(0));
  });
}

function nameOf(server: RosterServer): string {
  return `${destinationId(server.config)} of ${serviceId(server.service)}`;
}

function weightChange({ config, state }: RosterServer, before: ServerState): string {
  return `has weight ${weightOf(config.weight, state)}, had ${weightOf(config.weight, before)}`;
}

function list(changes: readonly IpvsChange[]): string {
  const more = changes.length > NAMED ? `; and ${changes.length - NAMED} more` : '';
  return changes.slice(0, NAMED).map(describe).join('; ') + more;
}
