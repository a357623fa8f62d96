// The state of a real server as its checks make it: pure functions of what was known and what a check said.
import type { CheckBeat } from '../config/config.ts';

export interface CheckResult {
  readonly ok: boolean;
  /** In words: `connected`, `status 503`, `no answer within 5 s`. */
  readonly reason: string;
  /** What the check adds to the weight of the server from now on; without it that stays as it was. */
  readonly weight?: number;
  /** What the server wants from now on, `ready` that it wants nothing any more; without it that stays as it was. */
  readonly order?: 'ready' | 'drain' | 'maintain';
}

export interface CheckState {
  /** `assumed`: passed until the first attempt says otherwise. */
  readonly outcome: 'unknown' | 'assumed' | 'passed' | 'failed';
  /** Failed attempts in a row, no more than it takes to fail. */
  readonly failures: number;
  /** Successes in a row of a check that has failed, fewer than it takes to pass again. */
  readonly successes: number;
  readonly reason: string;
  /** What it adds to the weight of the server. */
  readonly weight: number;
  /** What the server wants by it. */
  readonly order: Exclude<CheckResult['order'], 'ready' | undefined> | null;
}

/** How patient a check is with a server. */
export type Patience = Pick<CheckBeat, 'retries' | 'rise'>;

export interface ServerState {
  /** `starting`: no check has decided yet. */
  readonly state: 'starting' | 'up' | 'down';
  /** Monotonic milliseconds of the last change. */
  readonly since: number;
  readonly reason: string;
  readonly checks: readonly CheckState[];
}

export interface Progress {
  readonly server: ServerState;
  /** The check failed but has attempts left: the next one comes after the delay before a retry. */
  readonly retry: boolean;
}

const UNKNOWN: CheckState = {
  outcome: 'unknown',
  failures: 0,
  successes: 0,
  reason: 'not checked yet',
  weight: 0,
  order: null,
};
const ASSUMED: CheckState = { ...UNKNOWN, outcome: 'assumed', reason: 'taken to be up until it is checked' };

/** The largest weight that IPVS has room for here: as keepalived's IPVS_WEIGHT_MAX. */
const LARGEST_WEIGHT = 65_535;

/**
 * A server that the director sees for the first time. One that the kernel balances to already, because an earlier checker
 * process put it there, goes on until a check says otherwise.
 */
export function newServer(
  checks: readonly Pick<CheckBeat, 'assumedUp'>[],
  inTable: boolean,
  now: number,
): ServerState {
  const states = checks.map(initialState);
  const server = { state: 'starting', since: now, reason: UNKNOWN.reason, checks: states } as const;
  if (checks.length === 0) return { ...server, state: 'up', reason: 'has no check' };
  return inTable ? { ...server, state: 'up', reason: 'was in the table' } : settle(server, now);
}

function initialState({ assumedUp }: Pick<CheckBeat, 'assumedUp'>): CheckState {
  return assumedUp === true ? ASSUMED : UNKNOWN;
}

/** The server after one attempt of its check number `index`. */
export function afterAttempt(
  server: ServerState,
  index: number,
  result: CheckResult,
  { retries, rise = 1 }: Patience,
  now: number,
): Progress {
  const before = server.checks[index] ?? UNKNOWN;
  if (saysNothingNew(before, result, retries)) return { server, retry: false };
  const hasFailed = before.outcome === 'failed';
  const failures = result.ok ? 0 : Math.min(before.failures + 1, retries + 1);
  // What was only assumed is believed no longer than to the first attempt.
  const isPatient = !hasFailed && before.outcome !== 'assumed';
  const retry = !result.ok && isPatient && failures <= retries;
  const successes = result.ok && hasFailed ? before.successes + 1 : 0;
  const isRising = result.ok && hasFailed && successes < rise;
  const state: CheckState = {
    outcome: result.ok ? (isRising ? 'failed' : 'passed') : retry ? before.outcome : 'failed',
    failures,
    successes: isRising ? successes : 0,
    reason: isRising ? `${result.reason} (${successes} of ${rise} in a row)` : result.reason,
    weight: result.weight ?? before.weight,
    order: orderAfter(before, result),
  };
  const checks = server.checks.map((check, at) => (at === index ? state : check));
  return { server: settle({ ...server, checks }, now), retry };
}

/** Nearly every attempt of a check does: it must not cost more than to find that out. */
function saysNothingNew(before: CheckState, result: CheckResult, retries: number): boolean {
  const { outcome, failures, successes, reason, weight, order } = before;
  const isSame = result.ok
    ? outcome === 'passed' && failures === 0
    : outcome === 'failed' && failures === retries + 1 && successes === 0;
  return (
    isSame &&
    result.reason === reason &&
    (result.weight === undefined || result.weight === weight) &&
    (result.order === undefined || result.order === (order ?? 'ready'))
  );
}

function orderAfter({ outcome, order }: CheckState, { order: said }: CheckResult): CheckState['order'] {
  if (said !== undefined) return said === 'ready' ? null : said;
  // What was taken from the table of the kernel is believed until the server says anything.
  return outcome === 'unknown' ? null : order;
}

/** What the server itself wants, by any of its checks; null: to serve. */
export function wishOf({ checks }: Pick<ServerState, 'checks'>): CheckState['order'] {
  let wish: CheckState['order'] = null;
  for (const { order } of checks) {
    if (order === 'maintain') return order;
    wish ??= order;
  }
  return wish;
}

/** The server with what its check number `index` said to an earlier process, before it has said anything to this one. */
export function assumeResult(
  server: ServerState,
  index: number,
  said: Partial<Pick<CheckState, 'weight' | 'order'>>,
): ServerState {
  const checks = server.checks.map((check, at) => (at === index ? { ...check, ...said } : check));
  return { ...server, checks };
}

/** The weight in force: the configured one with what checks add, no less than 0. */
export function weightOf(configured: number, { checks }: Pick<ServerState, 'checks'>): number {
  let added = 0;
  for (const { weight } of checks) added += weight;
  return added === 0 ? configured : Math.max(0, Math.min(LARGEST_WEIGHT, configured + added));
}

/** The server under another list of checks: `kept[i]` is the number that `configs[i]` had before, or -1 for a new one. */
export function withChecks(
  server: ServerState,
  configs: readonly Pick<CheckBeat, 'assumedUp'>[],
  kept: readonly number[],
  now: number,
): ServerState {
  if (configs.length === 0) return newServer([], false, now);
  const checks = configs.map((config, at) => server.checks[kept[at]!] ?? initialState(config));
  return settle({ ...server, checks }, now);
}

function settle(server: ServerState, now: number): ServerState {
  const failed = server.checks.find(check => check.outcome === 'failed');
  if (failed) return become(server, 'down', failed.reason, now);
  if (server.checks.every(({ outcome }) => outcome === 'passed' || outcome === 'assumed')) {
    return become(server, 'up', server.checks.map(check => check.reason).join(', '), now);
  }
  return server;
}

function become(server: ServerState, state: ServerState['state'], reason: string, now: number): ServerState {
  return { ...server, state, reason, since: server.state === state ? server.since : now };
}
