// The checker process: finds out which real servers work, and has the kernel balance to those.
import { SIGTERM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { serve } from '../ipc/server.ts';
import { describe } from '../ipvs/describe.ts';
import { desiredTable } from '../ipvs/desired.ts';
import { KernelTable } from '../ipvs/kernel.ts';
import { plan } from '../ipvs/plan.ts';
import { destinationId, serviceId } from '../ipvs/table.ts';
import type { Log } from '../log.ts';
import type { CheckerSlice, CheckerStatus } from '../protocol.ts';
import { probe } from './probe.ts';
import { type Attempted, foresee, mergeRoster, type RosterService } from './roster.ts';
import { createRunner } from './runner.ts';
import type { ServerState } from './state.ts';
import { checkerStatus } from './status.ts';
import { createTable } from './table.ts';

export interface CheckerOptions {
  readonly runDirectory: string;
  readonly log: Log;
}

/** Becomes the checker process: serves `checker.sock` in `runDirectory` until SIGTERM. */
export function runChecker(platform: Platform, { runDirectory, log }: CheckerOptions): void {
  const { clock, processes } = platform;
  const table = createTable(platform, () => KernelTable.open(platform), log);
  const runner = createRunner(platform, probe, changed);
  let roster: readonly RosterService[] = [];
  let checksEver = 0;

  function changed({ server }: Attempted, before: ServerState): void {
    const { state, reason } = server.state;
    log.info(`${destinationId(server.config)} is ${state}, was ${before.state}: ${reason}`);
    keep();
  }

  function keep(): void {
    table.keep(() => desiredTable(roster));
  }

  /** A server that an earlier checker process had put into the table stays in it until its check has failed. */
  function isInTable(
    key: Parameters<typeof serviceId>[0],
    server: Parameters<typeof destinationId>[0],
  ): boolean {
    const destination = table.actual?.get(serviceId(key))?.destinations.get(destinationId(server));
    return destination !== undefined && destination.weight > 0;
  }

  async function configure({ virtualServers }: CheckerSlice): Promise<null> {
    if (roster.length === 0) await table.look();
    const change = mergeRoster(roster, virtualServers, {
      now: clock.monotonic(),
      nextNumber: () => checksEver++,
      inTable: isInTable,
    });
    roster = change.services;
    runner.remove(change.removed);
    runner.add(change.added);
    keep();
    return null;
  }

  async function status(): Promise<CheckerStatus> {
    await table.look();
    return checkerStatus(roster, table, clock.monotonic());
  }

  async function planFor({ virtualServers }: CheckerSlice): Promise<string[]> {
    await table.look();
    const { services, notes } = foresee(roster, virtualServers);
    if (table.actual === null) return [`unknown: ${table.trouble}`];
    const changes = plan(desiredTable(services), table.actual);
    return [...changes.map(describe), ...notes];
  }

  const server = serve(platform, `${runDirectory}/checker.sock`, (command, argument) => {
    switch (command) {
      case 'configure':
        return configure(argument as CheckerSlice);
      case 'status':
        return status();
      case 'plan':
        return planFor(argument as CheckerSlice);
      default:
        throw new Error(`checker does not know the command ${command}`);
    }
  });

  processes.onSignal(SIGTERM, () => {
    server.close();
    runner.remove(roster.flatMap(({ servers }) => servers.flatMap(({ checks }) => checks)));
    table.leave(new Map()).then(() => processes.exit(0));
  });
}
