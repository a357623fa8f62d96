// The text of `director flash`.
import test from 'ava';
import { describeFlash, sparkline } from '../../src/director/flash/describe.ts';
import type { DeviceReport, FlashReport } from '../../src/director/flash/report.ts';
import { inBytes, inDays, inPercent, inRange, inSpan, inThousands } from '../../src/director/flash/words.ts';

const nothing = { observed: 0, read: 0, written: 0, writes: 0 };

function deviceReport(changes: Partial<DeviceReport>): DeviceReport {
  return {
    name: 'sda',
    disk: null,
    size: 64_225_280,
    readOnly: true,
    window: nothing,
    day: nothing,
    month: nothing,
    windows: [],
    days: [],
    ...changes,
  };
}

test('a table of devices, partitions below their disk, and a forecast for each card', t => {
  const report: FlashReport = {
    devices: [
      deviceReport({
        window: { ...nothing, written: 4096 },
        day: { ...nothing, written: 16_384 },
        month: { ...nothing, written: 81_920, read: 25_395_200 },
        windows: [0, null, 2048, 4096],
        days: [16_384, 0],
      }),
      deviceReport({ name: 'sda4', disk: 'sda', size: null, readOnly: false }),
    ],
    cards: [
      {
        disk: 'sda',
        card: 'slc',
        forecast: {
          kind: 'interval',
          life: { least: 23, most: 4000 },
          daily: { least: 1, most: 2 },
          amplification: { least: 1, most: 16 },
          used: { least: 0.01, most: 0.2 },
          hotBlock: { least: 1, most: 2 },
          reasons: ['one', 'two'],
        },
      },
    ],
    notes: ['sdb came', 'sdb is gone'],
  };
  t.is(
    describeFlash(report),
    `DEVICE  SIZE    ACCESS     WINDOW   DAY     MONTH   READ    WINDOWS  DAYS
sda     61 MiB  read-only  4.0 KiB  16 KiB  80 KiB  24 MiB  _?+@     @_
  sda4  -       writable   0 B      0 B     0 B     0 B

sda, card slc
  lasts    23 days to 11 years
  used     1 % to 20 %
  because  one
           two

NOTES
  sdb came
  sdb is gone
`,
  );
});

test('alarms, silence and ignorance have words of their own', t => {
  const text = (kind: 'alarm' | 'idle' | 'unobserved') =>
    describeFlash({
      devices: [deviceReport({})],
      cards: [{ disk: 'sda', card: 'slc', forecast: { kind, reasons: ['why'] } }],
      notes: [],
    });
  t.regex(text('alarm'), /\n {2}ALARM {4}something wrote that must not\n {2}because {2}why\n$/);
  t.regex(text('idle'), /\n {2}lasts {4}not worn by writing\n/);
  t.regex(text('unobserved'), /\n {2}lasts {4}unknown\n/);
  t.is(describeFlash({ devices: [], cards: [], notes: [] }), 'no disk was seen\n');
});

test('a sparkline has one mark a value, in proportion to the largest', t => {
  t.is(sparkline([1, 2, 3, 4, 5, 6, 7, 8, 9]), '.:-=+*#%@');
  t.is(sparkline([0, null, 1000, 1]), '_?@.');
  t.is(sparkline([0, 0]), '__');
  t.is(sparkline([]), '');
});

test('numbers have as many digits as an estimate deserves', t => {
  t.deepEqual([0, 512, 1023, 1024, 10_188, 10_189, 1_572_864, 2 ** 45].map(inBytes), [
    '0 B',
    '512 B',
    '1023 B',
    '1.0 KiB',
    '9.9 KiB',
    '10 KiB',
    '1.5 MiB',
    '32 TiB',
  ]);
  t.deepEqual(
    [0, 0.000_02, 0.01, 0.05, 1, 22.99, 370, 729, 730, 4161, 36_500, 36_501, Number.POSITIVE_INFINITY].map(
      inDays,
    ),
    [
      '0 s',
      '1.7 s',
      '14.4 min',
      '1.2 hours',
      '1 day',
      '23 days',
      '370 days',
      '730 days',
      '2 years',
      '11 years',
      '100 years',
      'more than 100 years',
      'more than 100 years',
    ],
  );
  t.is(inDays(1 / 24), '1 hour');
  t.deepEqual([200, 19_862, 600_000, 14_400_000, 93_600_000, 864_000_000].map(inSpan), [
    '0.2 s',
    '19.9 s',
    '10 min',
    '4 h',
    '26 h',
    '10 days',
  ]);
  t.deepEqual([0, 0.0312, 0.5, 1.0625, 2].map(inPercent), ['0 %', '3.1 %', '50 %', '106 %', '200 %']);
  t.deepEqual([7, 999, 1000, 1_234_567].map(inThousands), ['7', '999', '1,000', '1,234,567']);
  t.is(inRange({ least: 22.8, most: 23.2 }, inDays), '23 days');
});
