// Unix stream sockets between fake platforms: who connects to a path reaches who listens there.
import { createFake, type FakePlatform, FakeSocket, join, systemError } from '../../src/platform/fake.ts';
import { AF_UNIX } from '../../src/platform/linux.ts';

/** A fake whose unix sockets find each other; `files` also gets the sockets' paths. */
export function createConnected(options: Parameters<typeof createFake>[0] = {}): FakePlatform {
  const sockets: FakeSocket[] = [];
  const platform = createFake({
    ...options,
    onSocket(socket) {
      options.onSocket?.(socket);
      if (socket.family === AF_UNIX) sockets.push(plug(socket));
    },
  });

  function plug(socket: FakeSocket): FakeSocket {
    const bind = socket.bind.bind(socket);
    socket.bind = address => {
      bind(address);
      if (address.family === 'unix') platform.files.replace(address.path, '');
    };
    socket.connect = address => {
      const path = address.family === 'unix' ? address.path : '';
      if (!platform.files.exists(path)) throw systemError('ENOENT', 'connect', path);
      const listener = sockets.find(each => {
        return each.listening && !each.closed && each.bound?.family === 'unix' && each.bound.path === path;
      });
      if (listener === undefined) throw systemError('ECONNREFUSED', 'connect', path);
      const far = new FakeSocket(platform.clock, -1, AF_UNIX, socket.type, 0);
      join(socket, far);
      listener.offer(far);
      return true;
    };
    return socket;
  }
  return platform;
}

/** Lets promises and the fake's loop take turns until both are at rest. */
export async function settle(platform: FakePlatform): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    platform.clock.settle();
    await Promise.resolve();
  }
}

/** Lets `milliseconds` pass in steps, with promises in between. */
export async function pass(platform: FakePlatform, milliseconds: number): Promise<void> {
  const end = platform.clock.monotonic() + milliseconds;
  await settle(platform);
  for (;;) {
    const due = platform.clock.nextDue();
    if (due === null || due > end) break;
    platform.clock.advanceTo(due);
    await settle(platform);
  }
  platform.clock.advanceTo(end);
  await settle(platform);
}
