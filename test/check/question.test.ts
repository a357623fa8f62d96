import test from 'ava';
import { addedTo, asksTheSame } from '../../src/director/check/question.ts';
import { mergeRoster, type RosterService } from '../../src/director/check/roster.ts';
import { afterAttempt, weightOf, wishOf } from '../../src/director/check/state.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { realServer, virtualServer } from '../control/sample.ts';

const BEAT = { interval: 1000, retries: 0, delayBeforeRetry: 0 };
const command = { words: ['/bin/check'], user: null, group: null };

const misc = (dynamicFrom: number | null): Extract<CheckConfig, { kind: 'MISC_CHECK' }> => ({
  ...{ kind: 'MISC_CHECK', command, timeout: 1000, dynamicFrom },
  ...BEAT,
});

const agent = (weightFrom: number): Extract<CheckConfig, { kind: 'AGENT_CHECK' }> => ({
  ...{ kind: 'AGENT_CHECK', send: '', weightFrom },
  ...{ connectAddress: '10.0.0.11', connectPort: 9777, connectTimeout: 1000 },
  ...BEAT,
});

test('a check asks the same of a server whose configured weight is another', t => {
  t.true(asksTheSame(misc(5), { ...misc(7), interval: 5, rise: 3 }));
  t.false(asksTheSame(misc(5), misc(null)));
  t.true(asksTheSame(agent(5), agent(7)));
  t.false(asksTheSame(agent(5), misc(5)));
  t.false(asksTheSame(agent(5), { ...agent(5), send: 'x' }));
  t.true(asksTheSame(misc(5), { ...misc(5), command: { ...command } }));
  t.false(asksTheSame(misc(5), { ...misc(5), command: { ...command, user: 'nobody' } }));
  const tls = { ...agent(5), tls: {} };
  t.false(asksTheSame(agent(5), tls));
  t.false(asksTheSame(tls, agent(5)));
  t.true(asksTheSame(tls, { ...agent(5), tls: {} }));
});

test('a weight that a program said stays, a percentage is of the weight that is configured', t => {
  t.is(addedTo(misc(20), 15, misc(5)), 0, 'it said 20');
  t.is(addedTo(misc(20), 0, misc(5)), 0);
  t.is(addedTo(agent(20), -5, agent(10)), -10);
  t.is(addedTo(agent(20), 3, agent(0)), 3);
});

/** The one server of the roster after its check has said something. */
function after(services: readonly RosterService[], result: object) {
  const server = services[0]!.servers[0]!;
  server.state = afterAttempt(server.state, 0, { ok: true, reason: '', ...result }, BEAT, 1).server;
  return server;
}

test('a reload with another weight forgets nothing of what an agent or a program said', t => {
  const options = { now: 0, nextNumber: () => 0, inTable: () => null };
  const configured = (check: CheckConfig, weight: number) => [
    virtualServer([realServer('10.0.0.11', { weight, checks: [check] })]),
  ];
  const agents = mergeRoster([], configured(agent(10), 10), options).services;
  const server = after(agents, { weight: -5, order: 'drain' });
  const { added, removed } = mergeRoster(agents, configured(agent(20), 20), options);
  t.deepEqual([added, removed], [[], []]);
  t.is(wishOf(server.state), 'drain');
  t.is(weightOf(20, server.state), 10);

  const programs = mergeRoster([], configured(misc(5), 5), options).services;
  const said = after(programs, { weight: 25 });
  mergeRoster(programs, configured(misc(7), 7), options);
  t.is(weightOf(7, said.state), 30);
});
