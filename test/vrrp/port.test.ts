// The raw sockets of an interface: where advertisements are heard, and where they leave.
import test from 'ava';
import type { IpDatagram } from '../../src/director/vrrp/datagram.ts';
import { Outlet } from '../../src/director/vrrp/outlet.ts';
import { Port } from '../../src/director/vrrp/port.ts';
import { wayOf } from '../../src/director/vrrp/way.ts';
import { createFake } from '../../src/platform/fake.ts';
import type { FakeSocket } from '../../src/platform/fake-socket.ts';
import {
  IP_ADD_MEMBERSHIP,
  IP_MULTICAST_ALL,
  IP_MULTICAST_LOOP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_RAW,
  IPV6_ADD_MEMBERSHIP,
  IPV6_MULTICAST_ALL,
  IPV6_MULTICAST_LOOP,
  SO_BINDTODEVICE,
  SO_BINDTOIFINDEX,
  SOL_SOCKET,
} from '../../src/platform/linux.ts';
import { INSTANCE } from '../control/sample.ts';
import { hex, ip, toHex } from './bytes.ts';

const UNICAST = { peers: [], ttl: 255, checkSource: false };
const HEARD = hex('31339601000a43070a630064');
const DATAGRAM = hex(`45c00020 00010000 ff70 0000 0a630001 e0000012 ${toHex(HEARD)}`);
const TO_US = hex(`45c00020 00010000 ff70 0000 0a630001 0a630002 ${toHex(HEARD)}`);
const GROUP6 = hex('ff020000000000000000000000000012');
const LINK_LOCAL = hex('fe800000000000000000000000000001');

function optionOf(socket: FakeSocket) {
  return (level: number, name: number) =>
    socket.options.filter(each => each.level === level && each.name === name).at(-1)?.value;
}

function open(config: Partial<typeof INSTANCE> = {}) {
  const platform = createFake();
  const received: IpDatagram[] = [];
  const way = wayOf({ ...INSTANCE, interface: 'eth1', ...config });
  const port = new Port(platform, way, 7, datagram => received.push(datagram));
  const socket = platform.sockets[0]!;
  const payloads = () => {
    platform.clock.settle();
    return received.map(({ payload }) => toHex(payload));
  };
  return { platform, port, socket, option: optionOf(socket), received, payloads };
}

test('5.1.1.2: it belongs to one interface and hears one group', t => {
  const { option } = open();
  t.is(toHex(option(SOL_SOCKET, SO_BINDTODEVICE) as Uint8Array), toHex(hex('6574683100')));
  t.is(toHex(option(IPPROTO_IP, IP_ADD_MEMBERSHIP) as Uint8Array), 'e0000012' + '00000000' + '07000000');
  t.is(option(IPPROTO_IP, IP_MULTICAST_ALL), 0);
});

test('5.1.2.2: on IPv6 the group is ff02::12', t => {
  const { option } = open({ family: 6, multicastGroup: 'ff02::12' });
  t.is(toHex(option(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP) as Uint8Array), `${toHex(GROUP6)}07000000`);
  t.is(option(IPPROTO_IPV6, IPV6_MULTICAST_ALL), 0);
});

test('another group is joined instead', t => {
  const { option, socket, payloads } = open({ multicastGroup: '239.1.2.3' });
  t.is(toHex(option(IPPROTO_IP, IP_ADD_MEMBERSHIP) as Uint8Array), 'ef010203' + '00000000' + '07000000');
  socket.deliver(DATAGRAM);
  t.deepEqual(payloads(), []);
});

test('what arrives is handed over without its header, what is broken is not', t => {
  const { socket, received, payloads } = open();
  socket.deliver(DATAGRAM);
  socket.deliver(DATAGRAM.subarray(0, 30));
  socket.deliver(DATAGRAM, null, true);
  t.deepEqual(payloads(), [toHex(HEARD)]);
  t.is(received[0]!.hops, 255);
});

