import test from 'ava';
import * as host from 'host';
import { decodeAddress, encodeAddress } from '../../../src/platform/address.ts';
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  ETH_P_ALL,
  IPPROTO_ICMP,
  NETLINK_ROUTE,
  SO_ERROR,
  SO_RCVBUF,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../../../src/platform/linux.ts';
import type { SocketAddress } from '../../../src/platform/platform.ts';
import { createPlatform } from '../../../src/platform/quickjs.ts';
import { ready, sleep } from './wait.ts';

const platform = createPlatform();
const loopback = Uint8Array.of(127, 0, 0, 1);
const loopback6 = Uint8Array.from([...new Array(15).fill(0), 1]);
const inet = (port: number): SocketAddress => ({ family: 'inet', address: loopback, port });
const inet6 = (port: number): SocketAddress => ({ family: 'inet6', address: loopback6, port, scope: 0 });
const portOf = (fd: number) => {
  const address = decodeAddress(host.localAddress(fd));
  return address && 'port' in address ? address.port : 0;
};

async function talk(family: number, address: (port: number) => SocketAddress): Promise<string> {
  const listener = host.socket(family, SOCK_STREAM, 0);
  host.bind(listener, encodeAddress(address(0)));
  host.listen(listener, 5);
  const caller = host.socket(family, SOCK_STREAM, 0);
  host.connect(caller, encodeAddress(address(portOf(listener))));
  await ready(listener, host.READABLE);
  const accepted = host.accept(listener);
  if (!accepted) throw new Error('nobody there');
  await ready(caller, host.WRITABLE);
  const data = host.encodeUtf8('hello');
  if (host.send(caller, data, null) !== data.length) throw new Error('not sent');
  await ready(accepted.fd, host.READABLE);
  const into = new Uint8Array(3);
  let text = '';
  host.shutdown(caller, 1);
  for (;;) {
    const received = host.receive(accepted.fd, into);
    if (!received) await ready(accepted.fd, host.READABLE);
    else if (received.length === 0) break;
    else text += `${host.decodeUtf8(into.subarray(0, received.length))}${received.truncated ? '!' : ''}`;
  }
  for (const fd of [listener, caller, accepted.fd]) host.close(fd);
  return text;
}

test('TCP over IPv4 loses nothing of a short read', async t => t.is(await talk(AF_INET, inet), 'hello'));

test('TCP over IPv6', async t => t.is(await talk(AF_INET6, inet6), 'hello'));

test('a refused connect is writable with ECONNREFUSED', async t => {
  const caller = platform.socket(AF_INET, SOCK_STREAM, 0);
  const error = await new Promise<string | null>(resolve => {
    caller.onWritable(() => {
      caller.onWritable(null);
      resolve(caller.error());
    });
    try {
      caller.connect(inet(9));
    } catch (thrown) {
      resolve(String((thrown as host.HostError).code));
    }
  });
  t.is(error, 'ECONNREFUSED');
  caller.close();
});

test('UDP: addresses, truncation and an empty datagram', async t => {
  const one = platform.socket(AF_INET, SOCK_DGRAM, 0);
  const other = platform.socket(AF_INET, SOCK_DGRAM, 0);
  one.bind(inet(0));
  other.bind(inet(0));
  t.is(one.receive(), null);
  t.is(other.send(host.encodeUtf8('datagram'), one.localAddress()), 8);
  t.is(other.send(new Uint8Array(0), one.localAddress()), 0);
  await ready(one.fd, host.READABLE);
  const into = new Uint8Array(4);
  const cut = host.receive(one.fd, into);
  t.like(cut, { length: 4, truncated: true });
  t.deepEqual(decodeAddress(cut?.address ?? into), other.localAddress());
  const empty = one.receive();
  t.is(empty?.data.length, 0);
  t.false(empty?.truncated);
  one.close();
  other.close();
});

