// The processes of the real binary: their names, their end and their return, and what becomes of the virtual addresses meanwhile.
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { INSTANCE, INTERFACE, service, TCP_CHECK } from './director/configs.ts';
import { buildDirector, createPlace, Director, isAlive, processName, until } from './director/director.ts';

const CONFIG = INTERFACE + INSTANCE + service({ address: '10.9.0.2', check: TCP_CHECK });
const ROLES = ['vrrp', 'checker', 'control', 'telemetry'] as const;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

async function startMaster(t: ExecutionContext): Promise<Director> {
  const director = new Director(t, binary, createPlace(), CONFIG);
  await director.line(/entering MASTER/);
  await until(
    () => director.addresses(),
    addresses => addresses.includes('10.9.0.100/24'),
  );
  return director;
}

test('every role is a process that ps shows by its name', async t => {
  const director = await startMaster(t);
  for (const role of ROLES) t.is(processName(await director.pid(role)), `director: ${role}`);
});

test('a role that is killed comes back, and is configured again', async t => {
  const director = await startMaster(t);
  for (const role of ROLES) {
    const pid = await director.pid(role);
    const from = director.length;
    process.kill(pid, 'SIGKILL');
    await director.line(new RegExp(`${role} \\(pid ${pid}\\) ended: signal 9`), from);
    const status = await until(
      () => director.status().catch(() => null),
      answer => {
        const again = answer?.roles.find(each => each.role === role);
        const whole = answer?.vrrp?.instances.length === 1 && answer.checker?.services.length === 1;
        return again?.pid !== null && again?.pid !== pid && whole;
      },
    );
    t.is(status?.roles.find(each => each.role === role)?.restarts, 1);
  }
});

test('when vrrp is killed its addresses are off at once, and it comes back as backup', async t => {
  const director = await startMaster(t);
  const from = director.length;
  process.kill(await director.pid('vrrp'), 'SIGKILL');
  await director.line(/vrrp \(pid \d+\) ended/, from);
  // Well before the 3 s after which the kernel would do so by itself, and before it could be master again.
  await until(
    () => director.addresses(),
    addresses => !addresses.includes('10.9.0.100/24'),
  );
  t.deepEqual(director.addresses(), ['10.9.0.1/24']);
  await director.line(/entering BACKUP/, from);
  await director.line(/entering MASTER/, from);
});

test('a role that is wedged is found out, killed and replaced', async t => {
  const director = await startMaster(t);
  const pid = await director.pid('vrrp');
  const from = director.length;
  process.kill(pid, 'SIGSTOP');
  await director.line(new RegExp(`vrrp \\(pid ${pid}\\) is silent for [\\d.]+ s: killed`), from);
  await director.line(/entering MASTER/, from);
  t.false(isAlive(pid));
});

test('when the supervisor is killed everything ends and no address stays', async t => {
  const director = await startMaster(t);
  const pids = await Promise.all(ROLES.map(role => director.pid(role)));
  director.signal('SIGKILL');
  await director.ended;
  await until(
    () => pids.filter(isAlive),
    alive => alive.length === 0,
  );
  await until(
    () => director.addresses(),
    addresses => !addresses.includes('10.9.0.100/24'),
  );
  t.pass();
});

test('a stop says goodbye, takes the addresses off and ends every process', async t => {
  const director = await startMaster(t);
  const pids = await Promise.all(ROLES.map(role => director.pid(role)));
  t.deepEqual(await director.console('stop'), { status: 0, output: '', errors: '' });
  t.is(await director.ended, 0);
  t.deepEqual(director.addresses(), ['10.9.0.1/24']);
  t.deepEqual(pids.filter(isAlive), []);
  const { status, errors } = await director.console('stop');
  t.is(status, 1);
  t.regex(errors, /no director answers in .*\/run/);
});

test('SIGTERM is a stop too', async t => {
  const director = await startMaster(t);
  director.signal('SIGTERM');
  t.is(await director.ended, 0);
  t.deepEqual(director.addresses(), ['10.9.0.1/24']);
});

test('a second director in the same run directory is refused, the first goes on', async t => {
  const director = await startMaster(t);
  const { status, errors } = await director.console('run', '--config', `${director.place.folder}/site.conf`);
  t.is(status, 1);
  t.regex(errors, /a director runs in .* already/);
  t.is((await director.vrrp()).instances[0]?.state, 'MASTER');
});

test('what an earlier director left does not keep the next one from starting', async t => {
  const first = await startMaster(t);
  const { place } = first;
  first.signal('SIGKILL');
  await first.ended;
  const second = new Director(t, binary, place, CONFIG);
  await second.line(/entering MASTER/);
  t.is((await second.status()).roles.length, 5);
});
