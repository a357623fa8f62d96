// The report: devices below their disks, a forecast for each card by what is known of it.
import test from 'ava';
import { shippedCard } from '../../src/director/flash/profiles.ts';
import { type Knowledge, reportTrace } from '../../src/director/flash/report.ts';
import { parseTrace } from '../../src/director/flash/trace.ts';

const KNOWLEDGE: Omit<Knowledge, 'sizes'> = {
  card: shippedCard('slc-static')!,
  readOnly: new Set(),
  held: null,
  smart: null,
  calibration: null,
  written: null,
};

const line = (minor: number, name: string, written: number) =>
  `8 ${minor} ${name} 1 1 ${written} ${written * 8}\n`;
const before = ['sda1', 'sda', 'sdb', 'sdb1'].map((name, minor) => line(minor, name, 1)).join('');
const after = ['sda1', 'sda', 'sdb', 'sdb1'].map((name, minor) => line(minor, name, 3)).join('');
const TRACE = parseTrace(`# 0\n${before}\n# 14400\n${after}`);

test('partitions stand below their disk, whatever the order of the kernel', t => {
  const { devices } = reportTrace(TRACE, KNOWLEDGE);
  t.deepEqual(
    devices.map(({ name, disk }) => [name, disk]),
    [
      ['sda', null],
      ['sda1', 'sda'],
      ['sdb', null],
      ['sdb1', 'sdb'],
    ],
  );
});

test('an alarm is that of the card whose partition was written to', t => {
  const { cards, devices } = reportTrace(TRACE, { ...KNOWLEDGE, readOnly: new Set(['sdb1']) });
  t.deepEqual(
    cards.map(({ disk, forecast }) => [disk, forecast.kind]),
    [
      ['sda', 'interval'],
      ['sdb', 'alarm'],
    ],
  );
  t.deepEqual(
    devices.filter(({ readOnly }) => readOnly).map(({ name }) => name),
    ['sdb1'],
  );
});

test('without a size the range of the profile is used, and said', t => {
  const { devices, cards } = reportTrace(TRACE, KNOWLEDGE);
  t.is(devices[0]!.size, null);
  t.true(
    cards[0]!.forecast.reasons.includes('levelling static: the whole card wears evenly, 61 MiB to 7.5 GiB'),
  );
  const sized = parseTrace(`# 0\nmajor minor #blocks name\n8 1 62720 sda\n# 0\n${before}\n# 14400\n${after}`);
  const [card] = reportTrace(sized, KNOWLEDGE).cards;
  t.true(card!.forecast.reasons.includes('levelling static: the whole card wears evenly, 61 MiB'));
});

test('what is held matters to a card that levels over free blocks', t => {
  const card = { ...shippedCard('slc-dynamic')!, capacity: { least: 64e6, most: 64e6 } };
  const reasons = (held: number | null) =>
    reportTrace(TRACE, { ...KNOWLEDGE, card, held }).cards[0]!.forecast.reasons;
  t.true(
    reasons(48 * 2 ** 20).includes('levelling dynamic: only free blocks wear, 13 MiB (48 MiB are held)'),
  );
  t.true(
    reasons(null).includes(
      'levelling dynamic: only free blocks wear, 1.8 MiB to 61 MiB (how much is free is not known)',
    ),
  );
});

test('one reading alone has nothing to report but what there is', t => {
  const { devices, cards } = reportTrace(parseTrace(`# 0\n${before}`), KNOWLEDGE);
  t.is(devices.length, 4);
  t.is(cards[0]!.forecast.kind, 'unobserved');
});

test('a first reading after a year is one window of what is kept, and its range has both ends', t => {
  const { cards } = reportTrace(
    parseTrace('# 100000000 boot a uptime 31536000\n8 0 sda 1 8 1000 800000\n'),
    KNOWLEDGE,
  );
  const { forecast } = cards[0]!;
  t.like(forecast, { kind: 'interval' });
  t.regex(forecast.reasons[0]!, /: one reading is one window, of 31 days, so the range is that of one burst/);
  t.true(forecast.kind === 'interval' && forecast.daily.least > 0 && Number.isFinite(forecast.life.most));
});

test('what happened meanwhile is noted with its time', t => {
  const at = (hour: number, ...lines: string[]) => `# ${hour * 3600}\n${lines.join('')}`;
  const text = [
    at(0, line(0, 'sda', 50), line(1, 'sdb', 50)),
    at(1, line(0, 'sda', 51), line(1, 'sdb', 2)),
    at(2, line(0, 'sda', 52)),
    at(3, line(0, 'sda', 53), line(1, 'sdb', 1)),
    at(4, line(0, 'sda', 1), line(1, 'sdb', 0)),
  ].join('');
  t.deepEqual(reportTrace(parseTrace(text), KNOWLEDGE).notes, [
    '1970-01-01T01:00:00.000Z: the counters of sdb began anew: it was taken out, and it or another came',
    '1970-01-01T02:00:00.000Z: sdb is gone',
    '1970-01-01T03:00:00.000Z: sdb came',
    '1970-01-01T04:00:00.000Z: all counters began anew: the system was rebooted, as it seems',
  ]);
});

test('notes without end are counted', t => {
  const text = Array.from(
    { length: 31 },
    (_, at) => `# ${at}\n${at % 2 === 0 ? line(0, 'sda', 1) : line(1, 'sdb', 1)}`,
  );
  const { notes } = reportTrace(parseTrace(text.join('')), KNOWLEDGE);
  t.is(notes.length, 21);
  t.is(notes.at(-1), 'and 40 more');
});

test('a report is data: as JSON it comes back, a life without an end as null', t => {
  const day = [0, 1, 2, 3, 4, 5, 6, 7]
    .map(at => `# ${at * 14_400}\n${line(0, 'sda', at < 7 ? 1 : 9)}`)
    .join('');
  const report = reportTrace(parseTrace(day), KNOWLEDGE);
  t.like(report.cards[0]!.forecast, { kind: 'interval', life: { most: Number.POSITIVE_INFINITY } });
  t.like(JSON.parse(JSON.stringify(report)).cards[0].forecast, { kind: 'interval', life: { most: null } });
});
