// Traces, each worked by hand beside what the program makes of it. The numbers stand in the README as well.
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { Interval } from '../../src/director/flash/forecast.ts';
import { shippedCard } from '../../src/director/flash/profiles.ts';
import { type FlashReport, reportTrace } from '../../src/director/flash/report.ts';
import { parseTrace } from '../../src/director/flash/trace.ts';

function report(trace: string, card: string, readOnly: readonly string[] = []): FlashReport {
  const text = readFileSync(new URL(`traces/${trace}.txt`, import.meta.url), 'utf8');
  return reportTrace(parseTrace(text), {
    card: shippedCard(card)!,
    readOnly: new Set(readOnly),
    held: null,
    smart: null,
    calibration: null,
    written: null,
  });
}

function interval({ cards }: FlashReport): Interval {
  const forecast = cards[0]!.forecast;
  if (forecast.kind !== 'interval') throw new Error(forecast.kind);
  return forecast;
}

/** Numbers by hand have four digits. */
function isClose(t: ExecutionContext, actual: number, byHand: number): void {
  t.true(Math.abs(actual - byHand) <= 5e-4 * byHand, `the program has ${actual}, by hand it is ${byHand}`);
}

test('syslog-2.4: one window of a 2.4 kernel that writes 4 KiB every 20 s to a card without levelling', t => {
  const result = report('syslog-2.4', 'slc-unlevelled');
  const [disk] = result.devices;
  // Writes 18,342 to 19,067, sectors 146,736 to 152,536, in 14,400 s:
  t.is(disk!.month.writes, 725);
  t.is(disk!.month.written, 5800 * 512);
  t.is(disk!.size, 62_720 * 1024);
  const { life, daily, hotBlock, amplification, reasons } = interval(result);
  // A write has 5,800 x 512 / 725 = 4,096 bytes, a block at most 131,072: 32 writes.
  t.deepEqual(amplification, { least: 1, most: 32 });
  // Six such windows make a day: 5,800 x 512 x 6 = 17,817,600 bytes.
  // 24 readings found writes. Byar: 24 (1 - 1/216 - 1.96 / (3 x 4.8990))^3 = 24 x 0.86201^3 = 15.373, 0.64053 of 24.
  isClose(t, daily.least, 17_817_600 * 0.64053);
  // 25 (1 - 1/225 + 1.96 / 15)^3 = 25 x 1.12622^3 = 35.712, 1.48798 times 24.
  isClose(t, daily.most, 17_817_600 * 1.48798);
  // A write every 14,400 / 725 = 19.862 s; 100,000 of them are 1,986,200 s: 22.99 days.
  isClose(t, hotBlock.least, 22.99);
  // The hot block at the highest rate, 22.99 / 1.48798; at the lowest, when 32 writes fill it before it is erased, 32 x 22.99 / 0.64053.
  isClose(t, life.least, 15.45);
  isClose(t, life.most, 1148.5);
  t.regex(
    reasons[0]!,
    /: only 1 window of 4 hours, so the range is that of 24 bursts of writes in 4 h by chance$/,
  );
});

test('cache-wrap: a day of six windows over a wrap at 32 bits, on a card that levels', t => {
  const result = report('cache-wrap', 'slc-static');
  const [disk, first, second] = result.devices;
  // Sectors 4,290,871,296 to 3,904,000: 3,904,000 + 4,294,967,296 - 4,290,871,296 = 8,000,000.
  t.is(disk!.month.written, 8_000_000 * 512);
  t.is(disk!.month.writes, 500_000);
  t.deepEqual(
    disk!.windows,
    [800_000, 1_600_000, 1_200_000, 2_400_000, 800_000, 1_200_000].map(sectors => sectors * 512),
  );
  t.deepEqual([first!.disk, first!.month.written], ['hda', 8_000_000 * 512]);
  t.is(second!.month.written, 0);
  const { life, daily, amplification } = interval(result);
  // The lowest and the highest window, six times each: 800,000 x 512 x 6 and 2,400,000 x 512 x 6.
  t.deepEqual(daily, { least: 2_457_600_000, most: 7_372_800_000 });
  // Writes of 8,000,000 x 512 / 500,000 = 8,192 bytes; 131,072 / 8,192 = 16.
  t.deepEqual(amplification, { least: 1, most: 16 });
  // 125,440 x 1,024 = 128,450,560 bytes, 100,000 times: 12,845,056,000,000.
  // Over 16 x 7,372,800,000 = 117,964,800,000 a day that is 108.9 days; over 2,457,600,000 it is 5,227.
  isClose(t, life.least, 108.89);
  isClose(t, life.most, 5226.7);
});

