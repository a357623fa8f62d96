import test from 'ava';
import { NetlinkConnection } from '../../src/netlink/connection.ts';
import { isNetlinkError, NetlinkError } from '../../src/netlink/errors.ts';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { MessageWriter, NLM_F_DUMP } from '../../src/netlink/writer.ts';
import { createFake, type FakeSocket, systemError } from '../../src/platform/fake.ts';
import { NETLINK_ROUTE } from '../../src/platform/linux.ts';
import { doneMessage, errorMessage, notify, type Reply, serve, stamped } from './kernel.ts';

const kernel = { family: 'netlink', port: 0, groups: 0 } as const;

function open(handle?: (request: Message) => Reply) {
  const notifications: number[] = [];
  let overruns = 0;
  const platform = createFake({ onSocket: socket => handle && serve(socket, handle) });
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE, {
    groups: 1,
    onNotification: message => notifications.push(message.type),
    onOverrun: () => {
      overruns += 1;
    },
  });
  const socket = platform.sockets[0] as FakeSocket;
  return { platform, connection, socket, notifications, overruns: () => overruns };
}

function request(type = 20): Uint8Array {
  return new MessageWriter(type, 0).put32(0).finish();
}

function dump(): Uint8Array {
  return new MessageWriter(18, NLM_F_DUMP).put32(0).finish();
}

/** Errors by code, successes as 'ok', in the order they came. */
function collect() {
  const results: string[] = [];
  return { results, done: (error: NetlinkError | null) => results.push(error ? error.message : 'ok') };
}

function sequences(data: Uint8Array): number[] {
  const all: number[] = [];
  readMessages(data, message => all.push(message.sequence));
  return all;
}

test('a request is acknowledged', t => {
  const { connection, platform } = open(() => ({}));
  const { results, done } = collect();
  connection.post(request(), done);
  t.deepEqual(results, []);
  platform.clock.settle();
  t.deepEqual(results, ['ok']);
});

test("a refusal carries the errno by name and the kernel's words", async t => {
  const { connection, platform } = open(() => ({ errno: 22, text: 'ipv4: Invalid prefix length' }));
  const failed = connection.request(request());
  platform.clock.settle();
  const error = await t.throwsAsync(failed, { instanceOf: NetlinkError });
  t.is(error.code, 'EINVAL');
  t.is(error.message, 'EINVAL: ipv4: Invalid prefix length');
  t.true(isNetlinkError(error, 'ENOENT', 'EINVAL'));
  t.false(isNetlinkError(error, 'ENOENT'));
});

test('the words of an error are found behind a request that came back whole', t => {
  const { connection, platform, socket } = open();
  const { results, done } = collect();
  connection.post(request(), done);
  // An error without NLM_F_CAPPED repeats the whole request of 20 bytes.
  const message = new Uint8Array(16 + 4 + 20 + 8);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 0x200, true);
  view.setUint32(8, 1, true);
  view.setInt32(16, -1, true);
  view.setUint32(20, 20, true);
  message.set([7, 0, 1, 0, 0x6e, 0x6f, 0], 40);
  socket.deliver(message, kernel);
  platform.clock.settle();
  t.deepEqual(results, ['EPERM: no']);
});

test('a dump gathers what decode returns', async t => {
  const data = [request(16), request(99), request(16)];
  const { connection, platform } = open(() => ({ data }));
  const answer = connection.query(dump(), message => (message.type === 16 ? message.type : null));
  platform.clock.settle();
  t.deepEqual(await answer, [16, 16]);
});

test('a dump that changed under way is read anew, and without what was read before', async t => {
  let asked = 0;
  const { connection, platform } = open(() => {
    asked += 1;
    return { data: [request(16)], interrupted: asked < 3 };
  });
  const answer = connection.query(dump(), message => message.type);
  platform.clock.settle();
  t.deepEqual(await answer, [16]);
  t.is(asked, 3);
});

test('a dump that never stands still fails', t => {
  const { connection, platform } = open(() => ({ data: [request(16)], interrupted: true }));
  const { results, done } = collect();
  connection.ask(dump(), message => message.type, done);
  platform.clock.settle();
  t.deepEqual(results, ['EINTR: changed each time it was read']);
});

