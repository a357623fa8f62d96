// /proc/diskstats and /proc/partitions of all kernels that have them, and what is wrong with texts that are neither.
import test from 'ava';
import { CounterSyntaxError, diskOf, isMemory } from '../../src/director/flash/counters.ts';
import { parseDiskstats } from '../../src/director/flash/diskstats.ts';
import { parsePartitions } from '../../src/director/flash/partitions.ts';
import { Random } from '../simulation/random.ts';

/** The line and column that a text is refused at, with the message. */
function refusal(parse: (text: string) => unknown, text: string): [number, number, string] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof CounterSyntaxError) return [error.line, error.column, error.message];
    throw error;
  }
  throw new Error('the text was read');
}

const CURRENT = `   8       0 sda 1527 1259 34331 1548 358 24 2867 319 0 212 1974 81 85 3406 105 24 72
   8       4 sda4 3 0 24 1 2 0 16 2 0 4 4 0 0 0 0 0 0
`;

test('a line of 20 columns has discards and flushes (Linux 5.5 and later)', t => {
  const [disk, partition] = parseDiskstats(CURRENT);
  t.deepEqual(disk, {
    major: 8,
    minor: 0,
    name: 'sda',
    counters: {
      reads: 1527,
      sectorsRead: 34_331,
      writes: 358,
      sectorsWritten: 2867,
      sectorsDiscarded: 3406,
      flushes: 24,
    },
  });
  t.is(partition!.name, 'sda4');
  t.is(partition!.counters.sectorsWritten, 16);
  t.is(partition!.counters.flushes, 0);
});

test('a line of 18 columns has discards (Linux 4.18 to 5.4)', t => {
  const text =
    '   3    0   hda 446216 784926 9550688 4382310 424847 312726 5922052 19310380 0 3376340 23705160 7 1 56 2\n';
  t.deepEqual(parseDiskstats(text)[0]!.counters, {
    reads: 446_216,
    sectorsRead: 9_550_688,
    writes: 424_847,
    sectorsWritten: 5_922_052,
    sectorsDiscarded: 56,
    flushes: null,
  });
});

test('lines of 14 and of 7 columns stand side by side (Linux 2.6.0 to 2.6.24)', t => {
  const text = `   3    0 hda 446216 784926 9550688 4382310 424847 312726 5922052 19310380 0 3376340 23705160
   3    1 hda1 35486 38030 38031 38032
`;
  const [disk, partition] = parseDiskstats(text);
  t.is(disk!.counters.sectorsWritten, 5_922_052);
  t.is(disk!.counters.sectorsDiscarded, null);
  t.deepEqual(partition!.counters, {
    reads: 35_486,
    sectorsRead: 38_030,
    writes: 38_031,
    sectorsWritten: 38_032,
    sectorsDiscarded: null,
    flushes: null,
  });
});

test('nothing, blank lines and a last line without its end are read', t => {
  t.deepEqual(parseDiskstats(''), []);
  t.deepEqual(parsePartitions(''), []);
  t.is(parseDiskstats('\n\n 8 0 sda 1 2 3 4\n\n 8 1 sda1 1 2 3 4').length, 2);
});

test('requests in flight may be below zero, as some kernels say', t => {
  const line = (inFlight: string) => `3 0 hda 1 2 3 4 5 6 7 8 ${inFlight} 10 11\n`;
  t.is(parseDiskstats(line('-2'))[0]!.counters.writes, 5);
  t.deepEqual(refusal(parseDiskstats, line('--2')), [
    1,
    25,
    "line 1, column 25: the number of requests in flight should be a number, not '--2'",
  ]);
});

test('a wrong number of columns is refused at the last one', t => {
  t.deepEqual(refusal(parseDiskstats, ' 8 0 sda 1 2 3 4\n 8 1 sda1 1 2 3 4 5\n'), [
    2,
    19,
    'line 2, column 19: /proc/diskstats has 7, 14, 18 or 20 columns, not 8',
  ]);
});

test('what is no number is refused where it stands, and named', t => {
  t.deepEqual(refusal(parseDiskstats, '\n   8   0 sda 1 2 3x 4\n'), [
    2,
    18,
    "line 2, column 18: writes should be a number, not '3x'",
  ]);
  t.deepEqual(refusal(parseDiskstats, '8 -1 sda 1 2 3 4').slice(0, 2), [1, 3]);
  t.deepEqual(refusal(parseDiskstats, `8 1 sda 1 2 3 ${'9'.repeat(21)}`).slice(0, 2), [1, 15]);
  t.deepEqual(
    refusal(parseDiskstats, 'x 1 sda 1 2 3 4')[2],
    "line 1, column 1: the major number should be a number, not 'x'",
  );
});

