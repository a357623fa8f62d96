// What the console prints for programs follows its schemas; what it prints for people fits a terminal.
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { validate } from '../schemas/validate.ts';
import { INSTANCE, INTERFACE, service, TCP_CHECK } from './director/configs.ts';
import { buildDirector, createPlace, Director, until } from './director/director.ts';

const CONFIG = INTERFACE + INSTANCE + service({ address: '10.9.0.2', check: TCP_CHECK });

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

test('every answer in JSON follows its schema', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  for (const command of ['status', 'services', 'vrrp', 'plan', 'reload', 'apply']) {
    const schema = command === 'reload' || command === 'apply' ? 'plan' : command;
    t.deepEqual(validate(schema, await director.json(command)), [], command);
  }
  const wrong = director.write('wrong.conf', CONFIG.replace('lb_algo', 'lb_alog'));
  t.deepEqual(validate('plan', await director.json('plan', wrong)), []);
  t.deepEqual(validate('plan', await director.json('apply', '--only', 'add,weight', wrong)), []);
});

test('what is told of the card follows its schema, of this machine and of recorded readings', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  const here = await director.json('flash');
  t.deepEqual(validate('flash', here), []);
  // The disks are this machine's; none of them is the director's card.
  t.like(here, { source: 'director', card: null, written: null, budget: null });
  for (const name of ['syslog-2.4', 'cache-wrap', 'read-only-write']) {
    const trace = join(import.meta.dirname, `../flash/traces/${name}.txt`);
    const answer = await director.json('flash', '--trace', trace, '--card', 'slc');
    t.deepEqual(validate('flash', answer), [], name);
    t.like(answer, { source: 'trace' });
  }
});

test('what the telemetry process knows outlives it, and without a director the kernel is asked', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  // Nobody answers for a moment while it is started again.
  const seen = () => director.json<{ devices: unknown[]; uptime: number }>('flash').catch(() => null);
  const before = await until(seen, answer => (answer?.uptime ?? 0) > 0);
  process.kill(await director.pid('telemetry'), 'SIGTERM');
  await director.line(/telemetry \(pid \d+\) ended/);
  const after = await until(seen, answer => (answer?.uptime ?? 0) > before!.uptime);
  t.is(after?.devices.length, before?.devices.length);
  await director.console('stop');
  await until(
    () => director.ended,
    status => status === 0,
  );
  const alone = await director.json('flash');
  t.deepEqual(validate('flash', alone), []);
  t.like(alone, { source: 'boot' });
});

test('the status is one screen, also while a role is away', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  const { output } = await director.console('status');
  t.regex(output, /^vrrp +web MASTER$/m);
  t.true(output.split('\n').length <= 24);
  t.true(output.split('\n').every(line => line.length <= 100));
  process.kill(await director.pid('checker'), 'SIGSTOP');
  const held = await director.json('status');
  t.deepEqual(validate('status', held), []);
  t.like(held, { checker: null });
});

test('without a director every question fails with status 1 and says so', async t => {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  await director.console('stop');
  for (const command of ['status', 'services', 'vrrp', 'plan', 'reload', 'stop']) {
    const { status, output, errors } = await director.console(command, '--json');
    t.is(status, 1, command);
    t.regex(errors, /no director answers/);
    t.regex(JSON.parse(output).error, /no director answers/);
  }
  await until(
    () => director.ended,
    status => status === 0,
  );
});