test('on IPv6 the kernel tells what the header said; without that nothing is believed', t => {
  const { socket, received, payloads } = open({ family: 6, multicastGroup: 'ff02::12' });
  const from = { family: 'inet6', address: LINK_LOCAL, port: 0, scope: 7 } as const;
  socket.deliver(HEARD, from, false, { hops: 254, destination: GROUP6 });
  socket.deliver(HEARD, from);
  t.deepEqual(payloads(), [toHex(HEARD)]);
  t.like(received[0], { hops: 254, source: LINK_LOCAL, destination: GROUP6 });
});

test('unicast is not for those who are in a group, and the other way round', t => {
  const multicast = open();
  multicast.socket.deliver(TO_US);
  t.deepEqual(multicast.payloads(), []);
  const unicast = open({ unicast: UNICAST });
  unicast.socket.deliver(TO_US);
  unicast.socket.deliver(DATAGRAM);
  t.deepEqual(unicast.payloads(), [toHex(HEARD)]);
  t.is(unicast.option(IPPROTO_IP, IP_ADD_MEMBERSHIP), undefined);
  t.is(unicast.option(IPPROTO_IP, IP_MULTICAST_ALL), 0);
});

test('a closed port hands nothing over', t => {
  const { port, socket, payloads } = open();
  socket.deliver(DATAGRAM);
  port.close();
  t.deepEqual(payloads(), []);
});

test('ways are the same for instances that differ in number only', t => {
  const key = wayOf(INSTANCE).key;
  t.is(wayOf({ ...INSTANCE, virtualRouterId: 200 }).key, key);
  for (const other of [{ interface: 'eth9' }, { multicastGroup: '239.1.2.3' }, { unicast: UNICAST }]) {
    t.not(wayOf({ ...INSTANCE, ...other }).key, key);
  }
  t.not(
    wayOf({ ...INSTANCE, family: 6, unicast: UNICAST }).key,
    wayOf({ ...INSTANCE, unicast: UNICAST }).key,
  );
});

test('5.1.1.1, 5.1.1.3: messages leave with the source and TTL they are given, and do not come back to this machine', t => {
  const platform = createFake();
  const outlet = new Outlet(platform, 7, 4);
  const socket = platform.sockets[0]!;
  t.is(socket.protocol, IPPROTO_RAW);
  t.is(optionOf(socket)(SOL_SOCKET, SO_BINDTOIFINDEX), 7);
  t.is(optionOf(socket)(IPPROTO_IP, IP_MULTICAST_LOOP), 0);
  outlet.send(HEARD, { source: ip('10.99.0.1'), destination: ip('224.0.0.18'), hops: 255 });
  const [sent] = socket.sent;
  t.deepEqual(sent!.to, { family: 'inet', address: ip('224.0.0.18'), port: 0 });
  t.is(sent!.data[8], 255);
  t.is(sent!.data[9], 112);
  t.is(toHex(sent!.data.subarray(12)), `0a630001e0000012${toHex(HEARD)}`);
});

test('5.1.2.1, 5.1.2.3: on IPv6 as well', t => {
  const platform = createFake();
  const outlet = new Outlet(platform, 7, 6);
  const socket = platform.sockets[0]!;
  t.is(optionOf(socket)(IPPROTO_IPV6, IPV6_MULTICAST_LOOP), 0);
  outlet.send(HEARD, { source: LINK_LOCAL, destination: GROUP6, hops: 255 });
  const [sent] = socket.sent;
  t.deepEqual(sent!.to, { family: 'inet6', address: GROUP6, port: 0, scope: 7 });
  t.is(sent!.data[6], 112);
  t.is(sent!.data[7], 255);
  t.is(toHex(sent!.data.subarray(8)), `${toHex(LINK_LOCAL)}${toHex(GROUP6)}${toHex(HEARD)}`);
});
