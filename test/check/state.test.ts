import test from 'ava';
import {
  afterAttempt,
  newServer,
  type ServerState,
  weightOf,
  withChecks,
} from '../../src/director/check/state.ts';

const good = { ok: true, reason: 'fine' };
const ONE = [{}];
const ONCE = { retries: 0 };
const TWO = [{}, {}];
const bad = { ok: false, reason: 'broken' };

/** Attempts of check 0, one a second; the state after each and whether a retry follows. */
function run(server: ServerState, results: readonly (typeof good)[], retries: number): string {
  let now = 1000;
  const seen = results.map(result => {
    now += 1000;
    const progress = afterAttempt(server, 0, result, { retries }, now);
    server = progress.server;
    return progress.server.state + (progress.retry ? '+retry' : '');
  });
  return seen.join(' ');
}

test('a server without checks is up', t => {
  t.like(newServer([], false, 5), { state: 'up', since: 5, reason: 'has no check' });
});

test('a server is starting until its check has decided', t => {
  t.is(newServer(ONE, false, 0).state, 'starting');
  t.is(run(newServer(ONE, false, 0), [good], 2), 'up');
  t.is(run(newServer(ONE, false, 0), [bad, bad, bad], 2), 'starting+retry starting+retry down');
});

test('a server that the kernel balances to already stays up until a check says otherwise', t => {
  t.is(newServer(ONE, true, 0).state, 'up');
  t.is(run(newServer(ONE, true, 0), [bad, bad], 1), 'up+retry down');
});

test('a failure is tried again as often as configured, a success in between forgives', t => {
  t.is(run(newServer(ONE, true, 0), [bad, good, bad, bad, bad], 2), 'up+retry up up+retry up+retry down');
});

test('without retries the first failure counts', t => {
  t.is(run(newServer(ONE, true, 0), [good, bad], 0), 'up down');
});

test('a server that is down comes back with its first success and is not retried before', t => {
  t.is(run(newServer(ONE, true, 0), [bad, bad, bad, good], 1), 'up+retry down down up');
});

test('every check must pass', t => {
  let server = newServer(TWO, false, 0);
  server = afterAttempt(server, 0, good, ONCE, 1).server;
  t.is(server.state, 'starting');
  server = afterAttempt(server, 1, bad, ONCE, 2).server;
  t.like(server, { state: 'down', reason: 'broken', since: 2 });
  server = afterAttempt(server, 0, good, ONCE, 3).server;
  t.like(server, { state: 'down', since: 2 });
  server = afterAttempt(server, 1, good, ONCE, 4).server;
  t.like(server, { state: 'up', reason: 'fine, fine', since: 4 });
});

test('since is the moment of the change, the reason is that of the last attempt', t => {
  let server = afterAttempt(newServer(ONE, false, 0), 0, bad, ONCE, 10).server;
  server = afterAttempt(server, 0, { ok: false, reason: 'worse' }, ONCE, 20).server;
  t.like(server, { state: 'down', since: 10, reason: 'worse' });
});

test('another list of checks keeps the results of those that stay', t => {
  const up = afterAttempt(newServer(ONE, false, 0), 0, good, ONCE, 1).server;
  const more = withChecks(up, TWO, [0, -1], 2);
  t.is(more.state, 'up');
  t.deepEqual(
    more.checks.map(check => check.outcome),
    ['passed', 'unknown'],
  );
  t.is(withChecks(afterAttempt(more, 1, bad, ONCE, 3).server, ONE, [0], 4).state, 'up');
  t.like(withChecks(up, [], [], 5), { state: 'up', reason: 'has no check' });
});

test('a server that is assumed to be up is so until its first attempt', t => {
  const server = newServer([{ assumedUp: true }], false, 0);
  t.like(server, { state: 'up', reason: 'taken to be up until it is checked' });
  t.is(run(server, [bad], 3), 'down');
  t.is(run(server, [good, bad], 1), 'up up+retry');
  t.is(newServer([{ assumedUp: true }, {}], false, 0).state, 'starting');
});

test('checks add to the weight of a server, within what IPVS takes', t => {
  const weigh = (server: ServerState, index: number, weight?: number) =>
    afterAttempt(server, index, { ...good, ...(weight !== undefined && { weight }) }, ONCE, 1).server;
  let server = weigh(newServer(TWO, false, 0), 0, 5);
  t.is(weightOf(10, server), 15);
  server = weigh(server, 1, -3);
  t.is(weightOf(10, server), 12);
  server = weigh(server, 0);
  t.is(weightOf(10, server), 12);
  t.is(weightOf(10, weigh(server, 1, -100)), 0);
  t.is(weightOf(10, weigh(server, 1, 1_000_000)), 65_535);
});
