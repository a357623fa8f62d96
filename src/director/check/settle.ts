// Brings a virtual service up to date: how its servers stand, whether it has its quorum, and what place each gets in the table.
import { decideQuorum } from './quorum.ts';
import type { RosterServer, RosterService, ServiceTally } from './roster.ts';
import { nextMoment, placeOf, type Standing, stand } from './standing.ts';

export interface ServerChange {
  readonly server: RosterServer;
  readonly before: Standing;
  readonly weightBefore: number;
}

export interface Settled {
  /** Servers whose state or whose weight by configuration and checks is another, each with what it was. */
  readonly changed: readonly ServerChange[];
  /** The quorum was gained, lost, or decided for the first time. */
  readonly quorumChanged: boolean;
  /** Somebody's place in the table is another. */
  readonly tableChanged: boolean;
}

/** `touched`: the servers of which anything may be new; of the others only time may have changed what they are. */
export function settle(service: RosterService, touched: Iterable<RosterServer>, now: number): Settled {
  const { config, servers, sorry, quorum } = service;
  const changed: ServerChange[] = [];
  const look = (server: RosterServer) => {
    const { standing: before, fullWeight: weightBefore } = server;
    stand(server, config, now);
    const isNew = server.standing.state !== before.state || server.fullWeight !== weightBefore;
    if (isNew) changed.push({ server, before, weightBefore });
  };
  for (const server of touched) if (!server.isSorry) look(server);
  if (service.moment !== null && now >= service.moment) {
    for (const server of servers) if (isDue(server, service, now)) look(server);
  }

  let tally = tallyOf(servers, false);
  // Better a server that comes and goes than too few.
  const isShort = tally.isDamped && decideQuorum(quorum.isUp, tally, config.quorum) !== true;
  if (isShort) tally = tallyOf(servers, true);
  service.tally = tally;
  const isUp = decideQuorum(quorum.isUp, tally, config.quorum);
  const quorumChanged = isUp !== quorum.isUp;
  if (quorumChanged) service.quorum = { isUp, since: now };

  let tableChanged = false;
  let moment: number | null = null;
  const place = (server: RosterServer, weight: number | null) => {
    tableChanged ||= server.weight !== weight;
    server.weight = weight;
  };
  const sorryServes = sorry !== null && settleSorry(sorry, isUp, now, changed);
  for (const server of servers) {
    const weight = placeOf(server, config, isShort, now);
    // Where the sorry server serves, nobody else gets connections.
    const gives = sorryServes && weight !== null && weight > 0;
    place(server, gives ? (server.config.inhibitsOnFailure ? 0 : null) : weight);
    const next = nextMoment(server, config, now);
    if (next !== null && (moment === null || next < moment)) moment = next;
  }
  if (sorry !== null)
    place(sorry, sorryServes ? sorry.fullWeight : sorry.config.inhibitsOnFailure ? 0 : null);
  service.moment = moment;
  return { changed, quorumChanged, tableChanged };
}

/** Whether a server was to be looked at by now without anybody's saying so. */
function isDue(server: RosterServer, { config }: RosterService, now: number): boolean {
  const { state } = server.standing;
  if (state !== 'damped' && state !== 'draining') return false;
  const moment = nextMoment(server, config, now);
  return moment !== null && moment <= now;
}

function tallyOf(servers: readonly RosterServer[], countsDamped: boolean): ServiceTally {
  let weight = 0;
  let count = 0;
  let isOpen = false;
  let isDamped = false;
  for (const { standing, fullWeight } of servers) {
    const { state } = standing;
    if (state === 'starting') isOpen = true;
    if (state === 'damped') isDamped = true;
    if (fullWeight === 0 || !(state === 'up' || (countsDamped && state === 'damped'))) continue;
    weight += fullWeight;
    count++;
  }
  return { weight, servers: count, isOpen, isDamped };
}

/** Whether the sorry server serves now. */
function settleSorry(
  sorry: RosterServer,
  isUp: boolean | null,
  now: number,
  changed: ServerChange[],
): boolean {
  const { standing: before, fullWeight: weightBefore } = sorry;
  const { state, reason } = sorry.state;
  const serves = state === 'up' && isUp === false;
  const next = serves ? 'sorry' : state;
  const isNew = next !== before.state;
  sorry.standing = { state: next, reason, since: isNew ? now : before.since };
  sorry.fullWeight = sorry.config.weight;
  if (isNew) changed.push({ server: sorry, before, weightBefore });
  return serves;
}
