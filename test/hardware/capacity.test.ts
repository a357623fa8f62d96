// The calculation of `director capacity`, worked by hand beside it.
import test from 'ava';
import {
  bitsFor,
  COSTS,
  capacityOf,
  memoryOfClients,
  needOf,
  packetRate,
} from '../../src/director/hardware/capacity.ts';

const MIB = 2 ** 20;

test('a net4801 with 104 MiB free', t => {
  const room = { megahertz: 266, free: 104 * MIB, connections: 0, buckets: 1024, packets: 0 };
  // (104 - 8) MiB / 196 bytes
  const connections = 513_588;
  // 266 MHz x 0.8 / (6800 x 2.5), and / (3600 x 1)
  const packets = { least: 12_517, most: 59_111 };
  t.deepEqual(capacityOf(room), {
    connections,
    packets,
    packetsLeft: packets,
    perBucket: 501.6,
    bits: 19,
    newPerSecond: { least: 4279, most: 8559 },
  });
});

test('what is in use is part of what fits, and no longer left', t => {
  const room = { megahertz: 266, free: 8 * MIB, connections: 5000, buckets: 4096, packets: 20_000 };
  const { connections, packetsLeft } = capacityOf(room);
  t.is(connections, 5000);
  t.deepEqual(packetsLeft, { least: 0, most: 39_111 });
  t.is(capacityOf({ ...room, free: 0, connections: 0 }).connections, 0);
});

test('300 requests and 150 kB a second: 500 bytes for each, acknowledged once', t => {
  const need = needOf({ requests: 300, answers: 150_000 }, 266);
  t.is(need.packetsPerRequest, 6);
  t.is(need.packets, 1800);
  // 300 a second x 120 s, of 196 bytes, in a table of 2^16 pointers
  t.is(need.connections, 36_000);
  t.is(need.bits, 16);
  t.is(need.memory, 36_000 * 196 + 65_536 * 4);
  const whole = packetRate(266, { ...COSTS, share: 1 });
  t.is(need.processor.least, 1800 / whole.most);
  t.true(need.processor.least > 0.02 && need.processor.most < 0.12);
});

test('longer answers are acknowledged every other segment', t => {
  t.is(needOf({ requests: 10, answers: 10 * 29_200 }, 266).packetsPerRequest, 15);
  t.is(needOf({ requests: 10, answers: 0 }, 266).packetsPerRequest, 6);
});

test('each packet a new client, as the LVS-HOWTO counts: 2,000 a second take 22 MiB, 25,000 more than a net4801 has', t => {
  t.is(Math.round(memoryOfClients(2000) / MIB), 22);
  t.is(Math.round(memoryOfClients(25_000) / MIB), 280);
});

test('the table of connections has a bucket for each, between its smallest and largest size', t => {
  t.is(bitsFor(0), 8);
  t.is(bitsFor(256), 8);
  t.is(bitsFor(257), 9);
  t.is(bitsFor(1e9), 20);
});