test('an error at the end of a dump is its result', t => {
  const { connection, platform } = open(() => ({ data: [request(16)], errno: 95 }));
  const { results, done } = collect();
  connection.ask(dump(), message => message.type, done);
  platform.clock.settle();
  t.deepEqual(results, ['EOPNOTSUPP']);
});

test('requests beyond the window wait, then go out together', t => {
  const { connection, platform, socket } = open();
  const { results, done } = collect();
  for (let count = 0; count < 50; count += 1) connection.post(request(), done);
  t.is(socket.sent.length, 32);
  for (let sequence = 1; sequence <= 32; sequence += 1) {
    socket.deliver(errorMessage(sequence, 0), kernel);
  }
  platform.clock.settle();
  t.is(results.length, 32);
  t.is(socket.sent.length, 33);
  t.deepEqual(
    sequences(socket.sent[32]!.data),
    Array.from({ length: 18 }, (_, index) => 33 + index),
  );
});

test('one dump is asked for at a time, because the kernel refuses a second one', t => {
  const { connection, platform, socket } = open();
  const { results, done } = collect();
  connection.ask(dump(), message => message.type, done);
  connection.ask(dump(), message => message.type, done);
  t.is(socket.sent.length, 1);
  socket.deliver(doneMessage(1), kernel);
  platform.clock.settle();
  t.is(socket.sent.length, 2);
  socket.deliver(doneMessage(2), kernel);
  platform.clock.settle();
  t.deepEqual(results, ['ok', 'ok']);
});

test('a series is one datagram, costs one acknowledgement and tells what became of each', async t => {
  const { connection, platform, socket } = open();
  const all = connection.series([request(20), request(21), request(22), request(23)]);
  t.deepEqual(sequences(socket.sent[0]!.data), [1, 2, 3, 4]);
  const acknowledged: boolean[] = [];
  readMessages(socket.sent[0]!.data, message => acknowledged.push((message.flags & 4) !== 0));
  t.deepEqual(acknowledged, [false, false, false, true]);
  socket.deliver(errorMessage(2, 17, 'there already'), kernel);
  socket.deliver(errorMessage(4, 0), kernel);
  platform.clock.settle();
  t.deepEqual(
    (await all).map(error => error?.message ?? null),
    [null, 'EEXIST: there already', null, null],
  );
});

test('a series may end with a refusal', async t => {
  const { connection, platform, socket } = open();
  const all = connection.series([request(20), request(21)]);
  socket.deliver(errorMessage(2, 2), kernel);
  platform.clock.settle();
  t.deepEqual(
    (await all).map(error => error?.code ?? null),
    [null, 'ENOENT'],
  );
});

test('a series whose answer is lost failed in every part', async t => {
  const { connection, platform } = open();
  const all = connection.series([request(20), request(21)]);
  platform.clock.advance(5000);
  t.deepEqual(
    (await all).map(error => error?.code),
    ['ETIMEDOUT', 'ETIMEDOUT'],
  );
});

test('an empty series or transaction sends nothing', async t => {
  const { connection, socket } = open();
  t.deepEqual(await connection.series([]), []);
  await connection.transaction(request(16), [], request(17));
  t.is(socket.sent.length, 0);
});

test('a transaction is one datagram and ends with its last acknowledgement', async t => {
  const { connection, platform, socket } = open();
  const whole = connection.transaction(request(16), [request(20), request(21)], request(17));
  t.deepEqual(sequences(socket.sent[0]!.data), [1, 2, 3, 4]);
  const acknowledged: boolean[] = [];
  readMessages(socket.sent[0]!.data, message => acknowledged.push((message.flags & 4) !== 0));
  t.deepEqual(acknowledged, [false, false, true, false]);
  socket.deliver(errorMessage(3, 0), kernel);
  platform.clock.settle();
  await t.notThrowsAsync(whole);
});

test('a transaction fails with the first refusal in it', async t => {
  const { connection, platform, socket } = open();
  const whole = connection.transaction(request(16), [request(20), request(21), request(22)], request(17));
  socket.deliver(errorMessage(2, 0), kernel);
  socket.deliver(errorMessage(3, 17), kernel);
  socket.deliver(errorMessage(4, 2), kernel);
  platform.clock.settle();
  await t.throwsAsync(whole, { message: 'EEXIST' });
});

