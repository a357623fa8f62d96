// Which child to start, kill or mourn, and when: the supervisor's decisions as a pure function of state, event and time.
import type { Role } from '../protocol.ts';

/** The roles that run as children, in the order they are started. */
export type ChildRole = Exclude<Role, 'supervisor'>;

/** Milliseconds without a beat after which a child counts as wedged. A large configuration is read in one go, VRRP never pauses. */
const SILENCE: Readonly<Record<ChildRole, number>> = {
  vrrp: 1000,
  checker: 10_000,
  control: 20_000,
  telemetry: 20_000,
};

/** Milliseconds until the first beat: loading takes its time on a 133 MHz board. */
const START_ALLOWANCE = 20_000;

/** Milliseconds without a beat, restarts included, after which only a restart of the whole board can help. */
const NO_PROGRESS = 60_000;

/** Milliseconds before a restart: the first is at once, then 0.2 s doubling up to 5 s. */
const FIRST_DELAY = 200;
const LONGEST_DELAY = 5000;

/** A child that ran this long is forgiven its earlier failures. */
const FORGIVEN_AFTER = 30_000;

/** Milliseconds that an orderly stop gives to each child before it is killed. */
const STOP_ALLOWANCE = 3000;

/**
 * Milliseconds between two ticks that say that the supervisor itself was not running; its children are not to blame for the time. With
 * the age that a beat may have before it, less than any child's `SILENCE`.
 */
const LATE_TICK = 500;

const SIGKILL = 9;
const SIGTERM = 15;

export interface Child {
  readonly role: ChildRole;
  /** Null while it is not running. */
  readonly pid: number | null;
  readonly startedAt: number;
  /** Null until the first beat. */
  readonly lastBeat: number | null;
  /** The last beat of any process of this role; before the first, when the director was started. */
  readonly lastProgress: number;
  /** Starts after the first one. */
  readonly restarts: number;
  /** Ends in a row that came too early. */
  readonly failures: number;
  /** When to start it; null while it runs or must wait for the purge. */
  readonly startAt: number | null;
  /** When SIGKILL follows the SIGTERM of an orderly stop. */
  readonly killAt: number | null;
  /** Milliseconds that it had been silent when it was killed for it; null: it was not. */
  readonly silence: number | null;
  /** How it last ended, in words. */
  readonly lastEnd: string | null;
}

export interface Family {
  readonly children: readonly Child[];
  readonly lastTick: number;
  /** Exit status of an orderly stop under way. */
  readonly stopping: number | null;
}

export type FamilyEvent =
  | { readonly kind: 'tick' }
  | { readonly kind: 'spawned'; readonly role: ChildRole; readonly pid: number }
  | { readonly kind: 'unspawnable'; readonly role: ChildRole; readonly reason: string }
  | { readonly kind: 'beat'; readonly role: ChildRole }
  | { readonly kind: 'ended'; readonly pid: number; readonly status: number; readonly signal: number }
  /** The virtual addresses that a dead vrrp process left are off. */
  | { readonly kind: 'purged' }
  | { readonly kind: 'stop'; readonly status: number };

export type FamilyEffect =
  | { readonly kind: 'spawn'; readonly role: ChildRole }
  | { readonly kind: 'signal'; readonly pid: number; readonly signal: number }
  /** Take every virtual address off, then say `purged`. */
  | { readonly kind: 'purge' }
  | { readonly kind: 'log'; readonly text: string }
  /** Tell the control process how the children are. */
  | { readonly kind: 'report' }
  /** Take every virtual address off and end. */
  | { readonly kind: 'exit'; readonly status: number };

export interface Decision {
  readonly family: Family;
  readonly effects: readonly FamilyEffect[];
}

/** The family before anything was started. `now` is monotonic milliseconds, here and everywhere. */
export function newFamily(roles: readonly ChildRole[], now: number): Family {
  const children = roles.map(role => ({
    role,
    pid: null,
    startedAt: now,
    lastBeat: null,
    lastProgress: now,
    restarts: -1,
    failures: 0,
    startAt: now,
    killAt: null,
    silence: null,
    lastEnd: null,
  }));
  return { children, lastTick: now, stopping: null };
}

/** The next state and what to do. */
export function decide(family: Family, event: FamilyEvent, now: number): Decision {
  switch (event.kind) {
    case 'tick':
      return tick(family, now);
    case 'spawned':
      return changed(family, event.role, child => started(child, event.pid, now), [{ kind: 'report' }]);
    case 'unspawnable':
      return unspawnable(family, event.role, event.reason, now);
    case 'beat':
      return changed(family, event.role, child => ({ ...child, lastBeat: now, lastProgress: now }), []);
    case 'ended':
      return ended(family, event, now);
    case 'purged':
      return changed(family, 'vrrp', child => allowStart(family, child, now), []);
    case 'stop':
      return family.stopping === null
        ? advanceStop({ ...family, stopping: event.status }, now)
        : { family, effects: [] };
  }
}

/** The roles that have made no progress for so long that only a restart of the board can help. */
export function laggardsOf({ children }: Family, now: number): readonly ChildRole[] {
  return children.filter(({ lastProgress }) => now - lastProgress > NO_PROGRESS).map(({ role }) => role);
}

