import test from 'ava';
import type { RoleLink } from '../../src/director/control/role-link.ts';
import { createServiceWatch } from '../../src/director/control/service-watch.ts';
import type { ServiceEvent } from '../../src/director/protocol.ts';

const event = (server: string | null, state: ServiceEvent['state'], more: Partial<ServiceEvent> = {}) => ({
  subject: server === null ? ('VIRTUAL SERVER' as const) : ('REAL SERVER' as const),
  service: 'TCP 10.0.0.100:80',
  server,
  state,
  reason: '',
  at: 0,
  ...more,
});

const REPORT = { kind: 'service' as const, name: 'TCP 10.0.0.100:80', up: true, value: 1, reason: '' };

function world() {
  const asked: string[] = [];
  const told: string[] = [];
  const reports: unknown[] = [];
  const link: RoleLink = {
    configure() {},
    amend() {},
    ask: () => Promise.resolve(null),
    insist(command) {
      asked.push(command);
      return Promise.resolve([REPORT]);
    },
    trouble: null,
    close() {},
  };
  const watch = createServiceWatch({
    happened: ({ server, state }, isNews) => told.push(`${server} ${state}${isNews ? ' news' : ''}`),
    reported: report => reports.push(report),
  });
  const hear = (message: unknown) => watch.heard?.(message, link);
  return { watch, link, asked, told, reports, hear };
}

test('it listens once it is known who is to be told, again after each restart, and after a loss', async t => {
  const { watch, link, asked, reports, hear } = world();
  watch.reached?.(link);
  t.deepEqual(asked, []);
  watch.start();
  watch.start();
  t.deepEqual(asked, ['subscribe']);
  watch.lost?.();
  watch.reached?.(link);
  hear({ lost: 3 });
  t.is(asked.length, 3);
  await Promise.resolve();
  t.deepEqual(reports, [REPORT, REPORT, REPORT]);
  hear({ report: REPORT });
  t.is(reports.length, 4);
});

test('what is found and was known is no news', t => {
  const { told, hear } = world();
  hear({ event: event('a', 'down') });
  hear({ event: event('a', 'down', { isPresent: true }) });
  hear({ event: event('b', 'up', { isPresent: true }) });
  hear({ event: event('a', 'up', { isPresent: true }) });
  hear({ event: event(null, 'up', { isPresent: true }) });
  hear({ event: event(null, 'up', { isPresent: true }) });
  t.deepEqual(told, ['a down news', 'a down', 'b up', 'a up news', 'null up news', 'null up']);
});

test('those who follow are first told of services, and of servers that are not up', t => {
  const { watch, hear } = world();
  hear({ event: event('a', 'down') });
  hear({ event: event('b', 'up') });
  hear({ event: event('c', 'draining') });
  hear({ event: event('d', 'down') });
  hear({ event: event('d', 'down', { isGone: true }) });
  hear({ event: event('a', 'up') });
  hear({ event: event(null, 'up') });
  t.deepEqual(
    watch.present.map(({ server, state }) => `${server} ${state}`),
    ['c draining', 'null up'],
  );
});
