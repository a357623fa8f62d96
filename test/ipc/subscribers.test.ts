import test from 'ava';
import { openClient } from '../../src/director/ipc/client.ts';
import { openConnection } from '../../src/director/ipc/connection.ts';
import { type Peer, serve } from '../../src/director/ipc/server.ts';
import { Subscribers } from '../../src/director/ipc/subscribers.ts';
import { createFake, type FakeSocket } from '../../src/platform/fake.ts';
import { createConnected, settle } from './unix-network.ts';

const PATH = '/run/x.sock';

function world(limit?: number) {
  const platform = createConnected({ files: { '/run/other': '' } });
  const subscribers = new Subscribers(limit);
  const server = serve(platform, PATH, (command, _argument, peer) => {
    if (command === 'subscribe') subscribers.add(peer);
    return null;
  });
  const connect = () => {
    const heard: unknown[] = [];
    const client = openClient(platform, PATH, { onPush: message => heard.push(message) });
    return { client, heard };
  };
  return { platform, server, subscribers, connect };
}

test('who subscribed is told everything from then on, once, and nobody else is', async t => {
  const { platform, subscribers, connect } = world();
  const one = connect();
  const other = connect();
  subscribers.push({ event: 0 });
  one.client.request('subscribe');
  one.client.request('subscribe');
  other.client.request('status');
  await settle(platform);
  subscribers.push({ event: 1 });
  subscribers.push({ event: 2 });
  await settle(platform);
  t.deepEqual(one.heard, [{ event: 1 }, { event: 2 }]);
  t.deepEqual(other.heard, []);
});

test('who is gone is forgotten', async t => {
  const { platform, subscribers, connect } = world();
  const one = connect();
  one.client.request('subscribe').catch(() => {});
  await settle(platform);
  one.client.close();
  await settle(platform);
  t.notThrows(() => subscribers.push({ event: 1 }));
});

/** A peer that reads when the test says so. */
class SlowPeer implements Peer {
  readonly heard: unknown[] = [];
  queued = 0;
  drained = () => {};
  push(message: unknown): void {
    this.heard.push(message);
    this.queued += 10;
  }
  onDrained(callback: () => void): void {
    this.drained = callback;
  }
  onGone(): void {}
  read(): void {
    this.queued = 0;
    this.drained();
  }
}

test('a slow subscriber loses what it has no room for, is told how much, and goes on; the others lose nothing', t => {
  const subscribers = new Subscribers(20);
  const slow = new SlowPeer();
  const quick = new SlowPeer();
  subscribers.add(slow);
  subscribers.add(quick);
  for (let event = 0; event < 6; event++) {
    subscribers.push(event);
    quick.read();
  }
  t.deepEqual(slow.heard, [0, 1, 2]);
  slow.read();
  subscribers.push(6);
  t.deepEqual(slow.heard, [0, 1, 2, { lost: 3 }, 6]);
  t.deepEqual(quick.heard, [0, 1, 2, 3, 4, 5, 6]);
});

test('a connection says when what had to wait has been sent', t => {
  const platform = createFake();
  const socket = platform.socket(1, 1, 0) as FakeSocket;
  let drained = 0;
  socket.connecting = 'at once';
  const connection = openConnection(socket, {
    onMessage() {},
    onClose() {},
    onDrained: () => drained++,
  });
  connection.send(1);
  t.is(drained, 0);
  socket.blocked = true;
  connection.send(2);
  connection.send(3);
  t.is(connection.queued, 4);
  socket.unblock();
  platform.clock.settle();
  t.is(drained, 1);
  t.is(connection.queued, 0);
  t.is(socket.sent.length, 3);
});
