// The machine's interfaces and addresses, kept current.
import test from 'ava';
import { Interfaces } from '../../src/director/vrrp/interfaces.ts';
import { IFA_F_TENTATIVE, newAddress } from '../../src/netlink/address.ts';
import type { Message } from '../../src/netlink/reader.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { createFake, type FakeSocket } from '../../src/platform/fake.ts';
import { notify, serve } from '../netlink/kernel.ts';
import { hex, ip, toHex } from './bytes.ts';

const RTM_GETLINK = 18;
const RTM_DELADDR = 21;

const link = new MessageWriter(16, 0).put32(0).put32(2).put32(0x41).put32(0).text(3, 'eth0').finish();

function address(bytes: Uint8Array, protocol = 0, flags = 0): Uint8Array {
  return newAddress({ interface: 2, address: bytes, prefix: 24, protocol, flags }, false).slice();
}

function removal(message: Uint8Array): Uint8Array {
  const data = message.slice();
  new DataView(data.buffer).setUint16(4, RTM_DELADDR, true);
  return data;
}

function setUp() {
  const told: string[] = [];
  const kernel = { addresses: [address(ip('10.0.0.1')), address(ip('10.0.0.100'), 18)] };
  const platform = createFake({
    onSocket: socket =>
      serve(socket, (request: Message) => ({
        data: request.type === RTM_GETLINK ? [link] : kernel.addresses,
      })),
  });
  const interfaces = new Interfaces(platform, {
    ready: () => void told.push('ready'),
    changed: () => void told.push('changed'),
    addressRemoved: gone => void told.push(`removed ${gone.address.at(-1)}`),
  });
  platform.clock.settle();
  const socket = platform.sockets[1] as FakeSocket;
  const known = () => interfaces.addressesOf(2).map(each => toHex(each.address));
  return { platform, interfaces, told, kernel, socket, known };
}

test('virtual addresses are not among those it knows, but their end is told', t => {
  const { platform, told, socket, known } = setUp();
  t.deepEqual(known(), ['0a000001']);
  notify(socket, address(ip('10.0.0.101'), 18));
  platform.clock.settle();
  t.deepEqual(known(), ['0a000001']);
  notify(socket, removal(address(ip('10.0.0.101'), 18)));
  platform.clock.settle();
  t.deepEqual(told, ['ready', 'removed 101']);
  t.not(socket.filter, null);
});

test('addresses of both families are known', t => {
  const { platform, socket, known } = setUp();
  const six = hex('fe800000000000000000000000000001');
  notify(socket, address(six, 3));
  platform.clock.settle();
  t.deepEqual(known(), ['0a000001', toHex(six)]);
});

test('what comes together is told once', t => {
  const { platform, told, socket } = setUp();
  for (let last = 2; last < 50; last++) notify(socket, address(ip(`10.0.0.${last}`)));
  platform.clock.settle();
  t.deepEqual(told, ['ready', 'changed']);
});

test('the end of duplicate address detection is a change, a new lifetime is none', t => {
  const { platform, interfaces, told, socket } = setUp();
  const six = hex('fe800000000000000000000000000001');
  notify(socket, address(six, 3, IFA_F_TENTATIVE));
  platform.clock.settle();
  notify(socket, address(six, 3));
  platform.clock.settle();
  t.is(interfaces.addressesOf(2)[1]!.flags, 0);
  notify(socket, address(six, 3));
  platform.clock.settle();
  t.deepEqual(told, ['ready', 'changed', 'changed']);
});

test('when notifications were lost everything is read anew', t => {
  const { platform, told, kernel, socket, known } = setUp();
  kernel.addresses = [address(ip('10.0.0.2'))];
  // A message that is longer than the buffer.
  socket.deliver(new Uint8Array(16), { family: 'netlink', port: 0, groups: 0 }, true);
  platform.clock.settle();
  t.deepEqual(known(), ['0a000002']);
  t.deepEqual(told, ['ready', 'removed 1', 'changed']);
});
