// director drain: no new connections for a real server; follows until it has none left. Whoever interrupts that leaves it draining.
import type { Platform } from '../../platform/platform.ts';
import type { Selection } from '../control/selection.ts';
import { destinationId, serviceId } from '../ipvs/table.ts';
import type { CheckerStatus, RealServerStatus, ServiceStatus } from '../protocol.ts';
import { ask } from './ask.ts';
import { type Command, DONE, type Invocation } from './command.ts';
import { give } from './order.ts';
import { duration } from './table.ts';
import { parseTime } from './time.ts';

/** Milliseconds between two looks. */
const LOOK = 1000;
/** Looks without a change behind which the count-down is told all the same. */
const STILL = 10;

export const drain: Command = {
  name: 'drain',
  usage: 'SERVER [--service SERVICE] [--timeout TIME] [--no-wait]',
  summary: 'gives a real server no new connections, and follows until it has none left',
  operands: { least: 1, most: 1 },
  async run(platform, invocation) {
    const { timeout, json, noWait } = invocation;
    const limit = timeout === null ? {} : { timeout: parseTime(timeout) };
    const servers = await give(platform, invocation, { kind: 'drain', ...limit });
    if (!noWait) return follow(platform, invocation);
    if (json) platform.print(`${JSON.stringify({ version: 1, order: 'drain', servers })}\n`);
    else
      platform.print(servers.map(each => `${each}: no new connections, until: director undrain\n`).join(''));
    return DONE;
  },
};

async function follow(platform: Platform, invocation: Invocation): Promise<number> {
  const { service, json } = invocation;
  const selection: Selection = { server: invocation.operands[0]!, ...(service !== null && { service }) };
  let last = '';
  for (let looks = 0; ; looks++) {
    const status = (await ask(platform, invocation, 'services', selection)) as CheckerStatus;
    const places = placesOf(status);
    const done = !places.some(({ server }) => server.state === 'draining');
    const counts = places.map(countsOf).join();
    if (done || counts !== last || looks % STILL === 0) {
      platform.print(json ? line(places, done) : places.map(describe).join(''));
    }
    if (done) return DONE;
    last = counts;
    await new Promise<void>(resolve => platform.after(LOOK, resolve));
  }
}

interface Place {
  readonly name: string;
  readonly server: RealServerStatus;
}

function placesOf({ services }: CheckerStatus): Place[] {
  return services.flatMap(service =>
    service.realServers.map(server => ({ name: `${destinationId(server)} of ${nameOf(service)}`, server })),
  );
}

function nameOf({ name, key }: ServiceStatus): string {
  return name ?? serviceId(key);
}

function countsOf({ server }: Place): string {
  const { state, activeConnections, inactiveConnections, persistentConnections } = server;
  return `${state} ${activeConnections} ${inactiveConnections} ${persistentConnections}`;
}

function line(places: readonly Place[], done: boolean): string {
  const servers = places.map(({ name, server }) => ({
    name,
    state: server.state,
    reason: server.reason,
    activeConnections: server.activeConnections,
    inactiveConnections: server.inactiveConnections,
    persistentConnections: server.persistentConnections ?? null,
    drainLeft: server.drainLeft ?? null,
  }));
  return `${JSON.stringify({ version: 1, order: 'drain', servers, done })}\n`;
}

/** `10.0.0.11:80 of TCP 10.0.0.100:80: draining, 12 active, 3 inactive connections, 9 min 58 s left` */
function describe({ name, server }: Place): string {
  const { state, reason, drainLeft } = server;
  if (state !== 'draining') return `${name}: ${state}${reason === '' ? '' : `: ${reason}`}\n`;
  const left = drainLeft === null || drainLeft === undefined ? 'no end set' : `${duration(drainLeft)} left`;
  return `${name}: draining, ${connections(server)}, ${left}\n`;
}

function connections({ activeConnections, inactiveConnections, persistentConnections }: RealServerStatus) {
  const counted = `${activeConnections ?? 0} active, ${inactiveConnections ?? 0} inactive connections`;
  return persistentConnections ? `${counted}, ${persistentConnections} of persistent clients` : counted;
}
