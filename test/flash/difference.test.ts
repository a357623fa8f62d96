// What lies between two readings: wraps, reboots, cards that are pulled and come back.
import test from 'ava';
import { differ } from '../../src/director/flash/difference.ts';
import { counters, device, reading } from './readings.ts';

const HOUR = 3_600_000;

test('between two readings of one boot the counters are subtracted, for disks and partitions alike', t => {
  const before = reading(1000, [
    device('sda', { reads: 10, sectorsRead: 80, writes: 5, sectorsWritten: 40, flushes: 2 }),
    device('sda4', { writes: 5, sectorsWritten: 40 }),
  ]);
  const after = reading(6000, [
    device('sda', { reads: 11, sectorsRead: 88, writes: 7, sectorsWritten: 56, flushes: 3 }),
    device('sda4', { writes: 7, sectorsWritten: 56 }),
  ]);
  t.deepEqual(differ(before, after), {
    to: 6000,
    reboot: 'no',
    gone: [],
    devices: [
      {
        name: 'sda',
        origin: 'counted',
        covered: 5000,
        counters: counters({ reads: 1, sectorsRead: 8, writes: 2, sectorsWritten: 16, flushes: 1 }),
      },
      {
        name: 'sda4',
        origin: 'counted',
        covered: 5000,
        counters: counters({ writes: 2, sectorsWritten: 16 }),
      },
    ],
  });
});

test('a counter that wraps at 32 bits goes on', t => {
  const before = reading(0, [device('sda', { writes: 900, sectorsWritten: 4_294_967_290 })]);
  const after = reading(5000, [device('sda', { writes: 902, sectorsWritten: 10 })]);
  const [disk] = differ(before, after).devices;
  t.is(disk!.origin, 'counted');
  t.is(disk!.counters.sectorsWritten, 16);
  t.is(disk!.counters.writes, 2);
});

test('the same numbers after a reboot are no wrap: all since the start counts', t => {
  const before = reading(0, [device('sda', { writes: 900, sectorsWritten: 4_294_967_290 })]);
  const after = reading(5000, [device('sda', { writes: 2, sectorsWritten: 10 })], {
    boot: 'boot-2',
    uptime: 3000,
  });
  const difference = differ(before, after);
  t.is(difference.reboot, 'yes');
  t.deepEqual(difference.devices[0], {
    name: 'sda',
    origin: 'booted',
    covered: 3000,
    counters: counters({ writes: 2, sectorsWritten: 10 }),
  });
});

test('after a reboot counters may be higher than before; the boot id tells', t => {
  const before = reading(0, [device('sda', { writes: 9, sectorsWritten: 72 })]);
  const after = reading(HOUR, [device('sda', { writes: 20, sectorsWritten: 160 })], { boot: 'boot-2' });
  const difference = differ(before, after);
  t.is(difference.reboot, 'yes');
  t.is(difference.devices[0]!.counters.sectorsWritten, 160);
  t.is(difference.devices[0]!.covered, HOUR);
});

test('a clock that begins anew with the boot is no fault, one that runs backwards is', t => {
  const before = reading(HOUR, [device('sda')]);
  t.is(differ(before, reading(50, [device('sda')], { boot: 'boot-2', uptime: 50 })).devices[0]!.covered, 50);
  t.throws(() => differ(before, reading(HOUR - 1, [device('sda')])), { instanceOf: RangeError });
});

test('without boot ids the uptime tells a reboot', t => {
  const at = (time: number, uptime: number, sectorsWritten: number) =>
    reading(time, [device('sda', { sectorsWritten })], { boot: null, uptime });
  t.is(differ(at(0, HOUR, 100), at(5000, HOUR + 5000, 108)).reboot, 'no');
  t.is(differ(at(0, HOUR, 100), at(5000, 4000, 108)).reboot, 'yes');
  // It has been up for longer than before, but for less than the time between.
  t.is(differ(at(0, HOUR, 100), at(4 * HOUR, 3 * HOUR, 108)).reboot, 'yes');
  // A clock that was set by half a minute is no reboot.
  t.is(differ(at(0, HOUR, 100), at(HOUR + 30_000, 2 * HOUR, 108)).reboot, 'no');
});

