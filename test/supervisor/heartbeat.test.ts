import test from 'ava';
import {
  BEAT_INTERVAL,
  type HeartbeatEvents,
  SUPERVISOR_FD,
  startHeartbeat,
} from '../../src/director/heartbeat.ts';
import { createFake, FakeExit, FakeSocket, join } from '../../src/platform/fake.ts';

function start(events: HeartbeatEvents = {}) {
  const platform = createFake();
  const [near, far] = [3, 4].map(fd => new FakeSocket(platform.clock, fd, 1, 5, 0)) as [
    FakeSocket,
    FakeSocket,
  ];
  join(near, far);
  platform.processes.farEnds.set(SUPERVISOR_FD, near);
  const messages: unknown[] = [];
  const link = startHeartbeat(platform, {
    ...events,
    onMessage(message) {
      messages.push(message);
    },
  });
  const heard = () => {
    const texts: string[] = [];
    for (let datagram = far.receive(); datagram !== null; datagram = far.receive()) {
      texts.push(new TextDecoder().decode(datagram.data));
    }
    return texts;
  };
  return { platform, near, far, messages, link, heard };
}

test('a child beats at once and then four times a second', t => {
  const { platform, heard } = start();
  t.deepEqual(heard(), ['{}']);
  platform.clock.advance(1000);
  t.is(BEAT_INTERVAL, 250);
  t.deepEqual(heard(), ['{}', '{}', '{}', '{}']);
});

test('messages go both ways', t => {
  const { platform, far, messages, link, heard } = start();
  heard();
  link.send({ stop: 2 });
  t.deepEqual(heard(), ['{"stop":2}']);
  far.send(new TextEncoder().encode('{"reload":true}'));
  platform.clock.settle();
  t.deepEqual(messages, [{ reload: true }]);
});

test('a child whose supervisor is gone ends', t => {
  const { platform, far } = start();
  far.close();
  t.throws(() => platform.clock.settle(), { instanceOf: FakeExit });
  t.is(platform.processes.exited, 1);
});

test('a child that has to say goodbye first is told once', t => {
  let told = 0;
  const { platform, far } = start({
    onOrphaned() {
      told++;
    },
  });
  far.close();
  platform.clock.advance(5000);
  t.is(told, 1);
});

test('a child that cannot beat ends', t => {
  const { platform, near } = start();
  near.refused('EPIPE');
  t.throws(() => platform.clock.advance(BEAT_INTERVAL), { instanceOf: FakeExit });
});
