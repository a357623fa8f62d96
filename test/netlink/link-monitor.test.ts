import test from 'ava';
import type { Link } from '../../src/netlink/link.ts';
import { LinkMonitor } from '../../src/netlink/link-monitor.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { createFake, type FakeSocket, systemError } from '../../src/platform/fake.ts';
import { notify, serve } from './kernel.ts';

interface Interface {
  readonly index: number;
  readonly name: string;
  readonly flags: number;
}

const UP = 0x41;

function linkMessage(type: number, { index, name, flags }: Interface): Uint8Array {
  return new MessageWriter(type, 0)
    .put32(0)
    .put32(index)
    .put32(flags)
    .put32(0)
    .text(3, name)
    .u32(4, 1500)
    .finish();
}

function setUp(interfaces: Interface[], failures = 0) {
  const events: string[] = [];
  const platform = createFake({
    onSocket: socket =>
      serve(socket, () => {
        if (failures-- > 0) return { errno: 16 };
        return { data: interfaces.map(link => linkMessage(16, link)) };
      }),
  });
  const monitor = new LinkMonitor(platform, {
    changed: (link: Link, before: Link | null) =>
      events.push(`${before ? 'changed' : 'new'} ${link.name} ${link.running ? 'running' : 'off'}`),
    removed: (link: Link) => events.push(`removed ${link.name}`),
    ready: () => events.push('ready'),
  });
  const socket = platform.sockets[0] as FakeSocket;
  return { events, interfaces, monitor, platform, socket };
}

test('interfaces are known once the first list is read', t => {
  const { events, monitor, platform } = setUp([
    { index: 1, name: 'lo', flags: UP },
    { index: 2, name: 'eth0', flags: 0 },
  ]);
  platform.clock.settle();
  t.deepEqual(events, ['new lo running', 'new eth0 off', 'ready']);
  t.is(monitor.byName('eth0')?.index, 2);
  t.is(monitor.byIndex(1)?.name, 'lo');
  t.is(monitor.byName('eth9'), null);
});

test('changes and removals are told once', t => {
  const { events, monitor, platform, socket } = setUp([{ index: 2, name: 'eth0', flags: 0 }]);
  platform.clock.settle();
  events.length = 0;
  notify(socket, linkMessage(16, { index: 2, name: 'eth0', flags: UP }));
  notify(socket, linkMessage(16, { index: 2, name: 'eth0', flags: UP }));
  notify(socket, linkMessage(17, { index: 2, name: 'eth0', flags: 0 }));
  notify(socket, linkMessage(17, { index: 2, name: 'eth0', flags: 0 }));
  platform.clock.settle();
  t.deepEqual(events, ['changed eth0 running', 'removed eth0']);
  t.is(monitor.byName('eth0'), null);
});

test('after lost notifications the difference is told', t => {
  const { events, interfaces, platform, socket } = setUp([
    { index: 2, name: 'eth0', flags: UP },
    { index: 3, name: 'eth1', flags: UP },
  ]);
  platform.clock.settle();
  events.length = 0;
  interfaces.splice(0, 2, { index: 3, name: 'eth1', flags: 0 }, { index: 4, name: 'eth2', flags: UP });
  const receive = socket.receive.bind(socket);
  let once = true;
  socket.receive = () => {
    if (!once) return receive();
    once = false;
    throw systemError('ENOBUFS', 'recvmsg', '3');
  };
  notify(socket, linkMessage(16, { index: 2, name: 'eth0', flags: UP }));
  platform.clock.settle();
  t.true(events.includes('removed eth0'));
  t.true(events.includes('changed eth1 off'));
  t.true(events.includes('new eth2 running'));
});

test('a list that cannot be read is asked for again', t => {
  const { events, platform } = setUp([{ index: 2, name: 'eth0', flags: UP }], 2);
  platform.clock.settle();
  t.deepEqual(events, []);
  platform.clock.advance(2500);
  t.deepEqual(events, ['new eth0 running', 'ready']);
});

test('closing ends it without another word', t => {
  const { events, monitor, platform, socket } = setUp([{ index: 2, name: 'eth0', flags: UP }]);
  monitor.close();
  platform.clock.advance(5000);
  t.deepEqual(events, []);
  t.true(socket.closed);
});

test('a list that was read while something changed is read again', t => {
  const lists = [[{ index: 2, name: 'eth0', flags: 0 }], [{ index: 2, name: 'eth0', flags: UP }]];
  const events: string[] = [];
  const platform = createFake({
    onSocket: socket =>
      serve(socket, () => {
        const list = lists.shift() ?? [];
        if (lists.length > 0) notify(socket, linkMessage(16, { index: 2, name: 'eth0', flags: UP }));
        return { data: list.map(link => linkMessage(16, link)) };
      }),
  });
  new LinkMonitor(platform, {
    changed: link => events.push(`${link.name} ${link.running ? 'running' : 'off'}`),
    removed: link => events.push(`removed ${link.name}`),
    ready: () => events.push('ready'),
  });
  platform.clock.settle();
  t.deepEqual(events, ['eth0 running', 'ready']);
  t.is(lists.length, 0);
});
