// Who wrote: texts of /proc, and what follows from two looks.
import test from 'ava';
import type { Device } from '../../src/director/flash/counters.ts';
import { parseDirty } from '../../src/director/telemetry/dirty.ts';
import {
  deviceOf,
  differWriters,
  isOpenForWriting,
  parseMounts,
  parseWritten,
} from '../../src/director/telemetry/writers.ts';

const IO = `rchar: 323934931
wchar: 323929600
syscr: 632687
syscw: 632675
read_bytes: 0
write_bytes: 323932160
cancelled_write_bytes: 4096
`;

function device(name: string, major: number, minor: number): Device {
  const counters = {
    ...{ reads: 0, sectorsRead: 0, writes: 0, sectorsWritten: 0 },
    ...{ sectorsDiscarded: null, flushes: null },
  };
  return { name, major, minor, counters };
}

const DISKS = [device('sda', 8, 0), device('sda1', 8, 1), device('sda4', 8, 4)];

test('what a process wrote is write_bytes', t => {
  t.is(parseWritten(IO), 323_932_160);
  t.is(parseWritten('cancelled_write_bytes: 4096\n'), null);
});

test('between two looks counts what is more, of new processes all, and of those with an old number all', t => {
  const before = new Map([
    [1, 0],
    [7, 4096],
    [9, 8192],
  ]);
  const after = new Map([
    [1, 0],
    [7, 12_288],
    [9, 512],
    [20, 1024],
  ]);
  t.deepEqual(differWriters(before, after), [
    { pid: 7, bytes: 8192 },
    { pid: 9, bytes: 512 },
    { pid: 20, bytes: 1024 },
  ]);
  t.deepEqual(differWriters(null, after), []);
});

const MOUNTINFO = `21 26 0:20 / /sys rw,nosuid - sysfs sysfs rw
26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 26 0:26 / /tmp rw - tmpfs tmpfs rw
31 26 8:4 / /mnt/a\\040card rw - vfat /dev/sda4 rw
`;

test('a path is on the device of the longest mount above it', t => {
  const mounts = parseMounts(MOUNTINFO, DISKS);
  t.deepEqual(mounts, [
    { device: 'sda4', path: '/mnt/a card' },
    { device: 'sda1', path: '' },
  ]);
  t.is(deviceOf('/mnt/a card/log', DISKS, mounts), 'sda4');
  t.is(deviceOf('/var/log/messages', DISKS, mounts), 'sda1');
  t.is(deviceOf('/dev/sda', DISKS, mounts), 'sda');
  t.is(deviceOf('/dev/null', DISKS, mounts), null);
  t.is(deviceOf('socket:[1234]', DISKS, mounts), null);
  t.is(deviceOf('/mnt/a card/log', DISKS, parseMounts('', DISKS)), null);
});

test('a file is open for writing by the last bits of its flags', t => {
  const flags = (octal: string) => `pos:\t0\nflags:\t${octal}\nmnt_id:\t26\n`;
  t.true(isOpenForWriting(flags('0100001')));
  t.true(isOpenForWriting(flags('0102002')));
  t.false(isOpenForWriting(flags('0100000')));
  t.false(isOpenForWriting(''));
});

test('dirty pages are those that wait and those under way', t => {
  t.is(
    parseDirty('MemFree:  1000 kB\nDirty:        36 kB\nWriteback:     4 kB\nWritebackTmp:     9 kB\n'),
    40 << 10,
  );
  t.is(parseDirty('MemFree: 1 kB\n'), null);
});
