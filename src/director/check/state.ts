// The state of a real server as its checks make it: pure functions of what was known and what a check said.

export interface CheckResult {
  readonly ok: boolean;
  /** In words: `connected`, `status 503`, `no answer within 5 s`. */
  readonly reason: string;
}

export interface CheckState {
  readonly outcome: 'unknown' | 'passed' | 'failed';
  /** Failed attempts in a row, no more than it takes to fail. */
  readonly failures: number;
  readonly reason: string;
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

const UNKNOWN: CheckState = { outcome: 'unknown', failures: 0, reason: 'not checked yet' };

/**
 * A server that the director sees for the first time. One that the kernel balances to already, because an earlier checker
 * process put it there, goes on until a check says otherwise.
 */
export function newServer(checks: number, inTable: boolean, now: number): ServerState {
  const states = Array.from({ length: checks }, () => UNKNOWN);
  if (checks === 0) return { state: 'up', since: now, reason: 'has no check', checks: states };
  if (inTable) return { state: 'up', since: now, reason: 'was in the table', checks: states };
  return { state: 'starting', since: now, reason: 'not checked yet', checks: states };
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
  const retry = !result.ok && before.outcome !== 'failed' && failures <= retries;
  const outcome = result.ok ? 'passed' : retry ? before.outcome : 'failed';
  const checks = server.checks.map((check, at) =>
    at === index ? ({ outcome, failures, reason: result.reason } as const) : check,
  );
  return { server: settle({ ...server, checks }, now), retry };
}

/** The server under another list of checks: `kept[i]` is the number that check i had before, or -1 for a new one. */
export function withChecks(server: ServerState, kept: readonly number[], now: number): ServerState {
  const checks = kept.map(from => server.checks[from] ?? UNKNOWN);
  if (checks.length === 0) return newServer(0, false, now);
  return settle({ ...server, checks }, now);
}

function settle(server: ServerState, now: number): ServerState {
  const failed = server.checks.find(check => check.outcome === 'failed');
  if (failed) return become(server, 'down', failed.reason, now);
  if (server.checks.every(check => check.outcome === 'passed')) {
    return become(server, 'up', server.checks.map(check => check.reason).join(', '), now);
  }
  return server;
}

function become(server: ServerState, state: ServerState['state'], reason: string, now: number): ServerState {
  return { ...server, state, reason, since: server.state === state ? server.since : now };
}
