import test from 'ava';
import { leavingFrom, openSocket } from '../../src/director/check/source.ts';
import type { CheckSource, CheckTiming } from '../../src/director/config/config.ts';
import { createFake } from '../../src/platform/fake.ts';
import {
  AF_INET,
  SO_BINDTODEVICE,
  SO_LINGER,
  SO_MARK,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../../src/platform/linux.ts';
import { isSystemError } from '../../src/platform/platform.ts';

const TIMING: CheckTiming = {
  connectAddress: '10.0.0.1',
  connectPort: 80,
  connectTimeout: 1000,
  interval: 1000,
  retries: 0,
  delayBeforeRetry: 0,
};

function opened(source: CheckSource, connectAddress = '10.0.0.1') {
  const platform = createFake();
  openSocket(platform, { ...TIMING, connectAddress, source }, SOCK_DGRAM, 17);
  return platform.sockets[0]!;
}

test('the kernel chooses where a check comes from, unless it is told', t => {
  const platform = createFake();
  t.is(leavingFrom(platform, undefined), platform);
  openSocket(platform, TIMING, SOCK_DGRAM, 17);
  t.deepEqual(platform.sockets[0]!.options, []);
  t.is(platform.sockets[0]!.bound, null);
});

test('address, port, interface and mark are set before anything is sent', t => {
  const socket = opened({ address: '10.0.0.9', port: 1023, interface: 'eth1', mark: 7 });
  t.deepEqual(socket.bound, { family: 'inet', address: Uint8Array.of(10, 0, 0, 9), port: 1023 });
  t.deepEqual(
    socket.options.map(({ level, name }) => [level, name]),
    [SO_BINDTODEVICE, SO_MARK, SO_REUSEADDR, SO_LINGER].map(name => [SOL_SOCKET, name]),
  );
  t.deepEqual(socket.options[0]!.value, Uint8Array.of(101, 116, 104, 49, 0));
  t.deepEqual(opened({ port: 53 }, '2001:db8::1').bound, {
    family: 'inet6',
    address: new Uint8Array(16),
    port: 53,
    scope: 0,
  });
});

test('a socket that cannot be prepared is not left open', t => {
  const platform = createFake({
    onSocket(socket) {
      socket.bind = () => {
        throw Object.assign(new Error('bind'), { code: 'EADDRNOTAVAIL', syscall: 'bind', argument: '' });
      };
    },
  });
  const from = leavingFrom(platform, { address: '10.0.0.9' });
  const error = t.throws(() => from.socket(AF_INET, SOCK_STREAM, 0));
  t.true(isSystemError(error, 'EADDRNOTAVAIL'));
  t.true(platform.sockets[0]?.closed);
});
