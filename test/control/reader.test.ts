// The control process has a child read the configuration.
import test from 'ava';
import { leaveAnswer, Reader } from '../../src/director/control/reader.ts';
import { createFake } from '../../src/platform/fake.ts';

const FILE = '/etc/director.conf';
const RUN = '/run/director';
const ANSWER = `${RUN}/reading.json`;
const LOADED = { config: null, problems: [], comparedWith: 'lb1' };
const SIGKILL = 9;

function world() {
  const platform = createFake({ files: { [`${RUN}/x`]: '' } });
  return { platform, reader: new Reader(platform, RUN) };
}

type World = ReturnType<typeof world>;

function pidOf({ platform }: World): number {
  const [pid, ...others] = [...platform.processes.children.keys()];
  if (pid === undefined || others.length > 0) throw new Error('not one child');
  return pid;
}

async function end({ platform }: World, pid: number, status: number, signal = 0): Promise<void> {
  platform.processes.end(pid, status, signal);
  await platform.clock.advance(0);
}

test('what the child has read is the answer, and does not stay', async t => {
  const one = world();
  const { platform, reader } = one;
  const read = reader.read(FILE, null);
  leaveAnswer(platform, RUN, LOADED);
  t.is(platform.files.status(ANSWER).mode & 0o777, 0o600);
  await end(one, pidOf(one), 0);
  t.deepEqual(await read, LOADED);
  t.false(platform.files.exists(ANSWER));
});

test('the child is told the file, the run directory and the config id', t => {
  const one = world();
  void one.reader.read(FILE, 'lb1');
  const { program, args } = one.platform.processes.children.get(pidOf(one))!;
  t.is(program, '/proc/self/exe');
  t.is(args.join(' '), `director: reader role reader --config ${FILE} --run-dir ${RUN} --config-id lb1`);
});

for (const { how, status, signal } of [
  { how: 'exit status 70', status: 70, signal: 0 },
  { how: 'signal 9', status: 0, signal: 9 },
]) {
  test(`a child that ends with ${how} has no answer, not even an old one, and the next one is asked`, async t => {
    const one = world();
    const { platform, reader } = one;
    leaveAnswer(platform, RUN, LOADED);
    const failed = t.throwsAsync(reader.read(FILE, null), { message: `${FILE} could not be read: ${how}` });
    await end(one, pidOf(one), status, signal);
    await failed;
    const read = reader.read(FILE, null);
    leaveAnswer(platform, RUN, LOADED);
    await end(one, pidOf(one), 0);
    t.deepEqual(await read, LOADED);
  });
}

test('a child that hangs is killed and not waited for', async t => {
  const one = world();
  const { platform, reader } = one;
  const failed = t.throwsAsync(reader.read(FILE, null), {
    message: `${FILE} could not be read: no answer within 40 s`,
  });
  const hung = pidOf(one);
  await platform.clock.advance(40_000);
  await failed;
  t.deepEqual(platform.processes.killed, [{ pid: hung, signal: SIGKILL }]);
  // Its end, when it comes, is nobody's answer.
  const read = reader.read(FILE, null);
  await end(one, hung, 0, SIGKILL);
  leaveAnswer(platform, RUN, LOADED);
  await end(one, pidOf(one), 0);
  t.deepEqual(await read, LOADED);
});

test('a child that cannot be started is told', async t => {
  const { platform, reader } = world();
  platform.processes.unspawnable.set('/proc/self/exe', 'ENOMEM');
  await t.throwsAsync(reader.read(FILE, null), { message: /could not be read: .*ENOMEM/ });
});

test('a stop does not wait for the child', async t => {
  const one = world();
  const failed = t.throwsAsync(one.reader.read(FILE, null), { message: /the director is stopped/ });
  one.reader.close();
  await failed;
  t.is(one.platform.processes.killed.length, 1);
  one.reader.close();
  t.is(one.platform.processes.killed.length, 1);
});
