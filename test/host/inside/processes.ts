import test from 'ava';
import * as host from 'host';
import {
  AF_INET,
  SIGCHLD,
  SIGKILL,
  SIGTERM,
  SIGUSR1,
  SIGUSR2,
  SOCK_DGRAM,
} from '../../../src/platform/linux.ts';
import { createPlatform } from '../../../src/platform/quickjs.ts';
import { ended, readAll, sleep } from './wait.ts';

/** Runs a shell script; what it prints to descriptor 1. */
async function shell(
  script: string,
  environment: string[] | null = null,
  extra: number[] = [],
): Promise<string> {
  const [near, far] = host.socketPair();
  const pid = host.spawn('/bin/sh', ['sh', '-c', script], environment, [-1, far, 2, ...extra]);
  host.close(far);
  const text = await readAll(near);
  host.close(near);
  await ended(pid);
  return text;
}

test('a child gets its whole argv, and the name we choose', async t => {
  const [near, far] = host.socketPair();
  const pid = host.spawn('/bin/cat', ['director: cat', '/proc/self/cmdline'], null, [-1, far, 2]);
  host.close(far);
  t.is(await readAll(near), 'director: cat\0/proc/self/cmdline\0');
  host.close(near);
  t.deepEqual(await ended(pid), { status: 0, signal: 0 });
});

test('a child gets the environment it is given, or ours', async t => {
  t.is(await shell('echo $A-$B', ['A=1', 'B=two words']), '1-two words\n');
  t.is(await shell('echo $PATH'), `${host.environment('PATH')}\n`);
  t.is(host.environment('NO_SUCH_NAME'), null);
});

test('a child gets the descriptors it is given, in any order, and no others', async t => {
  const [one, two] = host.socketPair();
  const open = 'for fd in 3 4 5 6 7 8 9 10 11 12; do [ -e /proc/self/fd/$fd ] && echo $fd; done';
  t.is(await shell(open, null, [two, one, -1]), '3\n4\n5\n');
  await shell('echo three >&3; echo four >&4', null, [two, one]);
  const into = new Uint8Array(16);
  t.is(host.decodeUtf8(into.subarray(0, host.receive(one, into)?.length)), 'three\n');
  t.is(host.decodeUtf8(into.subarray(0, host.receive(two, into)?.length)), 'four\n');
  host.close(one);
  host.close(two);
});

function nameOfChild(pid: number): string {
  try {
    const child = host.decodeUtf8(host.readFile(`/proc/${pid}/task/${pid}/children`)).trim();
    return host.decodeUtf8(host.readFile(`/proc/${child}/comm`));
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    host.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as host.HostError).code !== 'ESRCH') throw error;
    return false;
  }
}

test('a child with an account runs as that user and group, in a process group of its own', async t => {
  const [near, far] = host.socketPair();
  const script = 'id -u; id -g; id -G; sleep 1000';
  const pid = host.spawn('/bin/sh', ['sh', '-c', script], null, [-1, far, 2], [65_534, 100_001]);
  host.close(far);
  const reader = readAll(near);
  while (nameOfChild(pid) !== 'sleep\n') await sleep(10);
  host.kill(-pid, SIGKILL);
  t.is(await reader, '65534\n100001\n100001\n');
  host.close(near);
  t.deepEqual(await ended(pid), { status: 0, signal: SIGKILL });
  // The one that it had started is left to somebody else to bury.
  while (exists(-pid)) await sleep(10);
  t.throws(() => host.spawn('/bin/true', ['true'], null, [], [1] as never), { instanceOf: RangeError });
});

test('standard descriptors that are not given are /dev/null', async t => {
  const pid = host.spawn(
    '/bin/sh',
    ['sh', '-c', 'test -c /dev/stdin -a -c /dev/stdout -a -c /dev/stderr'],
    null,
    [],
  );
  t.deepEqual(await ended(pid), { status: 0, signal: 0 });
});

test('status and signal of a child are told apart', async t => {
  t.deepEqual(await ended(host.spawn('/bin/sh', ['sh', '-c', 'exit 7'], null, [])), { status: 7, signal: 0 });
  const pid = host.spawn('/bin/sleep', ['sleep', '1000'], null, []);
  host.kill(pid, 0);
  host.kill(pid, SIGKILL);
  t.deepEqual(await ended(pid), { status: 0, signal: SIGKILL });
  t.throws(() => host.kill(pid, 0), { code: 'ESRCH' });
  t.is(host.reap(), null);
});

