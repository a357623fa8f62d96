// Watches the connections of servers that are to be empty: active and inactive ones (UDP has only the latter) and templates of
// persistence, by which clients would come back.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { ServiceKey } from '../config/config.ts';
import { type ActualDestination, destinationId, keysOf } from '../ipvs/table.ts';
import type { RosterServer, RosterService } from './roster.ts';

/** Milliseconds between two looks, at least; and a look takes at most one part in `LEISURE` of the time. */
const ROUND = 1000;
const LEISURE = 20;

export interface DrainWatch {
  /** Takes a look at this server from now on, or no more. */
  follow(server: RosterServer, isDraining: boolean): void;
  close(): void;
}

/**
 * `read` gives the destinations of one service of the kernel, none when there is none; `emptied` hears of a server that nobody is
 * connected to any more.
 */
export function createDrainWatch(
  platform: Platform,
  read: (key: ServiceKey) => Promise<readonly ActualDestination[]>,
  emptied: (server: RosterServer) => void,
): DrainWatch {
  const draining = new Set<RosterServer>();
  let timer: Timer | null = null;
  let open = true;

  function wake(pause: number): void {
    if (open && timer === null && draining.size > 0) timer = platform.after(pause, look);
  }

  async function look(): Promise<void> {
    const start = platform.clock.monotonic();
    for (const service of new Set([...draining].map(server => server.service))) {
      try {
        await lookAt(service);
      } catch {
        // The table cannot be read now, which its keeper reports: nobody is known to have gone.
      }
    }
    timer = null;
    wake(Math.max(ROUND, (platform.clock.monotonic() - start) * LEISURE));
  }

  async function lookAt(service: RosterService): Promise<void> {
    const busy = new Set<string>();
    for (const key of keysOf(service.config)) {
      for (const destination of await read(key))
        if (!isEmpty(destination)) busy.add(destinationId(destination));
    }
    for (const server of draining) {
      if (server.service === service && !busy.has(server.id)) emptied(server);
    }
  }

  return {
    follow(server, isDraining) {
      if (isDraining) draining.add(server);
      else draining.delete(server);
      wake(ROUND);
    },
    close() {
      open = false;
      timer?.cancel();
    },
  };
}

/** With a weight it is not yet as it should be: somebody may come. */
function isEmpty(destination: ActualDestination): boolean {
  const { weight, activeConnections, inactiveConnections, persistentConnections } = destination;
  return weight === 0 && activeConnections + inactiveConnections + persistentConnections === 0;
}
