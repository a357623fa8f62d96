import test from 'ava';
import { AlreadyRunning, isRunning, takeRunDirectory } from '../../src/director/supervisor/lock.ts';
import { createFake } from '../../src/platform/fake.ts';
import { createConnected } from '../ipc/unix-network.ts';

test('a run directory has one director, until that one ends', t => {
  const platform = createConnected({ files: { '/run/x': '' } });
  t.false(isRunning(platform, '/run/d'));
  takeRunDirectory(platform, '/run/d');
  t.is(platform.files.status('/run/d').type, 'directory');
  t.true(isRunning(platform, '/run/d'));
  t.throws(() => takeRunDirectory(platform, '/run/d'), { instanceOf: AlreadyRunning });
  for (const socket of platform.sockets) socket.close();
  t.false(isRunning(platform, '/run/d'));
  takeRunDirectory(platform, '/run/d');
  t.true(isRunning(platform, '/run/d'));
});

test('a queue full of those who looked means that somebody runs', t => {
  const platform = createFake({
    onSocket(socket) {
      socket.connecting = 'EAGAIN';
    },
  });
  t.true(isRunning(platform, '/run/d'));
});
