import test from 'ava';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { serve } from '../../src/director/ipc/server.ts';
import { createConnected, settle } from '../ipc/unix-network.ts';

const plan = {
  network: [],
  filter: [],
  kernel: [],
  tuning: [],
  board: [],
  vrrp: [],
  table: ['delete fwmark 7 IPv4'],
};

/** What a command line comes to, and what the director was asked. */
async function run(...words: string[]) {
  const platform = createConnected({
    files: { '/run/director/x': '', '/etc/director/empty.conf': 'global_defs {\n}\n' },
  });
  const asked: unknown[] = [];
  serve(platform, '/run/director/control.sock', (command, argument) => {
    asked.push([command, argument]);
    return { accepted: true, problems: [], plan };
  });
  const result = dispatch(platform, words);
  await settle(platform);
  return { status: await result, asked, ...platform.output };
}

test('without kinds it is a reload', async t => {
  const { status, asked, text } = await run('apply');
  t.is(status, 0);
  t.deepEqual(asked, [['reload', null]]);
  t.is(text, 'IPVS table\n  delete fwmark 7 IPv4\n');
});

test('kinds are told to the director, by apply and by plan', async t => {
  const demand = { given: null, only: ['add', 'weight'] };
  t.deepEqual((await run('apply', '--only', 'add,weight')).asked, [['apply', { ...demand, dry: false }]]);
  t.deepEqual((await run('plan', '--only=add,weight')).asked, [['apply', { ...demand, dry: true }]]);
  const [[command, argument] = []] = (await run('apply', '--only', 'delete', '/etc/director/empty.conf'))
    .asked as [string, { given: { file: string } }][];
  t.is(command, 'apply');
  t.is(argument?.given.file, '/etc/director/empty.conf');
});

test('a kind that there is not is wrong input', async t => {
  const { status, asked, errors } = await run('apply', '--only', 'add,remove');
  t.is(status, 2);
  t.deepEqual(asked, []);
  t.is(errors, 'director: --only takes add, weight, change, delete, rest, not "remove"\n');
});
