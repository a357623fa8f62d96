import test from 'ava';
import { createRoleLink } from '../../src/director/control/role-link.ts';
import { serve } from '../../src/director/ipc/server.ts';
import { createConnected, pass, settle } from '../ipc/unix-network.ts';

const PATH = '/run/role.sock';

function world() {
  const platform = createConnected({ files: { '/run/other': '' } });
  const said: string[] = [];
  const log = {
    info: () => {},
    warn: (text: string) => said.push(text),
    error: (text: string) => said.push(text),
  };
  const link = createRoleLink(platform, 'checker', PATH, log);
  const pushed: unknown[] = [];
  const start = (handle: (argument: unknown) => unknown = () => null) =>
    serve(platform, PATH, (command, argument) => {
      if (command !== 'configure') return `answer to ${command}`;
      pushed.push(argument);
      return handle(argument);
    });
  return { platform, link, said, pushed, start };
}

test('a role is configured as soon as it can be reached, and again when it was restarted', async t => {
  const { platform, link, pushed, start } = world();
  link.configure('first');
  await pass(platform, 1000);
  t.is(link.trouble, 'checker cannot be reached');
  const server = start();
  await pass(platform, 200);
  t.deepEqual(pushed, ['first']);
  t.is(link.trouble, null);
  server.close();
  await pass(platform, 1000);
  t.is(link.trouble, 'checker cannot be reached');
  start();
  await pass(platform, 200);
  t.deepEqual(pushed, ['first', 'first']);
});

test('a new slice is pushed at once', async t => {
  const { platform, link, pushed, start } = world();
  start();
  await pass(platform, 200);
  t.deepEqual(pushed, []);
  link.configure('first');
  link.configure('second');
  await settle(platform);
  t.deepEqual(pushed, ['first', 'second']);
});

test('a refused slice is a trouble and tried again later', async t => {
  const { platform, link, pushed, said, start } = world();
  let refuse = true;
  start(() => {
    if (refuse) throw new Error('no');
    return null;
  });
  link.configure('first');
  await pass(platform, 200);
  t.is(link.trouble, 'checker did not take its configuration: no');
  t.deepEqual(said, ['checker did not take its configuration: no']);
  refuse = false;
  await pass(platform, 15_000);
  t.is(link.trouble, null);
  t.deepEqual(pushed, ['first', 'first']);
});

test('a question has no answer while the role is away', async t => {
  const { platform, link, start } = world();
  t.is(await link.ask('status'), null);
  start();
  await pass(platform, 200);
  const answer = link.ask('status');
  await settle(platform);
  t.is(await answer, 'answer to status');
});

test('what must be answered is asked until it is, with what holds by then, or until the role is gone', async t => {
  const { platform, link, said } = world();
  t.is(await link.insist('subscribe'), null);
  const asked: unknown[] = [];
  const server = serve(platform, PATH, (_, argument) => {
    asked.push(argument);
    if (asked.length < 3) throw new Error('not now');
    return 'at last';
  });
  await pass(platform, 200);
  let reports = 0;
  const answer = link.insist('track', () => ++reports);
  await pass(platform, 2500);
  t.is(await answer, 'at last');
  t.deepEqual(asked, [1, 2, 3]);
  t.deepEqual(said, ['checker: track: not now']);
  asked.length = 0;
  const never = link.insist('track');
  await pass(platform, 100);
  server.close();
  await pass(platform, 2500);
  t.is(await never, null);
});

test('an amended slice is not pushed, but it is what a role that was restarted gets', async t => {
  const { platform, link, pushed, start } = world();
  const server = start();
  await pass(platform, 200);
  link.configure('first');
  link.amend('amended');
  await settle(platform);
  t.deepEqual(pushed, ['first']);
  server.close();
  await pass(platform, 1000);
  start();
  await pass(platform, 200);
  t.deepEqual(pushed, ['first', 'amended']);
});
