import test from 'ava';
import { openClient } from '../../src/director/ipc/client.ts';
import { serve } from '../../src/director/ipc/server.ts';
import type { FakeSocket } from '../../src/platform/fake.ts';
import { createConnected, pass, settle } from './unix-network.ts';

const PATH = '/run/x.sock';

function world(handle: Parameters<typeof serve>[2]) {
  const platform = createConnected({ files: { '/run/other': '' } });
  return { platform, server: serve(platform, PATH, handle) };
}

test('a request is answered with the result of its command', async t => {
  const { platform } = world((command, argument) => ({ command, argument }));
  const client = openClient(platform, PATH);
  const answer = client.request('status', { deep: [1, 'ä'] });
  await settle(platform);
  t.deepEqual(await answer, { command: 'status', argument: { deep: [1, 'ä'] } });
});

test('answers that come later and in another order find their request', async t => {
  const release: (() => void)[] = [];
  const { platform } = world(command => new Promise(resolve => release.push(() => resolve(command))));
  const client = openClient(platform, PATH);
  const answers = [client.request('one'), client.request('two')];
  await settle(platform);
  for (const each of release.reverse()) each();
  await settle(platform);
  t.deepEqual(await Promise.all(answers), ['one', 'two']);
});

test('what a handler throws or rejects is told to the asker', async t => {
  const { platform } = world(command => {
    if (command === 'later') return Promise.reject(new Error('not later'));
    throw new Error('not now');
  });
  const client = openClient(platform, PATH);
  const outcomes = ['now', 'later'].map(command => t.throwsAsync(client.request(command)));
  await settle(platform);
  t.deepEqual(
    (await Promise.all(outcomes)).map(error => error?.message),
    ['not now', 'not later'],
  );
});

test('a request that nobody answers fails when its time is up', async t => {
  const { platform } = world(() => new Promise(() => {}));
  const outcome = t.throwsAsync(openClient(platform, PATH).request('status', null, 1500));
  await pass(platform, 1500);
  t.is((await outcome)?.message, 'no answer within 1.5 s');
});

test('a connection that is lost fails what waits, and says so', async t => {
  const { platform, server } = world(() => new Promise(() => {}));
  let lost = 0;
  const client = openClient(platform, PATH, { onLost: () => lost++ });
  const outcome = t.throwsAsync(client.request('status'));
  await settle(platform);
  server.close();
  await settle(platform);
  t.is((await outcome)?.message, 'the connection was closed');
  t.is((await outcome)?.name, 'Unanswered');
  t.is(lost, 1);
  await t.throwsAsync(client.request('status'), { message: 'the connection was closed' });
});

test('a path where nobody listens is a system error', t => {
  const { platform, server } = world(() => null);
  t.throws(() => openClient(platform, '/run/none.sock'), { code: 'ENOENT' });
  server.close();
  t.throws(() => openClient(platform, PATH), { code: 'ENOENT' });
});

test('the socket is for its owner only', t => {
  const { platform } = world(() => null);
  t.is(platform.files.status(PATH).mode & 0o777, 0o600);
});

test('a peer that sends something else is cut off, the others are served', async t => {
  const { platform } = world(command => command);
  for (const nonsense of ['{"no": "request"}\n', 'not json\n', '[]\n', 'null\n']) {
    const stranger = platform.socket(1, 1, 0) as FakeSocket;
    stranger.connect({ family: 'unix', path: PATH });
    let closed = false;
    stranger.onReadable(() => {
      closed = stranger.receive()?.data.length === 0;
      stranger.onReadable(null);
    });
    stranger.send(new TextEncoder().encode(nonsense));
    await settle(platform);
    t.true(closed, nonsense);
  }
  const answer = openClient(platform, PATH).request('status');
  await settle(platform);
  t.is(await answer, 'status');
});
