// The raw socket of an interface.
import test from 'ava';
import type { Ipv4Datagram } from '../../src/director/vrrp/datagram.ts';
import { Port } from '../../src/director/vrrp/port.ts';
import { createFake } from '../../src/platform/fake.ts';
import {
  IP_ADD_MEMBERSHIP,
  IP_MULTICAST_IF,
  IP_MULTICAST_LOOP,
  IP_MULTICAST_TTL,
  IP_TTL,
  IPPROTO_IP,
  SO_BINDTODEVICE,
  SOL_SOCKET,
} from '../../src/platform/linux.ts';
import { hex, ip, toHex } from './bytes.ts';

function open() {
  const platform = createFake();
  const received: Ipv4Datagram[] = [];
  const port = new Port(platform, 'eth1', 7, datagram => received.push(datagram));
  const socket = platform.sockets[0]!;
  const option = (level: number, name: number) =>
    socket.options.filter(each => each.level === level && each.name === name).at(-1)?.value;
  return { platform, port, socket, option, received };
}

const DATAGRAM = hex('45c00020 00010000 ff70 0000 0a630001 e0000012 31339601000a43070a630064');

test('5.1.1.2, 5.1.1.3: it belongs to one interface, is in the group, sends with TTL 255 and does not hear itself', t => {
  const { option } = open();
  t.is(toHex(option(SOL_SOCKET, SO_BINDTODEVICE) as Uint8Array), toHex(hex('6574683100')));
  t.is(toHex(option(IPPROTO_IP, IP_ADD_MEMBERSHIP) as Uint8Array), 'e0000012' + '00000000' + '07000000');
  t.is(option(IPPROTO_IP, IP_MULTICAST_TTL), 255);
  t.is(option(IPPROTO_IP, IP_TTL), 255);
  t.is(option(IPPROTO_IP, IP_MULTICAST_LOOP), 0);
});

test('7.2: messages come from the primary address and go to 224.0.0.18', t => {
  const { port, socket, option } = open();
  port.setSource(ip('10.99.0.1'));
  t.is(toHex(option(IPPROTO_IP, IP_MULTICAST_IF) as Uint8Array), '00000000' + '0a630001' + '07000000');
  port.send(hex('31'));
  t.deepEqual(socket.sent[0]!.to, { family: 'inet', address: ip('224.0.0.18'), port: 0 });
});

test('what arrives is handed over without its header, what is broken is not', t => {
  const { platform, socket, received } = open();
  socket.deliver(DATAGRAM);
  socket.deliver(DATAGRAM.subarray(0, 30));
  socket.deliver(DATAGRAM, null, true);
  platform.clock.settle();
  t.deepEqual(
    received.map(({ payload, hops }) => [toHex(payload), hops]),
    [['31339601000a43070a630064', 255]],
  );
});

test('a closed port hands nothing over', t => {
  const { platform, port, socket, received } = open();
  socket.deliver(DATAGRAM);
  port.close();
  platform.clock.settle();
  t.is(received.length, 0);
});
