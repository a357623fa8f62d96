// What the checker process answers to `status`.
import { type ActualTable, destinationId, serviceId } from '../ipvs/table.ts';
import type { CheckerStatus, RealServerStatus, ServiceStatus } from '../protocol.ts';
import type { RosterServer, RosterService } from './roster.ts';
import { weightOf } from './state.ts';

/** `actual` is null when the kernel's table cannot be read; `now` is monotonic milliseconds. */
export function checkerStatus(
  services: readonly RosterService[],
  actual: ActualTable | null,
  { repairs, trouble }: Pick<CheckerStatus, 'repairs' | 'trouble'>,
  now: number,
): CheckerStatus {
  return { services: services.map(service => serviceStatus(service, actual, now)), repairs, trouble };
}

function serviceStatus(
  { config, servers }: RosterService,
  actual: ActualTable | null,
  now: number,
): ServiceStatus {
  const { key, scheduler } = config;
  const entry = actual?.get(serviceId(key));
  return {
    key,
    scheduler,
    realServers: servers.map(server => {
      const destination = entry?.destinations.get(destinationId(server.config));
      return serverStatus(server, destination ?? null, now);
    }),
  };
}

function serverStatus(
  { config, state }: RosterServer,
  destination: { readonly activeConnections: number; readonly inactiveConnections: number } | null,
  now: number,
): RealServerStatus {
  const { address, port, forwarding } = config;
  return {
    address,
    port,
    forwarding,
    weight: weightOf(config.weight, state),
    state: state.state,
    reason: state.reason,
    since: Math.round(now - state.since),
    activeConnections: destination?.activeConnections ?? null,
    inactiveConnections: destination?.inactiveConnections ?? null,
  };
}
