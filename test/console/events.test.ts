import test from 'ava';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { describeEvent, describeServiceEvent } from '../../src/director/console/events.ts';
import { type Peer, serve } from '../../src/director/ipc/server.ts';
import type { ServiceEvent, VrrpEvent } from '../../src/director/protocol.ts';
import { systemError } from '../../src/platform/fake.ts';
import { createConnected, settle } from '../ipc/unix-network.ts';
import { validate } from '../schemas/validate.ts';

const EVENT: VrrpEvent = {
  subject: 'INSTANCE',
  name: 'web',
  kind: 'state',
  state: 'MASTER',
  priority: 100,
  reason: 'silence',
  at: 1_800_000_000_123,
};

const SERVICE_EVENT: ServiceEvent = {
  subject: 'REAL SERVER',
  service: 'TCP 10.0.0.100:80',
  server: '10.0.0.11:80',
  state: 'down',
  reason: 'connection refused',
  at: 1_800_000_000_123,
};

/** A console that follows a director, which says `messages` and then ends. */
async function run(words: string, messages: readonly unknown[]) {
  const platform = createConnected({ files: { '/run/director/x': '' } });
  const server = serve(platform, '/run/director/control.sock', (_, __, peer: Peer) => {
    platform.soon(() => {
      for (const message of messages) peer.push(message);
    });
    return null;
  });
  const result = dispatch(platform, words.split(' '));
  await settle(platform);
  const { text } = platform.output;
  server.close();
  await settle(platform);
  return { status: await result, text, errors: platform.output.errors };
}

test('every event is a line, until the director ends', async t => {
  const { status, text, errors } = await run('events', [
    { event: EVENT },
    { event: { ...EVENT, subject: 'GROUP', name: 'all', state: 'FAULT', priority: 0, reason: '' } },
    { lost: 3 },
  ]);
  t.is(
    text,
    '2027-01-15T08:00:00.123Z web: MASTER (priority 100): silence\n' +
      '2027-01-15T08:00:00.123Z sync group all: FAULT\n' +
      '3 events were too fast for this reader\n',
  );
  t.is(status, 1);
  t.is(errors, 'director: the control process went away\n');
});

test('a reader that has seen enough ends it in peace', async t => {
  const platform = createConnected({ files: { '/run/director/x': '' } });
  const server = serve(platform, '/run/director/control.sock', (_, __, peer: Peer) => {
    platform.soon(() => peer.push({ event: EVENT }));
    return null;
  });
  platform.print = () => {
    throw systemError('EPIPE', 'write', '1');
  };
  const result = dispatch(platform, ['events']);
  await settle(platform);
  t.is(await result, 0);
  t.is(platform.output.errors, '');
  server.close();
});

test('for programs every line is an object that follows its schema', async t => {
  const { text } = await run('events --json', [
    { event: EVENT },
    { event: SERVICE_EVENT },
    { event: { ...SERVICE_EVENT, subject: 'VIRTUAL SERVER', server: null, isPresent: true } },
    { lost: 3 },
  ]);
  const lines = text.trimEnd().split('\n');
  t.is(lines.length, 4);
  for (const line of lines) t.deepEqual(validate('events', JSON.parse(line)), []);
});

test('every kind of event has its words', t => {
  const what = (kind: VrrpEvent['kind']) =>
    describeEvent({ ...EVENT, kind }).slice('2027-01-15T08:00:00.123Z '.length);
  t.deepEqual((['priority', 'receives-lower', 'deleted', 'alarm'] as const).map(what), [
    'web: MASTER, another priority (priority 100): silence\n',
    'web: MASTER, hears lower priority (priority 100): silence\n',
    'web: deleted (priority 100): silence\n',
    'web: MASTER, ALARM (priority 100): silence\n',
  ]);
});

test('what happens to services and real servers has its words', t => {
  const what = (more: Partial<ServiceEvent>) =>
    describeServiceEvent({ ...SERVICE_EVENT, ...more }).slice('2027-01-15T08:00:00.123Z '.length);
  t.is(what({}), '10.0.0.11:80 of TCP 10.0.0.100:80: down: connection refused\n');
  t.is(what({ isGone: true, reason: '' }), '10.0.0.11:80 of TCP 10.0.0.100:80: no longer configured\n');
  const quorum = { subject: 'VIRTUAL SERVER', server: null, reason: '1 of 2 up' } as const;
  t.is(what({ ...quorum, state: 'up' }), 'TCP 10.0.0.100:80: has its quorum: 1 of 2 up\n');
  t.is(what({ ...quorum, state: 'down' }), 'TCP 10.0.0.100:80: has lost its quorum: 1 of 2 up\n');
  t.is(
    what({ subject: 'SORRY SERVER', server: '10.0.0.99:80', state: 'sorry', reason: '' }),
    'sorry server 10.0.0.99:80 of TCP 10.0.0.100:80: sorry\n',
  );
});