function changed(
  family: Family,
  role: ChildRole,
  change: (child: Child) => Child,
  effects: readonly FamilyEffect[],
): Decision {
  const children = family.children.map(child => (child.role === role ? change(child) : child));
  return { family: { ...family, children }, effects };
}

function started(child: Child, pid: number, now: number): Child {
  return { ...child, pid, startedAt: now, lastBeat: null, restarts: child.restarts + 1, startAt: null };
}

function restartDelay(failures: number): number {
  return failures <= 1 ? 0 : Math.min(FIRST_DELAY * 2 ** (failures - 2), LONGEST_DELAY);
}

function allowStart(family: Family, child: Child, now: number): Child {
  if (family.stopping !== null || child.pid !== null) return child;
  return { ...child, startAt: now + restartDelay(child.failures) };
}

function unspawnable(family: Family, role: ChildRole, reason: string, now: number): Decision {
  return changed(
    family,
    role,
    child => allowStart(family, { ...child, failures: child.failures + 1, lastEnd: reason }, now),
    [{ kind: 'log', text: `${role} cannot be started: ${reason}` }],
  );
}

function ended(family: Family, end: { pid: number; status: number; signal: number }, now: number): Decision {
  const child = family.children.find(each => each.pid === end.pid);
  // Somebody else's orphan that was handed to this process: nothing to do with the director.
  if (child === undefined) return { family, effects: [] };
  const lastEnd = describeEnd(child, end);
  const failures = now - child.startedAt >= FORGIVEN_AFTER ? 1 : child.failures + 1;
  const dead: Child = { ...child, pid: null, killAt: null, silence: null, lastBeat: null, failures, lastEnd };
  const effects: FamilyEffect[] = [];
  // One that has just been started has no way yet to follow a SIGTERM but to end by it.
  const orderly = family.stopping !== null && (end.signal === 0 || end.signal === SIGTERM);
  if (!orderly) effects.push({ kind: 'log', text: `${child.role} (pid ${end.pid}) ended: ${lastEnd}` });
  // The peer takes over as soon as the addresses are off, so this comes before anything else.
  if (child.role === 'vrrp') effects.unshift({ kind: 'purge' });
  const next = child.role === 'vrrp' ? dead : allowStart(family, dead, now);
  const result = changed(family, child.role, () => next, effects);
  const then = family.stopping === null ? tick(result.family, now) : advanceStop(result.family, now);
  return {
    family: then.family,
    effects: [...result.effects, ...then.effects, ...(family.stopping === null ? [REPORT] : [])],
  };
}

function describeEnd({ silence }: Child, { status, signal }: { status: number; signal: number }): string {
  if (signal === SIGKILL && silence !== null) return `killed: silent for ${inSeconds(silence)}`;
  return signal === 0 ? `exit status ${status}` : `signal ${signal}`;
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const REPORT: FamilyEffect = { kind: 'report' };

function tick(family: Family, now: number): Decision {
  const late = now - family.lastTick;
  const forgive = late > LATE_TICK ? late : 0;
  const effects: FamilyEffect[] = [];
  const children = family.children.map(child => {
    if (child.pid === null) {
      if (child.startAt === null || child.startAt > now) return child;
      effects.push({ kind: 'spawn', role: child.role });
      return { ...child, startAt: null };
    }
    const excused: Child =
      forgive === 0
        ? child
        : {
            ...child,
            startedAt: child.startedAt + forgive,
            lastBeat: child.lastBeat === null ? null : child.lastBeat + forgive,
            lastProgress: child.lastProgress + forgive,
          };
    return watch(excused, child.pid, now, effects);
  });
  return { family: { ...family, children, lastTick: now }, effects };
}

function watch(child: Child, pid: number, now: number, effects: FamilyEffect[]): Child {
  if (child.killAt !== null) {
    if (now < child.killAt) return child;
    effects.push({ kind: 'signal', pid, signal: SIGKILL });
    return { ...child, killAt: now + STOP_ALLOWANCE };
  }
  const silence = now - (child.lastBeat ?? child.startedAt);
  const allowed = child.lastBeat === null ? START_ALLOWANCE : SILENCE[child.role];
  if (silence <= allowed) return child;
  effects.push({
    kind: 'log',
    text: `${child.role} (pid ${pid}) is silent for ${inSeconds(silence)}: killed`,
  });
  effects.push({ kind: 'signal', pid, signal: SIGKILL });
  // Dead soon; asked again in case the signal gets lost in an uninterruptible wait.
  return { ...child, lastBeat: now, silence: child.silence ?? silence };
}

// VRRP leaves its groups first, so that the peer has the addresses before the services here are gone.
function advanceStop(family: Family, now: number): Decision {
  const effects: FamilyEffect[] = [];
  const running = (role: ChildRole) =>
    family.children.some(child => child.role === role && child.pid !== null);
  const children = family.children.map(child => {
    if (child.pid === null) return { ...child, startAt: null };
    if (child.killAt !== null || (child.role === 'checker' && running('vrrp'))) return child;
    effects.push({ kind: 'signal', pid: child.pid, signal: SIGTERM });
    return { ...child, killAt: now + STOP_ALLOWANCE };
  });
  if (children.every(child => child.pid === null)) {
    effects.push({ kind: 'exit', status: family.stopping ?? 0 });
  }
  return { family: { ...family, children }, effects };
}
