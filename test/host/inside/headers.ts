// What the kernel tells and drops beside the payload: the IPv6 header of a datagram, socket filters, requests to interfaces.
import test from 'ava';
import * as host from 'host';
import {
  BPF_LD_HALF,
  BPF_LD_IMMEDIATE,
  BPF_RETURN,
  encodeFilter,
  KEEP,
} from '../../../src/platform/filter.ts';
import {
  AF_INET6,
  IPPROTO_IPV6,
  IPPROTO_VRRP,
  IPV6_MULTICAST_HOPS,
  IPV6_RECVHOPLIMIT,
  IPV6_RECVPKTINFO,
  IPV6_UNICAST_HOPS,
  SOCK_RAW,
} from '../../../src/platform/linux.ts';
import type { SocketAddress } from '../../../src/platform/platform.ts';
import { createPlatform } from '../../../src/platform/quickjs.ts';
import { ready } from './wait.ts';

const platform = createPlatform();
const loopback = Uint8Array.from([...new Array(15).fill(0), 1]);
const to: SocketAddress = { family: 'inet6', address: loopback, port: 0, scope: 0 };

function open() {
  const socket = platform.socket(AF_INET6, SOCK_RAW, IPPROTO_VRRP);
  socket.setOption(IPPROTO_IPV6, IPV6_UNICAST_HOPS, 254);
  socket.setOption(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 254);
  return socket;
}

test('a raw IPv6 socket tells hop limit and destination once it was asked to', async t => {
  const socket = open();
  socket.send(Uint8Array.of(1), to);
  await ready(socket.fd, host.READABLE);
  t.is(socket.receive()?.header, undefined);
  socket.setOption(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  socket.setOption(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
  socket.send(Uint8Array.of(2), to);
  await ready(socket.fd, host.READABLE);
  const received = socket.receive();
  t.deepEqual([...(received?.data ?? [])], [2]);
  t.deepEqual(received?.header, { hops: 254, destination: loopback });
  socket.close();
});

test('what a filter drops does not arrive', async t => {
  const socket = open();
  socket.attachFilter([
    [BPF_LD_HALF, 0, 0, 0],
    // Jump if equal.
    [0x15, 0, 1, 0x0102],
    [BPF_RETURN, 0, 0, 0],
    [BPF_RETURN, 0, 0, KEEP],
  ]);
  socket.send(Uint8Array.of(1, 2, 3), to);
  socket.send(Uint8Array.of(2, 1, 3), to);
  await ready(socket.fd, host.READABLE);
  t.deepEqual([...(socket.receive()?.data ?? [])], [2, 1, 3]);
  t.is(socket.receive(), null);
  socket.close();
});

test('a filter that is none is refused', t => {
  const socket = open();
  t.throws(() => socket.attachFilter([[BPF_LD_IMMEDIATE, 0, 0, 1]]), { code: 'EINVAL' });
  t.throws(() => socket.attachFilter([]), { code: 'EINVAL' });
  t.throws(() => host.attachFilter(socket.fd, new Uint8Array(40_000)), { instanceOf: RangeError });
  t.throws(() => host.attachFilter(999, encodeFilter([[BPF_RETURN, 0, 0, 0]])), { code: 'EBADF' });
  socket.close();
});

test('a socket answers requests about interfaces', t => {
  const SIOCGIFINDEX = 0x8933;
  const socket = open();
  const request = new Uint8Array(40);
  request.set(host.encodeUtf8('lo'));
  socket.ioctl(SIOCGIFINDEX, request);
  t.is(new DataView(request.buffer).getInt32(16, true), 1);
  request.fill(0).set(host.encodeUtf8('nobody'));
  t.throws(() => socket.ioctl(SIOCGIFINDEX, request), { code: 'ENODEV' });
  socket.close();
});
