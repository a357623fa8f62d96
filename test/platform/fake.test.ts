import test from 'ava';
import { createFake, FakeExit, FakeSocket, join, VirtualClock } from '../../src/platform/fake.ts';
import { AF_INET, AF_UNIX, SIGTERM, SOCK_DGRAM, SOCK_STREAM } from '../../src/platform/linux.ts';
import { isSystemError } from '../../src/platform/platform.ts';

test('timers fire in the order they are due, at their own moment', t => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push(`b ${clock.monotonic()}`));
  clock.after(10, () => {
    fired.push(`a ${clock.monotonic()}`);
    clock.after(10, () => fired.push(`d ${clock.monotonic()}`));
  });
  clock.after(20, () => fired.push(`c ${clock.monotonic()}`));
  clock.after(15, () => fired.push('never')).cancel();
  clock.advance(19.5);
  t.deepEqual(fired, ['a 10']);
  t.is(clock.nextDue(), 20);
  clock.advance(10);
  t.deepEqual(fired, ['a 10', 'b 20', 'c 20', 'd 20']);
  t.is(clock.monotonic(), 29.5);
});

test('soon runs before the next timer', t => {
  const fake = createFake();
  const order: string[] = [];
  fake.after(0, () => {
    order.push('timer');
    fake.soon(() => order.push('soon'));
  });
  fake.after(0, () => order.push('next timer'));
  fake.clock.advance(0);
  t.deepEqual(order, ['timer', 'soon', 'next timer']);
});

test('the wall clock steps, the monotonic one does not', t => {
  const { clock } = createFake();
  clock.setWall(5000);
  clock.advance(10);
  t.is(clock.wall(), 5010);
  t.is(clock.monotonic(), 10);
});

test('a loop that spins is found', t => {
  const clock = new VirtualClock();
  const again = () => clock.soon(again);
  again();
  t.throws(() => clock.settle(), { message: /spins/ });
  const other = new VirtualClock();
  other.after(0, () => {
    const repeat = () => void other.after(0, repeat);
    repeat();
  });
  t.throws(() => other.advance(1), { message: /spin/ });
});

test('a datagram that is delivered is received once the loop runs', t => {
  const fake = createFake();
  const socket = fake.socket(AF_INET, SOCK_DGRAM, 0);
  const got: number[][] = [];
  socket.onReadable(() => got.push([...(socket.receive()?.data ?? [])]));
  const [opened] = fake.sockets;
  opened?.deliver(Uint8Array.of(1));
  opened?.deliver(Uint8Array.of(2, 3));
  t.deepEqual(got, []);
  fake.clock.settle();
  t.deepEqual(got, [[1], [2, 3]]);
  t.is(socket.receive(), null);
});

test('a connect in progress ends in writable, or in an error', t => {
  const fake = createFake();
  const results: (string | null)[] = [];
  for (const answer of ['connected', 'refused'] as const) {
    const socket = fake.socket(AF_INET, SOCK_STREAM, 0) as FakeSocket;
    t.false(socket.connect({ family: 'inet', address: Uint8Array.of(192, 0, 2, 1), port: 80 }));
    socket.onWritable(() => {
      results.push(socket.error());
      socket.onWritable(null);
    });
    fake.clock.settle();
    socket[answer]();
    fake.clock.settle();
  }
  t.deepEqual(results, [null, 'ECONNREFUSED']);
});

test('joined sockets hand over what is sent, and the end', t => {
  const clock = new VirtualClock();
  const one = new FakeSocket(clock, 1, AF_UNIX, SOCK_STREAM, 0);
  const other = new FakeSocket(clock, 2, AF_UNIX, SOCK_STREAM, 0);
  join(one, other);
  t.is(one.send(Uint8Array.of(7)), 1);
  one.close();
  t.deepEqual(other.receive()?.data, Uint8Array.of(7));
  t.is(other.receive()?.data.length, 0);
  t.throws(() => one.send(Uint8Array.of(7)), { code: 'EBADF' });
});

test('files behave like files', t => {
  const { files } = createFake({ files: { '/etc/a': 'one', '/proc/sys/b': '0' } });
  t.is(files.readText('/etc/a'), 'one');
  files.replace('/etc/c', 'two', 0o600);
  t.deepEqual(files.list('/etc'), ['a', 'c']);
  t.is(files.status('/etc/c').mode, 0o600);
  t.is(files.status('/etc').type, 'directory');
  t.throws(() => files.put('/proc/sys/none', '1'), { code: 'ENOENT' });
  t.throws(() => files.replace('/none/a', '1'), { code: 'ENOENT' });
  files.failures.set('/etc/a', 'EIO');
  t.true(
    isSystemError(
      t.throws(() => files.readText('/etc/a')),
      'EIO',
    ),
  );
  const file = files.open('/etc/c', 'read-write');
  file.writeAt(Uint8Array.of(33), 4);
  const into = new Uint8Array(8);
  t.is(file.readAt(into, 2), 3);
  t.deepEqual([...into.subarray(0, 3)], [111, 0, 33]);
  file.close();
  t.throws(() => file.readAt(into, 0), { code: 'EBADF' });
});

test('a FIFO holds what it has room for until it is read', t => {
  const { files } = createFake({ files: { '/run/a': '' } });
  files.makeFifo('/run/fifo', 0o600);
  t.is(files.status('/run/fifo').type, 'fifo');
  t.throws(() => files.makeFifo('/run/fifo', 0o600), { code: 'EEXIST' });
  files.changeOwner('/run/fifo', { user: 1, group: 2 });
  t.deepEqual(files.owners.get('/run/fifo'), { user: 1, group: 2 });
  files.pipeRoom = 2;
  const pipe = files.openPipe('/run/fifo');
  t.deepEqual(
    ['a', 'b', 'c'].map(line => pipe.write(new TextEncoder().encode(line))),
    [true, true, false],
  );
  t.is(files.drainFifo('/run/fifo'), 'ab');
  t.true(pipe.write(new TextEncoder().encode('d')));
});

test('children end when told so, and exit goes no further', t => {
  const fake = createFake({ args: ['run'], environment: { TERM: 'vt100' } });
  const { processes } = fake;
  const ended: unknown[] = [];
  processes.onExit(exit => ended.push(exit));
  processes.onSignal(SIGTERM, () => ended.push('SIGTERM'));
  const { socket, childFd } = processes.pair();
  const pid = processes.spawn('/proc/self/exe', ['director: vrrp'], [-1, 1, 2, childFd]);
  processes.farEnds.get(childFd)?.send(Uint8Array.of(1));
  t.deepEqual(socket.receive()?.data, Uint8Array.of(1));
  processes.kill(pid, 9);
  processes.end(pid, 0, 9);
  processes.raise(SIGTERM);
  fake.clock.settle();
  t.deepEqual(ended, [{ pid, status: 0, signal: 9 }, 'SIGTERM']);
  t.throws(() => processes.kill(pid, 9), { code: 'ESRCH' });
  t.throws(() => processes.exit(3), { instanceOf: FakeExit });
  t.is(processes.exited, 3);
  t.is(processes.environment('TERM'), 'vt100');
});

test('the same seed gives the same random bytes', t => {
  t.deepEqual(createFake({ seed: 7 }).random(16), createFake({ seed: 7 }).random(16));
  t.notDeepEqual(createFake({ seed: 7 }).random(16), createFake({ seed: 8 }).random(16));
});
