import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'ava';
import { startClient } from '../../scripts/lab/client.ts';
import { insideCommand, requireInside } from '../../scripts/lab/namespace.ts';
import { buildNetwork } from '../../scripts/lab/network.ts';
import { client, webs } from '../../scripts/lab/plan.ts';
import { startWeb } from '../../scripts/lab/web.ts';

test.before(requireInside);

test('whatever runs inside ends with the first process, also what has left its session', async t => {
  const [program = '', ...args] = insideCommand(['sh', '-c', 'setsid sleep 1000 & echo ready; wait']);
  const outer = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(createInterface({ input: outer.stdout }), 'line');
  const sleeping = () =>
    execFileSync('ps', ['-e', '-o', 'args='], { encoding: 'utf8' }).includes('sleep 1000');
  t.true(sleeping());
  outer.kill('SIGKILL');
  // The pipe closes when the last process that holds it is gone.
  await once(outer, 'close');
  t.false(sleeping());
});

test('the clock of the machine cannot be set from inside', t => {
  t.throws(() => execFileSync('date', ['-s', '2001-01-01'], { stdio: 'ignore' }));
});

test('the lab is wired: the client reaches both real servers, on the outside only', async t => {
  await buildNetwork();
  const servers = await Promise.all(webs.map(web => startWeb(web, '/run/scratch')));
  const someone = startClient(client.name);
  t.teardown(async () => {
    someone.close();
    await Promise.all(servers.map(server => server.kill()));
  });
  for (const web of webs) {
    t.is((await someone.get(`http://${web.outside}/`)).server, web.name);
    t.is((await someone.get(`http://${web.inside}/`)).server, null);
    t.is((await someone.get(`http://${web.outside}/broken`)).error, 'status 503');
  }
});
