import test from 'ava';
import { base, packetTimes, virtualTime } from '../../../scripts/bench/virtual-clock.ts';

function record(seconds: number, microseconds: number, protocol: number): Buffer {
  const packet = Buffer.alloc(14 + 20);
  packet.writeUInt16BE(0x0800, 12);
  packet[23] = protocol;
  const header = Buffer.alloc(16);
  header.writeUInt32LE(base + seconds, 0);
  header.writeUInt32LE(microseconds, 4);
  header.writeUInt32LE(packet.length, 8);
  header.writeUInt32LE(packet.length, 12);
  return Buffer.concat([header, packet]);
}

test('the packets of a protocol are found in a capture, with their times since power-on', t => {
  const capture = Buffer.concat([
    Buffer.alloc(24),
    record(1, 0, 17),
    record(2, 250_000, 112),
    record(3, 0, 112),
  ]);
  t.deepEqual(packetTimes(capture, 112), [2.25, 3]);
  t.deepEqual(packetTimes(capture, 6), []);
  t.deepEqual(packetTimes(capture.subarray(0, capture.length - 1), 112), [2.25], 'the last is not whole yet');
});

test('the real-time clock tells how often the power management timer has wrapped', async t => {
  const seconds = 11.5;
  const ticks = Math.round(seconds * 3_579_545) & 0xffffff;
  const qmp = {
    human: async () => `portl[0x0608] = 0x${ticks.toString(16)}\r\n`,
    execute: async () => ({ tm_hour: 0, tm_min: 0, tm_sec: 11 }),
  };
  t.true(Math.abs((await virtualTime(qmp)) - seconds) < 1e-6);
});