test('a unix socket by path and by abstract name', async t => {
  for (const path of [`/run/scratch/unix-${host.pid}`, `\0director-${host.pid}`]) {
    const listener = platform.socket(AF_UNIX, SOCK_STREAM, 0);
    listener.bind({ family: 'unix', path });
    t.deepEqual(listener.localAddress(), { family: 'unix', path });
    listener.listen(5);
    const caller = platform.socket(AF_UNIX, SOCK_STREAM, 0);
    t.true(caller.connect({ family: 'unix', path }));
    const accepted = listener.accept();
    t.is(listener.accept(), null);
    accepted?.send(host.encodeUtf8('x'));
    t.is(caller.receive()?.data.length, 1);
    accepted?.close();
    t.is(caller.receive()?.data.length, 0);
    t.throws(() => caller.send(host.encodeUtf8('x')), { code: 'EPIPE' });
    caller.close();
    listener.close();
  }
});

test('a pair keeps messages apart, and tells when the other end is gone', async t => {
  const { socket, childFd } = platform.processes.pair();
  const far = platform.processes.inherited(childFd);
  t.is(far.send(Uint8Array.of(1, 2)), 2);
  t.is(far.send(Uint8Array.of(3)), 1);
  t.deepEqual([...(socket.receive()?.data ?? [])], [1, 2]);
  t.deepEqual([...(socket.receive()?.data ?? [])], [3]);
  t.is(socket.receive(), null);
  const events = ready(socket.fd, host.READABLE);
  far.close();
  t.truthy((await events) & host.HANGUP);
  socket.close();
});

test('a socket that is full would block, and is writable again', async t => {
  const [near, far] = host.socketPair();
  const block = new Uint8Array(4096);
  let sent = 0;
  while (host.send(near, block, null) !== null) sent++;
  t.true(sent > 0);
  const writable = ready(near, host.WRITABLE);
  const into = new Uint8Array(4096);
  while (host.receive(far, into)) sent--;
  t.is(sent, 0);
  t.truthy((await writable) & host.WRITABLE);
  host.close(near);
  host.close(far);
});

test('netlink answers', async t => {
  const socket = platform.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  socket.bind({ family: 'netlink', port: 0, groups: 0 });
  const request = new DataView(new ArrayBuffer(32));
  request.setUint32(0, 32, true);
  request.setUint16(4, 18, true); // RTM_GETLINK
  request.setUint16(6, 0x301, true); // NLM_F_REQUEST | NLM_F_DUMP
  socket.send(new Uint8Array(request.buffer), { family: 'netlink', port: 0, groups: 0 });
  await ready(socket.fd, host.READABLE);
  const answer = socket.receive();
  t.is(new DataView(answer!.data.buffer).getUint16(4, true), 16); // RTM_NEWLINK
  t.deepEqual(answer?.from, { family: 'netlink', port: 0, groups: 0 });
  socket.close();
});

test('raw and packet sockets see a ping', async t => {
  const raw = platform.socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  const swapped = ((ETH_P_ALL & 0xff) << 8) | (ETH_P_ALL >> 8);
  const packet = platform.socket(AF_PACKET, SOCK_DGRAM, swapped);
  packet.bind({ family: 'packet', protocol: ETH_P_ALL, interface: 1, hardware: new Uint8Array(0) });
  const echo = Uint8Array.of(8, 0, 0xf7, 0xfd, 0, 1, 0, 1);
  raw.send(echo, inet(0));
  await ready(raw.fd, host.READABLE);
  const seen = raw.receive();
  t.is(seen?.data[0], 0x45);
  t.like(seen?.from, { family: 'inet', port: 0 });
  await ready(packet.fd, host.READABLE);
  t.like(packet.receive()?.from, { family: 'packet', protocol: 0x0800, interface: 1 });
  raw.close();
  packet.close();
});

