import test from 'ava';
import { type Attempted, mergeRoster, type RosterServer } from '../../src/director/check/roster.ts';
import { createRunner, type Probe } from '../../src/director/check/runner.ts';
import type { CheckResult } from '../../src/director/check/state.ts';
import type { CheckBeat } from '../../src/director/config/config.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, virtualServer } from '../control/sample.ts';

const check = (port: number, retries = 0, interval = 6000) => ({
  kind: 'TCP_CHECK' as const,
  connectAddress: '10.0.0.11',
  connectPort: port,
  connectTimeout: 1000,
  retries,
  delayBeforeRetry: 300,
  interval,
});

/** Of its first check. */
function portOf({ config }: RosterServer): number {
  const first = config.checks[0]!;
  return 'connectPort' in first ? first.connectPort : 0;
}

/** Servers with one check each; every attempt is recorded and takes `takes` milliseconds, or for ever. */
function world(
  count: number,
  { takes = 10, delayLoop = 6000, retries = 0, more = {} as Partial<CheckBeat> } = {},
) {
  const platform = createFake();
  const attempts: { at: number; port: number }[] = [];
  const bad = new Set<number>();
  let underWay = 0;
  let most = 0;
  const probe: Probe = (config, done) => {
    if (config.kind !== 'TCP_CHECK') throw new Error(config.kind);
    attempts.push({ at: platform.clock.monotonic(), port: config.connectPort });
    most = Math.max(most, ++underWay);
    const timer = platform.after(takes, () => {
      underWay--;
      const result: CheckResult = { ok: !bad.has(config.connectPort), reason: 'told' };
      done(result);
    });
    return () => {
      underWay--;
      timer.cancel();
    };
  };
  const changes: string[] = [];
  const failures: string[] = [];
  const runner = createRunner(platform, probe, {
    changed({ server }, before) {
      changes.push(`${portOf(server)} ${before.state} ${server.state.state}`);
    },
    failed: ({ server }, reason) => failures.push(`${portOf(server)} ${reason}`),
  });
  let number = 0;
  const servers = Array.from({ length: count }, (_, at) =>
    realServer(`10.0.${at >> 8}.${at & 255}`, { checks: [{ ...check(at, retries, delayLoop), ...more }] }),
  );
  const merge = mergeRoster([], [virtualServer(servers)], {
    now: 0,
    nextNumber: () => number++,
    inTable: () => null,
  });
  const checks: readonly Attempted[] = merge.added;
  return { platform, runner, checks, attempts, changes, failures, bad, most: () => most };
}

test('every check is made within a second, then once in every interval', t => {
  const { platform, runner, checks, attempts, changes } = world(10);
  runner.add(checks);
  platform.clock.advance(1000);
  t.is(new Set(attempts.map(({ port }) => port)).size, 10);
  t.is(changes.length, 10);
  platform.clock.advance(60_000);
  for (let port = 0; port < 10; port++) {
    const times = attempts.filter(each => each.port === port).map(({ at }) => at);
    const gaps = times.slice(2).map((at, index) => at - times[index + 1]!);
    t.true(gaps.length >= 8);
    t.true(
      gaps.every(gap => Math.abs(gap - 6000) < 1),
      `${gaps}`,
    );
  }
});

test('checks are spread over the interval', t => {
  const { platform, runner, checks, attempts } = world(60);
  runner.add(checks);
  platform.clock.advance(12_000);
  attempts.length = 0;
  platform.clock.advance(6000);
  const perSecond = new Map<number, number>();
  for (const { at } of attempts) perSecond.set((at / 1000) | 0, (perSecond.get((at / 1000) | 0) ?? 0) + 1);
  t.true(Math.max(...perSecond.values()) <= 12, JSON.stringify([...perSecond]));
});

test('no more than 200 attempts are under way, the others get their turn', t => {
  const { platform, runner, checks, attempts, most } = world(1000, { takes: 500, delayLoop: 1000 });
  runner.add(checks);
  platform.clock.advance(4000);
  t.is(most(), 200);
  t.is(new Set(attempts.map(({ port }) => port)).size, 1000);
});

test('a failure is tried again after the delay for that', t => {
  const { platform, runner, checks, attempts, changes, bad } = world(1, { retries: 2, delayLoop: 10_000 });
  bad.add(0);
  runner.add(checks);
  platform.clock.advance(5000);
  t.deepEqual(
    attempts.map(({ at }) => at),
    [0, 310, 620],
  );
  t.deepEqual(changes, ['0 starting down']);
});

test('a check that is removed is made no more, and what was under way says nothing', t => {
  const { platform, runner, checks, attempts, changes } = world(2, { takes: 500 });
  runner.add(checks);
  platform.clock.advance(1);
  runner.remove(checks.slice(0, 1));
  platform.clock.advance(60_000);
  t.is(attempts.filter(({ port }) => port === 0).length, 1);
  t.deepEqual(changes, ['1 starting up']);
});

test('room that a removed check leaves is used at once', t => {
  const { platform, runner, checks, attempts } = world(201, { takes: 1e9 });
  runner.add(checks);
  platform.clock.advance(2000);
  t.is(attempts.length, 200);
  runner.remove(checks.filter(({ server }) => portOf(server) === attempts[0]!.port));
  platform.clock.advance(1);
  t.is(attempts.length, 201);
});

test('failures are told one by one only where that is wanted, and only while the server is up', t => {
  const told = (more: Partial<CheckBeat>) => {
    const { platform, runner, checks, bad, failures } = world(1, { retries: 1, more });
    runner.add(checks);
    platform.clock.advance(5000);
    bad.add(0);
    platform.clock.advance(30_000);
    return failures;
  };
  t.deepEqual(told({}), []);
  t.deepEqual(told({ logsFailures: true }), ['0 told', '0 told']);
});

test('the first attempts are spread over the time that is given for that', t => {
  const { platform, runner, checks, attempts } = world(50, { more: { warmup: 20_000 } });
  runner.add(checks);
  platform.clock.advance(1000);
  t.true(attempts.length < 10);
  platform.clock.advance(19_000);
  t.is(new Set(attempts.map(({ port }) => port)).size, 50);
});

test('nothing is attempted after the end', t => {
  const { platform, runner, checks, attempts, changes } = world(3, { takes: 500 });
  runner.add(checks);
  platform.clock.advance(1);
  runner.close();
  platform.clock.advance(60_000);
  t.is(attempts.length, 1);
  t.deepEqual(changes, []);
});

test('a check with a shorter interval does not wait for the end of the longer one', t => {
  const { platform, runner, checks, attempts } = world(2, { delayLoop: 1_000_000 });
  runner.add(checks);
  platform.clock.advance(2000);
  t.is(attempts.length, 2);
  for (const check of checks) check.config = { ...check.config, interval: 1000 };
  runner.hasten(checks);
  platform.clock.advance(10_000);
  for (const port of [0, 1]) {
    const count = attempts.filter(each => each.port === port).length;
    t.true(count >= 10 && count <= 13, `${count}`);
  }
  runner.hasten(checks);
  platform.clock.advance(10_000);
  t.true(attempts.length <= 46);
});
