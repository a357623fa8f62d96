// What happens to virtual services and real servers, in the words of the protocol.
import type { ServiceEvent } from '../protocol.ts';
import { quorumReason } from './quorum.ts';
import type { RosterServer, RosterService } from './roster.ts';

/** How a server is now; `at` in milliseconds since 1970. */
export function serverEvent({ service, id, isSorry, standing }: RosterServer, at: number): ServiceEvent {
  const { state, reason } = standing;
  return { subject: subjectOf(isSorry), service: service.name, server: id, state, reason, at };
}

/** A server that is no longer configured. */
export function goneEvent({ service, id, isSorry }: RosterServer, at: number): ServiceEvent {
  const said = { state: 'down', reason: 'no longer configured', at, isGone: true } as const;
  return { subject: subjectOf(isSorry), service: service.name, server: id, ...said };
}

/** A service that is no longer configured. */
export function serviceGoneEvent({ name }: RosterService, at: number): ServiceEvent {
  const said = { state: 'down', reason: 'no longer configured', at, isGone: true } as const;
  return { subject: 'VIRTUAL SERVER', service: name, server: null, ...said };
}

/** Whether a service has its quorum; null while that is not decided. */
export function quorumEvent(service: RosterService, at: number): ServiceEvent | null {
  const { isUp } = service.quorum;
  if (isUp === null) return null;
  const said = { state: isUp ? 'up' : 'down', reason: quorumReason(service), at } as const;
  return { subject: 'VIRTUAL SERVER', service: service.name, server: null, ...said };
}

/** How everything is now: first each service, then its servers. */
export function* presentEvents(
  services: readonly RosterService[],
  at: () => number,
): Generator<ServiceEvent> {
  for (const service of services) {
    const quorum = quorumEvent(service, at());
    if (quorum !== null) yield { ...quorum, isPresent: true };
    if (service.sorry !== null) yield { ...serverEvent(service.sorry, at()), isPresent: true };
    for (const server of service.servers) yield { ...serverEvent(server, at()), isPresent: true };
  }
}

function subjectOf(isSorry: boolean): ServiceEvent['subject'] {
  return isSorry ? 'SORRY SERVER' : 'REAL SERVER';
}
