import test from 'ava';
import {
  foresee,
  type MergeOptions,
  mergeRoster,
  type RosterService,
} from '../../src/director/check/roster.ts';
import { afterAttempt, weightOf } from '../../src/director/check/state.ts';
import type { CheckConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { realServer, virtualServer } from '../control/sample.ts';

const CHECK: CheckConfig = {
  kind: 'TCP_CHECK',
  connectAddress: '10.0.0.11',
  connectPort: 80,
  connectTimeout: 1000,
  retries: 0,
  delayBeforeRetry: 1000,
  interval: 6000,
};
const OTHER: CheckConfig = { ...CHECK, connectPort: 81 };

let number = 0;
const options: MergeOptions = { now: 1000, nextNumber: () => number++, inTable: () => null };

const service = (...checks: CheckConfig[]) => virtualServer([realServer('10.0.0.11', { checks })]);
const merge = (before: readonly RosterService[], ...configs: VirtualServerConfig[]) =>
  mergeRoster(before, configs, options);

/** A roster whose one server is up by its check. */
function upRoster(): readonly RosterService[] {
  const { services } = merge([], service(CHECK));
  const server = services[0]!.servers[0]!;
  server.state = afterAttempt(server.state, 0, { ok: true, reason: 'fine' }, { retries: 0 }, 2000).server;
  return services;
}

test('new servers start their checks, those the kernel balances to go on', t => {
  const fresh = merge([], service(CHECK));
  t.is(fresh.services[0]!.servers[0]!.state.state, 'starting');
  t.is(fresh.added.length, 1);
  const adopted = mergeRoster([], [service(CHECK)], { ...options, inTable: () => ({ weight: 1 }) });
  t.is(adopted.services[0]!.servers[0]!.state.state, 'up');
});

test('an unchanged configuration changes nothing', t => {
  const before = upRoster();
  const { services, added, removed } = merge(before, service(CHECK));
  t.deepEqual([added, removed], [[], []]);
  t.is(services[0]!.servers[0], before[0]!.servers[0]);
  t.like(services[0]!.servers[0]!.state, { state: 'up', since: 2000 });
});

test('weight, forwarding, the interval and the patience of checks change without a new check', t => {
  const before = upRoster();
  const often = { ...CHECK, interval: 500, retries: 7 };
  const config = virtualServer([realServer('10.0.0.11', { checks: [often], weight: 9 })]);
  const { services, added, removed, hastened } = merge(before, config);
  t.deepEqual([added, removed], [[], []]);
  const server = services[0]!.servers[0]!;
  t.deepEqual(hastened, server.checks);
  t.is(server.config.weight, 9);
  t.is(server.checks[0]!.config, often);
  t.is(server.state.state, 'up');
});

test('a further check leaves the server up until it has failed', t => {
  const before = upRoster();
  const { services, added, removed } = merge(before, service(OTHER, CHECK));
  t.deepEqual([added.map(check => check.config), removed], [[OTHER], []]);
  const server = services[0]!.servers[0]!;
  t.is(server.state.state, 'up');
  t.deepEqual(
    server.checks.map(check => check.index),
    [0, 1],
  );
  t.deepEqual(
    server.state.checks.map(check => check.outcome),
    ['unknown', 'passed'],
  );
});

test('a server that goes takes its checks along', t => {
  const before = upRoster();
  const checks = before[0]!.servers[0]!.checks;
  t.deepEqual(merge(before).removed, checks);
  t.deepEqual(merge(upRoster(), virtualServer([realServer('10.0.0.99')])).removed.length, 1);
});

test('the same server in another service is another server', t => {
  const elsewhere = virtualServer([realServer('10.0.0.11', { checks: [CHECK] })], {
    key: { kind: 'fwmark', mark: 1, family: 4 },
  });
  const { services, added } = merge(upRoster(), service(CHECK), elsewhere);
  t.deepEqual(
    services.map(each => each.servers[0]!.state.state),
    ['up', 'starting'],
  );
  t.is(added.length, 1);
});

test('what a configuration would bring is foreseen without touching anything', t => {
  const before = upRoster();
  const config = virtualServer([
    realServer('10.0.0.11', { checks: [OTHER], weight: 7 }),
    realServer('10.0.0.12', { checks: [CHECK] }),
    realServer('10.0.0.13'),
  ]);
  const [service] = foresee(before, [config], 1000);
  t.deepEqual(
    service!.servers.map(server => server.state.state),
    ['up', 'starting', 'up'],
  );
  t.is(before[0]!.servers.length, 1);
  t.like(before[0]!.servers[0], { config: { weight: 1 } });
  t.is(before[0]!.servers[0]!.checks[0]!.config, CHECK);
});

test('a server whose weight a check says keeps the one that the kernel has until the check says another', t => {
  const found = { ...options, inTable: () => ({ weight: 0 }) };
  const beat = { interval: 1000, retries: 0, delayBeforeRetry: 0 };
  const command = { words: ['/bin/check'], user: null, group: null };
  const misc: CheckConfig = { kind: 'MISC_CHECK', command, timeout: 1000, dynamicFrom: 5, ...beat };
  const config = virtualServer([realServer('10.0.0.11', { weight: 5, checks: [CHECK, misc] })]);
  const [{ servers: [server] = [] } = {}] = mergeRoster([], [config], found).services;
  t.is(server?.state.state, 'up');
  t.is(weightOf(5, server!.state), 0);
  const after = afterAttempt(server!.state, 1, { ok: true, reason: '', weight: 3 }, { retries: 0 }, 1).server;
  t.is(weightOf(5, after), 8);
  const plain = mergeRoster([], [service(CHECK)], found).services[0]!.servers[0]!;
  t.is(weightOf(1, plain.state), 1, 'somebody else has changed it');
});
