import test from 'ava';
import { parseArguments, UsageError } from '../../src/director/console/arguments.ts';
import { commands } from '../../src/director/console/commands.ts';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { serve } from '../../src/director/ipc/server.ts';
import { VERSION } from '../../src/director/version.ts';
import { createConnected, settle } from '../ipc/unix-network.ts';

/** What a command line comes to; `answers` is what a director in /run/director says. */
async function run(words: string, answers?: (command: string, argument: unknown) => unknown) {
  const platform = createConnected({ files: { '/run/director/x': '' } });
  if (answers) serve(platform, '/run/director/control.sock', answers);
  const result = dispatch(platform, words.split(' ').filter(Boolean));
  await settle(platform);
  return { status: await result, ...platform.output };
}

test('an unknown command is answered with the nearest, status 2', async t => {
  t.like(await run('statsu'), {
    status: 2,
    errors: 'director: unknown command "statsu": did you mean "status"?\n',
  });
  t.regex((await run('xyzzyx')).errors, /there are status, services, /);
});

test('an unknown option, a missing value and too many words are wrong input', async t => {
  for (const words of ['status --jsno', 'status --run-dir', 'status much', 'plan a b', 'run']) {
    t.is((await run(words)).status, 2, words);
  }
});

test('an option of other commands is wrong input, and said to be', async t => {
  const { status, errors } = await run('status --watch');
  t.is(status, 2);
  t.is(errors, 'director: --watch is no option of director status; usage: director status\n');
  t.regex(
    (await run('history --confirmed=3')).errors,
    /--confirmed is no option of director history; usage: director history \[NUMBER\]/,
  );
  t.regex((await run('flash --xyz')).errors, /there are --watch, --trace, --card, --json, --run-dir$/m);
});

test('--help behind a command is the help for it', async t => {
  const { status, text } = await run('thermal --help');
  t.is(status, 0);
  t.regex(text, /^ {2}director thermal\n {6}shows how hot/);
  t.regex(text, /\nIn the configuration:\nthermal \{ \.\.\. \}/);
});

test('without a director a question fails with status 1, in JSON too', async t => {
  const { status, text, errors } = await run('status --json');
  t.is(status, 1);
  t.regex(errors, /^director: no director answers in \/run\/director \(ENOENT\)/);
  t.deepEqual(JSON.parse(text), { version: 1, error: errors.slice('director: '.length).trimEnd() });
});

test('what the director refuses is a failure', async t => {
  const refuse = () => {
    throw new Error('the vrrp process does not answer');
  };
  t.like(await run('vrrp', refuse), { status: 1, errors: 'director: the vrrp process does not answer\n' });
});

test('the help lists every command, and comes without a word too', async t => {
  const { status, text } = await run('help');
  t.is(status, 0);
  for (const { name, summary } of commands()) {
    t.true(text.includes(`director ${name}`), name);
    t.true(text.replaceAll(/\n {6}/g, ' ').includes(summary), name);
  }
  t.is((await run('')).text, text);
  t.is((await run('--help')).text, text);
  const { text: json } = await run('help --json');
  t.is(JSON.parse(json).commands.length, commands().length);
});

test('the version is that of the package', async t => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
  t.is(VERSION, manifest.version);
  t.is((await run('version')).text, `director ${VERSION}\n`);
});

test('answers are shown as text or as JSON with a version', async t => {
  const answers = (command: string) => (command === 'vrrp' ? { instances: [] } : null);
  t.is((await run('vrrp', answers)).text, 'no VRRP instance is configured\n');
  t.deepEqual(JSON.parse((await run('vrrp --json', answers)).text), { version: 1, instances: [] });
});

test('a reload without a file leaves the reading to the director', async t => {
  const plan = {
    network: [],
    filter: [],
    kernel: [],
    tuning: [],
    board: [],
    vrrp: ['add instance web on eth0'],
    table: [],
  };
  const asked: unknown[] = [];
  const answers = (command: string, argument: unknown) => {
    asked.push([command, argument]);
    return { accepted: true, problems: [], plan };
  };
  t.like(await run('reload', answers), { status: 0, text: 'VRRP\n  add instance web on eth0\n' });
  t.deepEqual(asked, [['reload', null]]);
});

test('a file that cannot be read never reaches the director', async t => {
  const answers = () => t.fail('asked');
  const { status, errors } = await run('reload /run/director/none.conf', answers);
  t.is(status, 2);
  t.regex(errors, /none\.conf:1:1: error: /);
  t.regex(errors, /nothing was changed\n$/);
});

test('options come before or behind operands, with a space or an equals sign', t => {
  const expected = {
    json: true,
    runDirectory: '/r',
    config: 'c',
    configId: 'lb1',
    etc: null,
    trace: null,
    card: null,
    operands: ['file'],
  };
  const words = ['--json', 'file', '--run-dir', '/r', '--config=c', '--config-id', 'lb1'];
  t.like(parseArguments(words), expected);
  t.is(parseArguments([]).runDirectory, '/run/director');
  t.throws(() => parseArguments(['--config']), { instanceOf: UsageError });
});
