// Whether a virtual service has enough real servers to be worth being master for, as VRRP tracks it.
import { serviceId } from '../ipvs/table.ts';
import type { TrackReport } from '../protocol.ts';
import type { RosterService } from './roster.ts';
import { weightOf } from './state.ts';

/** Null while the checks have not decided: one server that is up is enough, and all must be down to have lost it. */
export function quorumOf({ config, servers }: RosterService): TrackReport | null {
  const up = servers.filter(
    ({ config, state }) => state.state === 'up' && weightOf(config.weight, state) > 0,
  ).length;
  if (up === 0 && servers.some(({ state }) => state.state === 'starting')) return null;
  const reason = `${up} of ${servers.length} real servers up`;
  return { kind: 'service', name: serviceId(config.key), up: up > 0, value: up > 0 ? 1 : 0, reason };
}

/** Tells of the services that gained or lost it since they were last told of. */
export class QuorumTeller {
  readonly #tell: (report: TrackReport) => void;
  #told: ReadonlyMap<string, TrackReport> = new Map();

  constructor(tell: (report: TrackReport) => void) {
    this.#tell = tell;
  }

  /** What was told last of each service. */
  get reports(): readonly TrackReport[] {
    return [...this.#told.values()];
  }

  look(services: readonly RosterService[]): void {
    const before = this.#told;
    const reports = services.map(quorumOf).filter(report => report !== null);
    this.#told = new Map(reports.map(report => [report.name, report]));
    for (const report of reports) if (before.get(report.name)?.up !== report.up) this.#tell(report);
  }
}
