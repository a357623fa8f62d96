// What reaches beyond one instance: trackers, which change priorities and stop instances, and sync groups, which move several as one.
import type { SyncGroupConfig, VrrpInstanceConfig } from '../config/vrrp-config.ts';
import type { SyncGroupStatus, TrackReport, VrrpEvent, VrrpInstanceStatus } from '../protocol.ts';
import type { InstanceEvent, InstanceState } from './instance.ts';
import { OWNER } from './priority.ts';
import { groupState, inheritedFaults, type Member, ordersOf, trackingInGroup } from './sync-group.ts';
import { type Known, NOTHING_TRACKED, sumOf, type Tracking, trackingOf } from './tracking.ts';
import { faultsOf } from './transition.ts';

/** An instance as far as this is concerned: a VirtualRouter. */
export interface Router {
  readonly config: VrrpInstanceConfig;
  readonly state: InstanceState;
  happen(event: InstanceEvent): void;
}

interface Coordinated {
  readonly router: Router;
  readonly group: SyncGroupConfig | null;
  tracking: Tracking;
}

/** A change of a group as a whole. */
export type GroupListener = (group: string, state: VrrpEvent['state']) => void;

export class Coordination {
  readonly #isInterfaceUp: (name: string) => boolean;
  readonly #groupChanged: GroupListener;
  readonly #reports = new Map<string, TrackReport>();
  #all: readonly Coordinated[] = [];
  #groups: readonly SyncGroupConfig[] = [];
  readonly #groupStates = new Map<string, VrrpInstanceStatus['state']>();
  #isReviewing = false;
  #isDue = false;

  constructor(isInterfaceUp: (name: string) => boolean, groupChanged: GroupListener) {
    this.#isInterfaceUp = isInterfaceUp;
    this.#groupChanged = groupChanged;
  }

  /** Nobody is told anything until the next `configure`. */
  suspend(): void {
    this.#all = [];
    this.#groups = [];
  }

  /** The same for good: the groups are left. */
  release(): void {
    const groups = this.#groups;
    this.suspend();
    this.#groupStates.clear();
    for (const { name } of groups) this.#groupChanged(name, 'STOP');
  }

  /** These are all instances from now on. */
  configure(routers: readonly Router[], syncGroups: readonly SyncGroupConfig[]): void {
    this.#groups = syncGroups;
    this.#all = routers.map(router => ({
      router,
      group: groupOf(syncGroups, router.config.name),
      tracking: NOTHING_TRACKED,
    }));
    const names = syncGroups.map(({ name }) => name);
    for (const name of [...this.#groupStates.keys()])
      if (!names.includes(name)) this.#groupStates.delete(name);
    this.review();
  }

  /** What trackers say; each report replaces the earlier one of its tracker. */
  take(reports: readonly TrackReport[]): void {
    for (const report of reports) this.#reports.set(keyOf(report.kind, report.name), report);
    this.review();
  }

  /** Looks at all trackers and interfaces again. */
  review(): void {
    const known: Known = {
      isInterfaceUp: this.#isInterfaceUp,
      report: (kind, name) => this.#reports.get(keyOf(kind, name)) ?? null,
    };
    for (const each of this.#all) each.tracking = this.#trackingOf(each, known);
    this.#settle();
  }

  /** An instance has taken a step. */
  stepped({ state }: Router, before: InstanceState): void {
    if (
      state.phase !== before.phase ||
      state.willing !== before.willing ||
      state.master !== before.master ||
      state.priority !== before.priority ||
      state.settings !== before.settings ||
      state.link !== before.link ||
      state.faults !== before.faults
    ) {
      this.#settle();
    }
  }

  /** What `router` does not know of itself. */
  statusOf(router: Router): Pick<VrrpInstanceStatus, 'syncGroup' | 'adjustments'> {
    const coordinated = this.#all.find(each => each.router === router);
    return {
      syncGroup: coordinated?.group?.name ?? null,
      adjustments: coordinated?.tracking.adjustments ?? [],
    };
  }

  groups(): SyncGroupStatus[] {
    return this.#groups.map(group => ({
      name: group.name,
      members: group.members,
      state: this.#groupStates.get(group.name) ?? 'INITIALIZE',
    }));
  }

  #trackingOf({ router, group }: Coordinated, known: Known): Tracking {
    const { tracks, priority } = router.config;
    const others = this.#all.filter(each => each.group === group && each.router !== router);
    const tracking =
      group === null
        ? trackingOf(tracks, known)
        : trackingInGroup(
            tracks,
            group,
            others.map(each => each.router.config.tracks),
            known,
          );
    return priority === OWNER ? { ...tracking, adjustments: [] } : tracking;
  }

  /** Tells everybody what follows from how all are, until nothing follows any more. */
  #settle(): void {
    this.#isDue = true;
    if (this.#isReviewing) return;
    this.#isReviewing = true;
    while (this.#isDue) {
      this.#isDue = false;
      for (const each of this.#all) this.#tell(each);
      for (const group of this.#groups) this.#order(group);
    }
    this.#isReviewing = false;
    for (const group of this.#groups) this.#observe(group);
  }

  #tell({ router, group, tracking }: Coordinated): void {
    const { state } = router;
    const inherited = group === null ? [] : inheritedFaults(router.config.name, this.#membersOf(group));
    const faults = [...needs(state, tracking), ...inherited];
    const adjustment = sumOf(tracking);
    if (adjustment === state.adjustment && sameTexts(faults, state.faults)) return;
    router.happen({ kind: 'tracking', adjustment, faults });
  }

  #order(group: SyncGroupConfig): void {
    for (const { to, event } of ordersOf(group.name, this.#membersOf(group))) {
      this.#all.find(({ router }) => router.config.name === to)?.router.happen(event);
    }
  }

  #observe(group: SyncGroupConfig): void {
    const { name } = group;
    const state = groupState(this.#membersOf(group));
    if (state === null || state === (this.#groupStates.get(name) ?? 'INITIALIZE')) return;
    this.#groupStates.set(name, state);
    this.#groupChanged(name, state);
  }

  #membersOf(group: SyncGroupConfig): Member[] {
    return this.#all
      .filter(each => each.group === group)
      .map(({ router: { config, state }, tracking }) => ({
        name: config.name,
        phase: state.phase,
        willing: state.willing,
        yields: yields(state),
        ownFaults: faultsOf({ ...state, faults: needs(state, tracking) }),
      }));
  }
}

/** A tracker that nothing is known of yet keeps an instance from starting, but does not end its work. */
function needs({ phase }: InstanceState, { faults, unknown }: Tracking): readonly string[] {
  return phase === 'BACKUP' || phase === 'MASTER' ? faults : [...faults, ...unknown];
}

/** Not to a master that it is about to preempt. */
function yields({ phase, willing, master, priority, settings }: InstanceState): boolean {
  if (phase !== 'BACKUP' || willing || master === null) return false;
  const preempts = priority === OWNER || (settings.preempt && settings.preemptDelay === 0);
  return !preempts || master.priority >= priority;
}

function groupOf(groups: readonly SyncGroupConfig[], instance: string): SyncGroupConfig | null {
  return groups.find(({ members }) => members.includes(instance)) ?? null;
}

function keyOf(kind: string, name: string): string {
  return `${kind} ${name}`;
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
