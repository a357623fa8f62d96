import test from 'ava';
import type { IpvsTimeoutsConfig } from '../../src/director/config/config.ts';
import { compareTimeouts } from '../../src/director/ipvs/timeouts.ts';
import { Attributes, type Message } from '../../src/netlink/reader.ts';
import { MessageWriter } from '../../src/netlink/writer.ts';
import { createFake } from '../../src/platform/fake.ts';
import { type Reply, serve } from '../netlink/kernel.ts';
import { settled } from '../netlink/settled.ts';

const FAMILY = 0x21;
const RUN = '/run/director';

/** A kernel that knows nothing but the timeouts of IPVS: tcp 900, tcpfin 120, udp 300 at first. */
function world() {
  const timeouts = new Map([
    [4, 900],
    [5, 120],
    [6, 300],
  ]);
  function handle(request: Message): Reply {
    if (request.type === 16)
      return { data: [new MessageWriter(16, 0).put32(0x0201).u16(1, FAMILY).finish()] };
    const command = request.payload[0]!;
    if (command === 13) {
      const message = new MessageWriter(FAMILY, 0).put32(0x010c);
      for (const [type, seconds] of timeouts) message.u32(type, seconds);
      return { data: [message.finish()] };
    }
    const given = new Attributes(request.payload, 4);
    for (const type of timeouts.keys()) {
      const seconds = given.u32(type);
      if (seconds !== null) timeouts.set(type, seconds);
    }
    return {};
  }
  const platform = createFake({ files: { [`${RUN}/x`]: '' }, onSocket: socket => serve(socket, handle) });
  return { platform, timeouts };
}

test('only what is configured and differs is changed', async t => {
  const { platform, timeouts } = world();
  const { changes, apply } = await settled(platform, compareTimeouts(platform, RUN, { tcp: 3600, udp: 300 }));
  t.deepEqual(changes, ['IPVS timeout tcp = 3600']);
  await settled(platform, apply());
  t.deepEqual([...timeouts.values()], [3600, 120, 300]);
  const again = await settled(platform, compareTimeouts(platform, RUN, { tcp: 3600, udp: 300 }));
  t.deepEqual(again.changes, []);
  t.true(platform.sockets.every(socket => socket.closed));
});

test('what is not said any more is as it was before, also for a director that was started again', async t => {
  const { platform, timeouts } = world();
  async function enforce(wanted: IpvsTimeoutsConfig | null): Promise<readonly string[]> {
    const { changes, apply } = await settled(platform, compareTimeouts(platform, RUN, wanted));
    if (changes.length > 0) await settled(platform, apply());
    return changes;
  }
  await enforce({ tcp: 3600 });
  await enforce({ tcp: 7200, udp: 60 });
  t.deepEqual(await enforce(null), []);
  t.deepEqual([...timeouts.values()], [7200, 120, 60]);
  t.deepEqual(await enforce({ udp: 60 }), ['IPVS timeout tcp = 900']);
  // From here on it is somebody else's again.
  timeouts.set(4, 1000);
  t.deepEqual(await enforce({ udp: 60 }), []);
  t.deepEqual(await enforce({}), ['IPVS timeout udp = 300']);
  t.deepEqual([...timeouts.values()], [1000, 120, 300]);
  t.deepEqual(await enforce({}), []);
});

test('without timeouts in the configuration nothing is asked', async t => {
  const { platform } = world();
  t.deepEqual((await compareTimeouts(platform, RUN, {})).changes, []);
  t.deepEqual((await compareTimeouts(platform, RUN, null)).changes, []);
  t.deepEqual(platform.sockets, []);
});