test('read-only-write: a commit, a reboot, and one write to what is read-only', t => {
  const result = report('read-only-write', 'slc', ['sda1']);
  const [disk, root, store] = result.devices;
  // The disk: 48 sectors before the first reading, 16 of a commit, then a reboot, then 2. The fall from 64 to 0 is no wrap.
  t.is(disk!.month.written, (48 + 16 + 2) * 512);
  t.is(root!.month.written, 2 * 512);
  t.is(store!.month.written, (48 + 16) * 512);
  // 24 h up at the first reading, 2 h more, then 0.5 h and 1 h of the next boot; half an hour around the reboot is lost.
  t.is(disk!.month.observed, 27.5 * 3_600_000);
  t.deepEqual(result.notes, [
    '2026-01-01T03:00:00.000Z: the system was rebooted; what was written just before is not known',
    '2026-01-01T04:00:00.000Z: 2 sectors written to sda1, which is read-only',
  ]);
  t.deepEqual(result.cards, [
    {
      disk: 'sda',
      card: 'slc',
      forecast: {
        kind: 'alarm',
        reasons: [
          '2 sectors were written to sda1, which nothing may write to: find what does that before it is worth a forecast',
        ],
      },
    },
  ]);
});

test('read-only-write: were sda1 writable, there would be a forecast', t => {
  const { life, daily, hotBlock } = interval(report('read-only-write', 'slc'));
  // 66 sectors in 27.5 h are 33,792 x 24 / 27.5 = 29,491 bytes a day, seen in 3 bursts.
  // Byar: 3 (1 - 1/27 - 1.96 / 5.19615)^3 = 3 x 0.58576^3 = 0.60296, 0.20099 of 3; 4 (1 - 1/36 + 1.96 / 6)^3 = 8.7655, 2.92183 times 3.
  isClose(t, daily.least, 29_491 * 0.20099);
  isClose(t, daily.most, 29_491 * 2.92183);
  // 6 + 2 + 1 writes: one every 3.0556 h, 100,000 of which are 12,731 days; at the highest rate 12,731 / 2.92183.
  isClose(t, hotBlock.least, 12_731);
  isClose(t, life.least, 4357);
  // At best all of the card wears evenly: 62,720 x 1,024 x 100,000 / 5,927 days.
  isClose(t, life.most, 1.0836e9);
});

test('lab-log: recorded on Linux 6.1, seven and a half hours of a log on a card that levels over free blocks', t => {
  const result = report('lab-log', 'slc-dynamic');
  const [disk, partition] = result.devices;
  // 1,432 times 4,096 bytes were written and flushed, in requests of 2,048.
  t.is(disk!.month.written, 1432 * 4096);
  t.is(disk!.month.writes, 2864);
  t.is(disk!.month.observed, 27_008_400);
  t.is(partition!.month.written, disk!.month.written);
  const { life, daily, hotBlock, amplification } = interval(result);
  t.deepEqual(amplification, { least: 1, most: 64 });
  // 5,865,472 x 86,400 / 27,008.4 = 18,763,673 bytes a day in 15 bursts.
  // Byar: 15 (1 - 1/135 - 1.96 / (3 x 3.87298))^3, 0.55928 of 15; 16 (1 - 1/144 + 1.96 / 12)^3, 1.64946 times 15.
  isClose(t, daily.least, 10_494_147);
  isClose(t, daily.most, 30_949_928);
  // A write every 27,008.4 / 2,864 = 9.4303 s; 100,000 of them are 943,031 s.
  isClose(t, hotBlock.least, 10.915);
  // 0.03 x 62,720 x 1,024 = 1,926,758 bytes free at least, x 100,000 / 64 / 30,949,928; at most all of them, at the lowest rate.
  isClose(t, life.least, 97.27);
  isClose(t, life.most, 612_010);
});
