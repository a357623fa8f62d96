import test from 'ava';
import { awaitReadiness } from '../../src/director/control/readiness.ts';
import { createRoleLink } from '../../src/director/control/role-link.ts';
import { serve } from '../../src/director/ipc/server.ts';
import { createConnected, pass } from '../ipc/unix-network.ts';

const PATH = '/run/checker.sock';

function world() {
  const platform = createConnected({ files: { '/run/other': '' } });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const seen = { ready: 0, settled: false };
  const checker = createRoleLink(platform, 'checker', PATH, log);
  const start = () => serve(platform, PATH, command => (command === 'settled' ? seen.settled : null));
  awaitReadiness(platform, checker, () => seen.ready++);
  return { platform, seen, start };
}

test('a director is ready when its checker has decided about every real server, and says so once', async t => {
  const { platform, seen, start } = world();
  start();
  await pass(platform, 1000);
  t.is(seen.ready, 0);
  seen.settled = true;
  await pass(platform, 400);
  t.is(seen.ready, 1);
  await pass(platform, 20_000);
  t.is(seen.ready, 1);
});

test('a checker that cannot decide, or that is not there, is waited for ten seconds', async t => {
  for (const there of [true, false]) {
    const { platform, seen, start } = world();
    if (there) start();
    await pass(platform, 9000);
    t.is(seen.ready, 0);
    await pass(platform, 2000);
    t.is(seen.ready, 1);
  }
});
