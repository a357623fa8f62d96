// Whether a virtual service has enough real servers: what brings in the sorry server, and what VRRP tracks.
import type { QuorumConfig } from '../config/config.ts';
import { keysOf, serviceId } from '../ipvs/table.ts';
import type { TrackReport } from '../protocol.ts';
import type { RosterService } from './roster.ts';

/** One server that is up is enough. */
const ANY: Pick<QuorumConfig, 'weight' | 'hysteresis'> = { weight: 1, hysteresis: 0 };

/** The real servers of a service, counted. */
export interface Tally {
  /** Weights of those that serve, added up. */
  readonly weight: number;
  /** Some have not been checked yet. */
  readonly isOpen: boolean;
}

/**
 * Gained at the weight with the hysteresis, lost below the weight without it, as keepalived has it; nothing that serves is never
 * enough. `before` is null while it is not decided, and then the first word is that of a service that had it. While servers are yet to
 * be checked it is not lost.
 */
export function decideQuorum(
  before: boolean | null,
  { weight, isOpen }: Tally,
  { weight: needed, hysteresis } = ANY,
): boolean | null {
  if (before === false) return weight > 0 && weight >= needed + hysteresis;
  if (weight > 0 && weight >= needed - hysteresis) return true;
  return isOpen ? before : false;
}

/** What it takes. */
export function neededWeight({ quorum }: Pick<RosterService['config'], 'quorum'>): number {
  return (quorum ?? ANY).weight;
}

export function quorumReason({ config, servers, tally }: RosterService): string {
  const words = `${tally.servers} of ${servers.length} real servers up`;
  return config.quorum === undefined
    ? words
    : `${words}: weight ${tally.weight} of ${config.quorum.weight} needed`;
}

/** What VRRP tracks: one report for each thing that the service answers on; none while it is not decided. */
export function quorumReports(service: RosterService): TrackReport[] {
  const { isUp } = service.quorum;
  if (isUp === null) return [];
  const said = { kind: 'service', up: isUp, value: isUp ? 1 : 0, reason: quorumReason(service) } as const;
  return keysOf(service.config).map(key => ({ ...said, name: serviceId(key) }));
}
