import test from 'ava';
import type { RoleLink } from '../../src/director/control/role-link.ts';
import { createVrrpWatch } from '../../src/director/control/vrrp-watch.ts';
import type { VrrpEvent } from '../../src/director/protocol.ts';

const event = (name: string, state: VrrpEvent['state'], kind: VrrpEvent['kind'] = 'state'): VrrpEvent => ({
  subject: 'INSTANCE',
  name,
  kind,
  state,
  priority: 100,
  reason: 'told',
  at: 1,
});

function world() {
  const asked: unknown[] = [];
  const told: string[] = [];
  const status = {
    instances: [{ name: 'web', state: 'MASTER', priority: 90 }],
    syncGroups: [{ name: 'all', state: 'BACKUP' }],
  };
  /** Answers `status` when the test says so. */
  let answer: () => void = () => {};
  const link: RoleLink = {
    configure() {},
    amend() {},
    ask: () => Promise.resolve(null),
    insist(command, argument) {
      asked.push(argument === undefined ? command : [command, argument()]);
      if (command !== 'status') return Promise.resolve(null);
      return new Promise(resolve => {
        answer = () => resolve(structuredClone(status));
      });
    },
    trouble: null,
    close() {},
  };
  const report = { kind: 'file' as const, name: 'f', up: true, value: 0, reason: '' };
  const watch = createVrrpWatch({
    reports: () => [report],
    happened: ({ subject, name, kind, state, priority, reason }) =>
      told.push(`${subject} ${name} ${kind} ${state} ${priority} ${reason}`),
    lost() {},
    now: () => 7,
  });
  const settle = async () => {
    answer();
    await new Promise(resolve => setImmediate(resolve));
  };
  return { asked, told, status, link, watch, settle, report };
}

test('a vrrp process that is reached is listened to, told what trackers say, and asked how it is', async t => {
  const { asked, told, watch, link, settle, report } = world();
  watch.reached?.(link);
  t.deepEqual(asked, ['subscribe', ['track', [report]], 'status']);
  await settle();
  t.deepEqual(told, [
    'INSTANCE web state MASTER 90 found in this state',
    'GROUP all state BACKUP 0 found in this state',
  ]);
});

test('what was heard is not told again, and is newer than a status that was on its way', async t => {
  const { told, watch, link, settle } = world();
  watch.reached?.(link);
  watch.heard?.({ event: event('web', 'FAULT') }, link);
  await settle();
  t.deepEqual(told, ['INSTANCE web state FAULT 100 told', 'GROUP all state BACKUP 0 found in this state']);
  watch.reached?.(link);
  await settle();
  t.is(told.at(-1), 'INSTANCE web state MASTER 90 found in this state');
  t.is(told.length, 3);
  watch.reached?.(link);
  await settle();
  t.is(told.length, 3);
});

test('after a loss of events the status tells what they would have said', async t => {
  const { told, status, watch, link, settle } = world();
  watch.reached?.(link);
  await settle();
  status.instances[0]!.state = 'BACKUP';
  watch.heard?.({ lost: 12 }, link);
  await settle();
  t.deepEqual(told.slice(2), ['INSTANCE web state BACKUP 90 found in this state']);
});

test('a deleted instance that comes back is new', async t => {
  const { told, watch, link, settle } = world();
  watch.reached?.(link);
  await settle();
  watch.heard?.({ event: event('web', 'MASTER', 'deleted') }, link);
  watch.reached?.(link);
  await settle();
  t.is(told.filter(text => text.includes('found')).length, 3);
});

test('what is none of its business is left alone', t => {
  const { told, watch, link } = world();
  for (const message of [null, 1, {}, 'event']) watch.heard?.(message, link);
  t.deepEqual(told, []);
});

test('how everything is can be asked at any time', async t => {
  const { watch, link, settle } = world();
  t.deepEqual(watch.present, []);
  watch.reached?.(link);
  await settle();
  watch.heard?.({ event: { ...event('web', 'MASTER', 'priority'), priority: 70 } }, link);
  watch.heard?.({ event: event('dns', 'FAULT') }, link);
  t.deepEqual(
    watch.present.map(({ name, kind, state, priority }) => `${name} ${kind} ${state} ${priority}`),
    ['web state MASTER 70', 'all state BACKUP 0', 'dns state FAULT 100'],
  );
  t.is(watch.stateOf('dns'), 'FAULT');
  t.is(watch.stateOf('all'), null);
});

test('when vrrp is gone nothing is known, and everything is told when it is back', async t => {
  const { told, watch, link, settle } = world();
  watch.reached?.(link);
  await settle();
  watch.lost?.();
  t.deepEqual(watch.present, []);
  watch.reached?.(link);
  await settle();
  t.is(told.length, 4);
});