test('an error about the begin of a transaction is about all of it', async t => {
  const { connection, platform, socket } = open();
  const whole = connection.transaction(request(16), [request(20), request(21)], request(17));
  socket.deliver(errorMessage(1, 1), kernel);
  platform.clock.settle();
  await t.throwsAsync(whole, { message: 'EPERM' });
});

test('an answer that does not come is an error after the timeout, and the next request goes on', t => {
  const { connection, platform, socket } = open();
  const { results, done } = collect();
  connection.post(request(), done);
  platform.clock.advance(3000);
  connection.post(request(), done);
  platform.clock.advance(2000);
  t.deepEqual(results, ['ETIMEDOUT: no answer']);
  socket.deliver(errorMessage(1, 0), kernel);
  socket.deliver(errorMessage(2, 0), kernel);
  platform.clock.settle();
  t.deepEqual(results, ['ETIMEDOUT: no answer', 'ok']);
});

test('lost answers end what is in flight and ask for a new reading', t => {
  const { connection, platform, socket, overruns } = open();
  const { results, done } = collect();
  connection.post(request(), done);
  const receive = socket.receive.bind(socket);
  let once = true;
  socket.receive = () => {
    if (!once) return receive();
    once = false;
    throw systemError('ENOBUFS', 'recvmsg', '3');
  };
  socket.deliver(errorMessage(77, 0), kernel);
  platform.clock.settle();
  t.deepEqual(results, ['ENOBUFS: answers were lost: the socket overflowed']);
  t.is(overruns(), 1);
  connection.post(request(), done);
  socket.deliver(errorMessage(2, 0), kernel);
  platform.clock.settle();
  t.is(results[1], 'ok');
});

test('a notification is told from an answer by its group, whatever its sequence number', t => {
  const { connection, platform, socket, notifications } = open();
  const { results, done } = collect();
  connection.post(request(), done);
  notify(socket, request(20), 1);
  platform.clock.settle();
  t.deepEqual(notifications, [20]);
  t.deepEqual(results, []);
});

test('only the kernel is believed', t => {
  const { connection, platform, socket, notifications } = open();
  const { results, done } = collect();
  connection.post(request(), done);
  socket.deliver(errorMessage(1, 0), { ...kernel, port: 4711 });
  socket.deliver(request(20), { ...kernel, port: 4711, groups: 1 });
  platform.clock.settle();
  t.deepEqual(results, []);
  t.deepEqual(notifications, []);
});

test('a broken datagram ends what is in flight', t => {
  const { connection, platform, socket } = open();
  const { results, done } = collect();
  connection.post(request(), done);
  socket.deliver(stamped(request(20), 1, 0).subarray(0, 18), kernel);
  platform.clock.settle();
  t.is(results.length, 1);
  t.regex(results[0]!, /^EBADMSG/);
});

test('a message that does not fit the buffer counts as lost', t => {
  const { connection, platform, socket, overruns } = open();
  const { results, done } = collect();
  connection.post(request(), done);
  socket.deliver(request(), kernel, true);
  platform.clock.settle();
  t.regex(results[0]!, /^ENOBUFS/);
  t.is(overruns(), 1);
});

test('a failed send is the result of its requests', t => {
  const { connection, platform, socket } = open();
  const { results, done } = collect();
  socket.send = () => {
    throw systemError('EPERM', 'sendto', '3');
  };
  connection.post(request(), done);
  platform.clock.settle();
  t.is(results.length, 1);
  t.regex(results[0]!, /^EPERM/);
});

test('closing ends what is under way and what comes after', t => {
  const { connection, platform, socket } = open();
  const { results, done } = collect();
  for (let count = 0; count < 40; count += 1) connection.post(request(), done);
  connection.close();
  t.is(results.length, 40);
  t.true(socket.closed);
  connection.post(request(), done);
  platform.clock.settle();
  t.is(results.length, 41);
  t.true(results.every(result => result === 'ECANCELED: connection closed'));
});

test('a callback may send the next request', t => {
  const { connection, platform } = open(() => ({}));
  const order: number[] = [];
  connection.post(request(), () => {
    order.push(1);
    connection.post(request(), () => order.push(2));
  });
  platform.clock.settle();
  t.deepEqual(order, [1, 2]);
});