test('options are set and read', t => {
  const fd = host.socket(AF_INET, SOCK_DGRAM, 0);
  const value = new Uint8Array(4);
  new DataView(value.buffer).setInt32(0, 100_000, true);
  host.setOption(fd, SOL_SOCKET, SO_RCVBUF, value);
  t.is(new DataView(host.getOption(fd, SOL_SOCKET, SO_RCVBUF, 4).buffer).getInt32(0, true), 200_000);
  t.is(host.getOption(fd, SOL_SOCKET, SO_ERROR, 4).length, 4);
  t.is(host.getOption(fd, SOL_SOCKET, SO_ERROR, 2).length, 2);
  t.is(host.getOption(fd, SOL_SOCKET, SO_ERROR, 0).length, 0);
  t.throws(() => host.setOption(fd, SOL_SOCKET, 9999, value), { code: 'ENOPROTOOPT' });
  t.throws(() => host.setOption(fd, SOL_SOCKET, SO_RCVBUF, value.subarray(0, 1)), { code: 'EINVAL' });
  host.close(fd);
});

test("a truncated address is the kernel's EINVAL, an overlong one a RangeError", t => {
  const fd = host.socket(AF_INET, SOCK_STREAM, 0);
  for (let length = 0; length < 16; length++) {
    t.throws(() => host.bind(fd, encodeAddress(inet(0)).subarray(0, length)), { code: 'EINVAL' });
    t.throws(() => host.connect(fd, encodeAddress(inet(9)).subarray(0, length)), { code: 'EINVAL' });
  }
  t.throws(() => host.bind(fd, new Uint8Array(129)), { instanceOf: RangeError });
  t.throws(() => host.send(fd, new Uint8Array(1), new Uint8Array(1000)), { instanceOf: RangeError });
  host.close(fd);
});

test('an event for a descriptor that was closed does not reach the next owner of its number', async t => {
  const [a, b] = host.socketPair();
  const [c, d] = host.socketPair();
  const seen: string[] = [];
  let next: [number, number] | null = null;
  const swap = (mine: number, other: number) => () => {
    if (next) return;
    host.close(mine);
    host.close(other);
    next = host.socketPair();
    for (const fd of next) host.watch(fd, host.READABLE, () => void seen.push('stale'));
  };
  host.watch(a, host.READABLE, swap(a, c));
  host.watch(c, host.READABLE, swap(c, a));
  host.send(b, Uint8Array.of(1), null);
  host.send(d, Uint8Array.of(1), null);
  await sleep(20);
  t.deepEqual(seen, []);
  t.true(next!.includes(a) && next!.includes(c));
  for (const fd of [b, d, ...next!]) host.close(fd);
});

test('a callback may end its own watch and replace it', async t => {
  const [near, far] = host.socketPair();
  const order: string[] = [];
  await new Promise<void>(resolve => {
    host.watch(near, host.READABLE, () => {
      host.unwatch(near);
      order.push('first');
      host.watch(near, host.READABLE, () => {
        order.push('second');
        host.close(near);
        resolve();
      });
    });
    host.send(far, Uint8Array.of(1), null);
  });
  t.deepEqual(order, ['first', 'second']);
  host.unwatch(near);
  host.close(far);
});

test('what cannot be watched or used as a socket is refused', t => {
  const file = host.open('/proc/self/status', 0, 0);
  t.throws(() => host.watch(file, host.READABLE, () => {}), { code: 'EPERM' });
  t.throws(() => host.watch(999, host.READABLE, () => {}), { code: 'EBADF' });
  t.throws(() => host.receive(file, new Uint8Array(1)), { code: 'ENOTSOCK' });
  t.throws(() => host.send(file, new Uint8Array(1), null), { code: 'ENOTSOCK' });
  t.throws(() => host.accept(file), { code: 'ENOTSOCK' });
  t.throws(() => host.listen(file, 1), { code: 'ENOTSOCK' });
  t.throws(() => host.localAddress(file), { code: 'ENOTSOCK' });
  t.throws(() => host.shutdown(file, 0), { code: 'ENOTSOCK' });
  t.throws(() => host.inherit(999), { code: 'EBADF' });
  t.throws(() => host.socket(255, 1, 0), { code: 'EAFNOSUPPORT' });
  host.close(file);
  t.throws(() => host.close(file), { code: 'EBADF' });
});