test('a device that stands there twice is refused: two texts were run together', t => {
  t.deepEqual(refusal(parseDiskstats, '8 0 sda 1 2 3 4\n8 0 sda 1 2 3 4\n'), [
    2,
    5,
    "line 2, column 5: 'sda' stands here a second time",
  ]);
});

test('the largest count of 64 bits is read, rounded', t => {
  t.is(parseDiskstats('8 0 sda 18446744073709551615 2 3 4')[0]!.counters.reads, 2 ** 64);
});

test('the lines of a text are counted from where it begins', t => {
  t.throws(() => parseDiskstats('8 0 sda 1', 40), { message: /^line 40, column 9: / });
});

test('/proc/partitions of today has sizes and no counters', t => {
  const text = `major minor  #blocks  name

   8        0     125440 sda
   8        4       9216 sda4
`;
  t.deepEqual(parsePartitions(text), [
    { major: 8, minor: 0, name: 'sda', size: 125_440 * 1024, counters: null },
    { major: 8, minor: 4, name: 'sda4', size: 9216 * 1024, counters: null },
  ]);
});

test('/proc/partitions of Linux 2.4 has counters in the same lines, with devfs too', t => {
  const text = `major minor  #blocks  name     rio rmerge rsect ruse wio wmerge wsect wuse running use aveq

   3     0   39082680 hda 446216 784926 9550688 4382310 424847 312726 5922052 19310380 -1 3376340 23705160
   3     1    9221278 ide/host0/bus0/target0/lun0/part1 35486 0 35496 38030 0 0 0 0 0 38030 38030
`;
  const [disk, partition] = parsePartitions(text);
  t.is(disk!.counters!.sectorsWritten, 5_922_052);
  t.is(disk!.counters!.flushes, null);
  t.is(partition!.name, 'ide/host0/bus0/target0/lun0/part1');
  t.is(partition!.size, 9_221_278 * 1024);
  t.is(partition!.counters!.reads, 35_486);
});

test('a text that is not /proc/partitions is refused', t => {
  t.deepEqual(refusal(parsePartitions, ' 8 0 sda 1 2 3 4\n'), [
    1,
    2,
    "line 1, column 2: /proc/partitions begins with 'major minor #blocks name'",
  ]);
  t.deepEqual(refusal(parsePartitions, 'major minor #blocks name\n8 0 100 sda 5\n'), [
    2,
    13,
    'line 2, column 13: /proc/partitions has 4 or 15 columns, not 5',
  ]);
  t.deepEqual(refusal(parsePartitions, 'major minor #blocks name\n8 0 1OO sda\n'), [
    2,
    5,
    "line 2, column 5: the number of blocks should be a number, not '1OO'",
  ]);
});

test('partitions are told from disks by their names', t => {
  const names = [
    'sda',
    'sda1',
    'sdaa',
    'sdaa1',
    'mmcblk0',
    'mmcblk0p2',
    'ide/c0/disc',
    'ide/c0/part1',
    'md1',
    'md12',
  ];
  const disks = names.map(name => diskOf(name, names));
  t.deepEqual(disks, [null, 'sda', null, 'sdaa', null, 'mmcblk0', null, 'ide/c0/disc', null, null]);
  t.is(diskOf('sdb1', names), null);
});

test('devices in memory are told from cards', t => {
  t.true(['ram0', 'loop12', 'zram0'].every(isMemory));
  t.false(['sda', 'hda1', 'mmcblk0', 'ramdisk'].some(isMemory));
});

test('random texts are read or refused, with a place within them', t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  const random = new Random(seed);
  const pieces = [
    '8',
    ' ',
    ' ',
    '\n',
    'sda',
    '4294967295',
    '-1',
    '#',
    'major minor #blocks name\n',
    '\t',
    'é',
    '0 0 0 0',
  ];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: random.integer(0, 40) }, () => random.pick(pieces)).join('');
    for (const parse of [parseDiskstats, parsePartitions]) {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof CounterSyntaxError)) throw error;
        const line = text.split('\n')[error.line - 1];
        t.true(line !== undefined && error.column >= 1 && error.column <= line.length);
      }
    }
  }
  t.pass();
});
