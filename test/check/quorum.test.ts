import test from 'ava';
import { QuorumTeller, quorumOf } from '../../src/director/check/quorum.ts';
import type { RosterService } from '../../src/director/check/roster.ts';
import type { TrackReport } from '../../src/director/protocol.ts';
import { realServer, virtualServer } from '../control/sample.ts';

type State = 'starting' | 'up' | 'down';

/** A service with real servers in these states; `up*` has weight 0. */
function service(port: number, ...states: (State | 'up*')[]): RosterService {
  const key = { kind: 'address' as const, protocol: 'TCP' as const, address: '10.0.0.100', port };
  const servers = states.map((text, at) => {
    const weight = text === 'up*' ? 0 : 1;
    const state: State = text === 'up*' ? 'up' : text;
    return {
      service: key,
      config: realServer(`10.0.0.${at + 1}`, { weight }),
      state: { state, since: 0, reason: '', checks: [] },
      checks: [],
    };
  });
  return { config: virtualServer([], { key }), servers };
}

test('one real server that is up is quorum, all down is none, and what is not decided is neither', t => {
  const verdict = (...states: (State | 'up*')[]) => quorumOf(service(80, ...states))?.up ?? null;
  t.is(verdict('up', 'starting', 'down'), true);
  t.is(verdict('starting', 'down'), null);
  t.is(verdict('down', 'down'), false);
  t.is(verdict('up*', 'down'), false);
  t.is(verdict(), false);
  t.deepEqual(quorumOf(service(80, 'up', 'down')), {
    kind: 'service',
    name: 'TCP 10.0.0.100:80',
    up: true,
    value: 1,
    reason: '1 of 2 real servers up',
  });
});

test('only who gained or lost it is told of', t => {
  const told: TrackReport[] = [];
  const teller = new QuorumTeller(report => told.push(report));
  const brief = () => told.splice(0).map(({ name, up }) => `${name} ${up}`);
  teller.look([service(80, 'up', 'up'), service(81, 'starting')]);
  t.deepEqual(brief(), ['TCP 10.0.0.100:80 true']);
  teller.look([service(80, 'down', 'up'), service(81, 'down')]);
  t.deepEqual(brief(), ['TCP 10.0.0.100:81 false']);
  t.is(teller.reports[0]?.reason, '1 of 2 real servers up');
  teller.look([service(80, 'down', 'down')]);
  t.deepEqual(brief(), ['TCP 10.0.0.100:80 false']);
  t.is(teller.reports.length, 1);
});