test('what cannot be started is told at once, and leaves no child', t => {
  t.throws(() => host.spawn('/none', ['none'], null, []), { code: 'ENOENT', message: /execve \/none/ });
  t.throws(() => host.spawn('/', ['none'], null, []), { code: 'EACCES' });
  t.throws(() => host.spawn('/bin/true', ['true'], null, [900]), { code: 'EBADF' });
  t.throws(() => host.spawn('/bin/true', [], null, []), { instanceOf: RangeError });
  t.is(host.reap(), null);
});

test('signals become callbacks, and children do not inherit what is blocked or ignored', async t => {
  t.teardown(() => host.onSignals([], () => {}));
  const seen: number[] = [];
  host.onSignals([SIGUSR1, SIGUSR2], signal => void seen.push(signal));
  host.kill(host.pid, SIGUSR1);
  host.kill(host.pid, SIGUSR2);
  await sleep(5);
  t.deepEqual(seen.sort(), [SIGUSR1, SIGUSR2]);
  t.regex(await shell('cat /proc/self/status'), /SigBlk:\s0+\nSigIgn:\s0+\n/);
  const other: number[] = [];
  host.onSignals([SIGUSR2, SIGCHLD], signal => void other.push(signal));
  const pid = host.spawn('/bin/true', ['true'], null, []);
  await ended(pid);
  host.kill(host.pid, SIGUSR2);
  await sleep(5);
  t.deepEqual(other.sort(), [SIGUSR2, SIGCHLD]);
});

test('the platform tells of exits and signals, and a callback may change who listens', async t => {
  t.teardown(() => host.onSignals([], () => {}));
  const { processes } = createPlatform();
  const told: string[] = [];
  processes.onSignal(SIGUSR1, () => told.push('first'));
  processes.onSignal(SIGUSR1, () => {
    told.push('second');
    processes.onSignal(SIGUSR2, () => told.push('third'));
    processes.kill(host.pid, SIGUSR2);
  });
  processes.kill(host.pid, SIGUSR1);
  const exits = new Promise<unknown[]>(resolve => {
    const all: unknown[] = [];
    processes.onExit(exit => {
      all.push(exit);
      if (all.length === 2) resolve(all);
    });
  });
  const one = processes.spawn('/bin/sh', ['sh', '-c', 'exit 1'], []);
  const two = processes.spawn('/bin/sh', ['sh', '-c', 'kill -TERM $$'], []);
  const all = await exits;
  t.true(all.length === 2);
  t.deepEqual(
    new Set(all.map(exit => JSON.stringify(exit))),
    new Set([
      JSON.stringify({ pid: one, status: 1, signal: 0 }),
      JSON.stringify({ pid: two, status: 0, signal: SIGTERM }),
    ]),
  );
  await sleep(5);
  t.deepEqual(told, ['first', 'second', 'third']);
});

test('the process gets its name', t => {
  const path = host.environment('PATH');
  host.setName('director: test of a long name');
  t.is(host.decodeUtf8(host.readFile('/proc/self/comm')), 'director: test \n');
  t.is(host.decodeUtf8(host.readFile('/proc/self/cmdline')).split('\0')[0], 'director: test of a long name');
  t.is(host.environment('PATH'), path);
});

test('real-time priority is set where it is allowed, and not inherited', async t => {
  try {
    host.setRealTimePriority(3);
  } catch (error) {
    t.is((error as host.HostError).code, 'EPERM');
    return;
  }
  const policy = (status: string) => status.replace(/.*\) /, '').split(' ')[38];
  t.is(policy(host.decodeUtf8(host.readFile('/proc/self/stat'))), '1');
  const child = await shell('cat /proc/self/stat');
  host.setRealTimePriority(0);
  t.is(policy(child), '0');
  t.is(policy(host.decodeUtf8(host.readFile('/proc/self/stat'))), '0');
});

test('the host name, random bytes and the death of a parent', t => {
  host.setHostName('director-test');
  t.is(host.decodeUtf8(host.readFile('/proc/sys/kernel/hostname')), 'director-test\n');
  t.is(host.random(0).length, 0);
  t.is(host.random(65536).length, 65536);
  t.notDeepEqual(host.random(32), host.random(32));
  host.dieWithParent(SIGTERM);
  host.dieWithParent(0);
});

test('the clock of this machine is not ours to set', t => {
  t.throws(() => host.setWallClock(1), { code: 'EPERM' });
});

test('every descriptor closes at execve', t => {
  const fd = host.socket(AF_INET, SOCK_DGRAM, 0);
  const flags = /flags:\s*(\d+)/.exec(host.decodeUtf8(host.readFile(`/proc/self/fdinfo/${fd}`)))?.[1];
  const O_CLOEXEC = 0o2000000;
  const O_NONBLOCK = 0o4000;
  t.is(Number.parseInt(flags ?? '', 8) & (O_CLOEXEC | O_NONBLOCK), O_CLOEXEC | O_NONBLOCK);
  host.close(fd);
});