test('without boot ids and uptimes a reboot is assumed when all counters began anew', t => {
  const unknown = { boot: null };
  const before = reading(0, [device('sda', { reads: 900, writes: 50, sectorsWritten: 400 })], unknown);
  const after = reading(5000, [device('sda', { reads: 90, writes: 2, sectorsWritten: 16 })], unknown);
  t.is(differ(before, after).reboot, 'assumed');
  const grown = reading(5000, [device('sda', { reads: 901, writes: 51, sectorsWritten: 408 })], unknown);
  t.is(differ(before, grown).reboot, 'no');
});

test('without boot ids one device that begins anew beside one that goes on was replaced', t => {
  const unknown = { boot: null };
  const before = reading(0, [device('sda', { reads: 900 }), device('sdb', { reads: 500 })], unknown);
  const after = reading(5000, [device('sda', { reads: 905 }), device('sdb', { reads: 4 })], unknown);
  const difference = differ(before, after);
  t.is(difference.reboot, 'no');
  t.deepEqual(
    difference.devices.map(({ origin, counters: { reads } }) => [origin, reads]),
    [
      ['counted', 5],
      ['replaced', 4],
    ],
  );
});

test('a fall that no card could have wrapped over is a card that was pulled and is back', t => {
  const before = reading(0, [device('sda', { writes: 50, sectorsWritten: 400 })]);
  const after = reading(5000, [device('sda', { writes: 1, sectorsWritten: 8 })]);
  t.like(differ(before, after).devices[0], { origin: 'replaced', counters: { sectorsWritten: 8 } });
});

test('when two counters fell, both began anew, however long the time between', t => {
  const before = reading(0, [device('sda', { writes: 4_294_967_290, sectorsWritten: 4_294_967_290 })]);
  const after = reading(10 * HOUR, [device('sda', { writes: 1, sectorsWritten: 8 })]);
  t.is(differ(before, after).devices[0]!.origin, 'replaced');
});

test('a counter of the lower half did not wrap, however long the time between', t => {
  const before = reading(0, [device('sda', { writes: 5, sectorsWritten: 100_000 })]);
  const after = reading(10 * HOUR, [device('sda', { writes: 6, sectorsWritten: 500 })]);
  t.is(differ(before, after).devices[0]!.origin, 'replaced');
});

test('counters of 64 bits do not wrap at 32', t => {
  const before = reading(0, [device('sda', { sectorsWritten: 2 ** 32 + 5 })]);
  const after = reading(10 * HOUR, [device('sda', { sectorsWritten: 7 })]);
  t.is(differ(before, after).devices[0]!.origin, 'replaced');
});

test('another device number behind an old name is another device', t => {
  const before = reading(0, [device('sda', { reads: 5 })]);
  const after = reading(5000, [{ ...device('sda', { reads: 9 }), major: 3 }]);
  t.like(differ(before, after).devices[0], { origin: 'replaced', counters: { reads: 9 } });
});

test('devices come and go', t => {
  const before = reading(0, [device('sda', { reads: 5 }), device('sdb', { reads: 5 })]);
  const after = reading(5000, [device('sda', { reads: 5 }), device('sdc', { reads: 3 })]);
  const difference = differ(before, after);
  t.deepEqual(difference.gone, ['sdb']);
  t.like(difference.devices[1], { name: 'sdc', origin: 'appeared', counters: { reads: 3 }, covered: 5000 });
});

test('the first reading counts from the start of the system when its uptime is known', t => {
  const devices = [device('sda', { writes: 3, sectorsWritten: 24, flushes: 1 })];
  t.like(differ(null, reading(90_000, devices, { uptime: 40_000 })).devices[0], {
    origin: 'booted',
    covered: 40_000,
    counters: { sectorsWritten: 24 },
  });
  t.deepEqual(differ(null, reading(90_000, devices)).devices[0], {
    name: 'sda',
    origin: 'baseline',
    covered: 0,
    counters: counters({ flushes: 0 }),
  });
});

test('what only one of two readings counts is not counted', t => {
  const before = reading(0, [device('sda', { flushes: null })]);
  const after = reading(5000, [device('sda', { flushes: 7 })]);
  t.is(differ(before, after).devices[0]!.counters.flushes, 0);
});
