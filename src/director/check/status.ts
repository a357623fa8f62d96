// What the checker process answers to `status`.
import type { CheckerStatus, RealServerStatus, ServiceStatus } from '../protocol.ts';
import type { RosterServer, RosterService } from './roster.ts';

/** Connections of a real server in the kernel's table; null when it is not in it. */
export type CountConnections = (
  service: RosterService,
  server: RosterServer,
) => { readonly active: number; readonly inactive: number } | null;

/** `now` is monotonic milliseconds. */
export function checkerStatus(
  services: readonly RosterService[],
  count: CountConnections,
  table: { readonly repairs: number; readonly trouble: string | null },
  now: number,
): CheckerStatus {
  return {
    services: services.map(service => serviceStatus(service, count, now)),
    repairs: table.repairs,
    trouble: table.trouble,
  };
}

function serviceStatus(service: RosterService, count: CountConnections, now: number): ServiceStatus {
  const { key, scheduler } = service.config;
  return {
    key,
    scheduler,
    realServers: service.servers.map(server => serverStatus(server, count(service, server), now)),
  };
}

function serverStatus(
  { config, state }: RosterServer,
  connections: ReturnType<CountConnections>,
  now: number,
): RealServerStatus {
  const { address, port, forwarding, weight } = config;
  return {
    address,
    port,
    forwarding,
    weight,
    state: state.state,
    reason: state.reason,
    since: now - state.since,
    activeConnections: connections?.active ?? null,
    inactiveConnections: connections?.inactive ?? null,
  };
}
