// What the control process does around VRRP and the checks: trackers, notifications, the sync daemon, and whoever follows the events.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import type { Peer } from '../ipc/server.ts';
import { Subscribers } from '../ipc/subscribers.ts';
import type { Log } from '../log.ts';
import { createNotifier } from '../notify/notifier.ts';
import type { CardEvent, ServiceEvent, TrackReport, VrrpEvent } from '../protocol.ts';
import { createCommands } from '../system/commands.ts';
import { forget } from '../system/kept.ts';
import { createTrackers } from '../track/trackers.ts';
import type { RoleListener } from './role-link.ts';
import { createServiceWatch } from './service-watch.ts';
import { createSyncDaemon } from './sync-daemon.ts';
import { createVrrpWatch } from './vrrp-watch.ts';

/** Milliseconds that the vrrp process gets to say what it left, at the end. */
const FAREWELL = 1000;
/** What holds until the card is back. */
const LASTING: ReadonlySet<CardEvent['kind']> = new Set(['failed', 'another', 'unreadable']);

export interface Attendants {
  /** Hears what happens in the vrrp process. */
  readonly vrrp: RoleListener;
  /** Hears what happens to services and real servers, and which services have their quorum. */
  readonly checker: RoleListener;
  /** Hears what happens to the card. */
  readonly telemetry: RoleListener;
  /** To be called before the vrrp process gets the same configuration, so that nothing that follows from it goes unheard. */
  configure(config: Config): void;
  /** Events go to this peer from now on, as `{event: ...}`; first those that made everything what it is. */
  subscribe(peer: Peer): void;
  /** Tells whoever follows the events. */
  cardHappened(event: CardEvent): void;
  /** What a tracker outside of this part says: the heat. */
  report(report: TrackReport): void;
  /** While they rest, mail waits. */
  rest(resting: boolean): void;
  /** Master of any instance, else backup of any, else none. */
  readonly office: 'master' | 'backup' | 'none';
  readonly troubles: readonly string[];
  /** The director ends: tells who is to be told, and ends what was started. */
  stop(): Promise<void>;
}

export interface AttendantsOptions {
  readonly runDirectory: string;
  readonly log: Log;
  /** Tells the vrrp process what `reports` gives. */
  track(reports: () => readonly TrackReport[]): void;
}

export function createAttendants(platform: Platform, options: AttendantsOptions): Attendants {
  const { runDirectory, log } = options;
  const commands = createCommands(platform);
  const subscribers = new Subscribers();
  const syncDaemon = createSyncDaemon(platform, log);
  const notifier = createNotifier(platform, {
    commands,
    log,
    path: notifiedIn(runDirectory),
    servicesPath: toldOfServicesIn(runDirectory),
  });
  const trackers = createTrackers(platform, {
    commands,
    log,
    path: trackedIn(runDirectory),
    // All of them: one that could not be told in time must not come behind a later one.
    onChange: () => options.track(() => trackers.reports),
  });
  let leader: string | null = null;
  /** What made the card as it is; null when it is well. */
  let card: CardEvent | null = null;
  let whenLost: () => void = () => {};

  const watch = createVrrpWatch({
    reports: () => trackers.reports,
    happened(event) {
      if (isLeader(event)) follow(event.kind === 'deleted' ? 'STOP' : event.state);
      notifier.happened(event);
      subscribers.push({ event });
    },
    lost() {
      // Without its process an instance holds nothing.
      if (leader !== null) follow('STOP');
      whenLost();
    },
    now: () => platform.clock.wall(),
  });

  const services = createServiceWatch({
    reported: report => trackers.report(report),
    happened(event, isNews) {
      notifier.happenedToService(event);
      if (isNews) subscribers.push({ event } satisfies { event: ServiceEvent });
    },
  });

  function isLeader({ subject, name, kind }: VrrpEvent): boolean {
    return subject === 'INSTANCE' && name === leader && (kind === 'state' || kind === 'deleted');
  }

  function follow(state: VrrpEvent['state']): void {
    syncDaemon.follow(state === 'MASTER');
  }

  return {
    vrrp: watch,
    checker: services,
    telemetry: {
      reached: link => void link.insist('subscribe'),
      heard: message => subscribers.push(message),
    },
    configure(config) {
      notifier.configure(config);
      trackers.configure(config);
      syncDaemon.configure(config.vrrp.syncDaemon);
      leader = config.vrrp.syncDaemon?.instance ?? null;
      const state = leader === null ? null : watch.stateOf(leader);
      if (state !== null) follow(state);
      // What was heard before it was known who is to be told.
      for (const event of watch.present) notifier.happened(event);
      services.start();
    },
    subscribe(peer) {
      for (const event of [...watch.present, ...services.present]) peer.push({ event });
      if (card !== null) peer.push({ event: card });
      subscribers.add(peer);
    },
    cardHappened(event) {
      if (event.kind === 'back') card = null;
      else if (LASTING.has(event.kind)) card = event;
      subscribers.push({ event });
    },
    report: report => trackers.report(report),
    rest: resting => notifier.rest(resting),
    get office() {
      const states = watch.present.map(({ state }) => state);
      return states.includes('MASTER') ? 'master' : states.includes('BACKUP') ? 'backup' : 'none';
    },
    get troubles() {
      return syncDaemon.trouble === null ? [] : [`sync daemon: ${syncDaemon.trouble}`];
    },
    async stop() {
      trackers.close();
      await Promise.all([syncDaemon.withdraw(), farewell()]);
      await notifier.stop();
      await notifier.close();
    },
  };

  function farewell(): Promise<void> {
    return new Promise(resolve => {
      whenLost = resolve;
      platform.after(FAREWELL, resolve);
    });
  }
}

/** What an earlier director in this directory had told and found out is not what this one has. */
export function forgetAttendants(platform: Platform, runDirectory: string): void {
  for (const pathIn of [notifiedIn, toldOfServicesIn, trackedIn]) forget(platform, pathIn(runDirectory));
}

const notifiedIn = (runDirectory: string) => `${runDirectory}/notified.json`;
const toldOfServicesIn = (runDirectory: string) => `${runDirectory}/notified-services.json`;
const trackedIn = (runDirectory: string) => `${runDirectory}/tracked.json`;
