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
  readonly reason: string;
  /** What it adds to the weight of the server. */
  readonly weight: number;
}

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

const UNKNOWN: CheckState = { outcome: 'unknown', failures: 0, reason: 'not checked yet', weight: 0 };
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

/** The server after one attempt of its check number `index`, which has `retries` further attempts before it fails. */
export function afterAttempt(
  server: ServerState,
  index: number,
  result: CheckResult,
  retries: number,
  now: number,
): Progress {
  const before = server.checks[index] ?? UNKNOWN;
  const failures = result.ok ? 0 : Math.min(before.failures + 1, retries + 1);
  // What was only assumed is believed no longer than to the first attempt.
  const isPatient = before.outcome !== 'failed' && before.outcome !== 'assumed';
  const retry = !result.ok && isPatient && failures <= retries;
  const outcome = result.ok ? 'passed' : retry ? before.outcome : 'failed';
  const state: CheckState = {
    outcome,
    failures,
    reason: result.reason,
    weight: result.weight ?? before.weight,
  };
  const checks = server.checks.map((check, at) => (at === index ? state : check));
  return { server: settle({ ...server, checks }, now), retry };
}

/** The server with what its check number `index` adds to the weight, before that has said anything. */
export function assumeWeight(server: ServerState, index: number, weight: number): ServerState {
  const checks = server.checks.map((check, at) => (at === index ? { ...check, weight } : check));
  return { ...server, checks };
}

/** The weight in force: the configured one with what checks add, no less than 0. */
export function weightOf(configured: number, { checks }: Pick<ServerState, 'checks'>): number {
  const added = checks.reduce((sum, { weight }) => sum + weight, 0);
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
