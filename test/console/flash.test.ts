// director flash: what is read, what people and programs see, what is refused.
import test from 'ava';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { SHIPPED_CARDS } from '../../src/director/flash/profiles.ts';
import type { FakePlatform } from '../../src/platform/fake.ts';
import { createConnected } from '../ipc/unix-network.ts';

const DISKSTATS = `   1       0 ram0 9 0 9 9 9 0 9 9 0 9 9 0 0 0 0 0 0
   8       0 sda 310 0 24800 620 6 0 48 30 0 650 650 0 0 0 0 6 18
   8       1 sda1 12 0 96 24 0 0 0 0 0 24 24 0 0 0 0 0 0
   8       4 sda4 9 0 72 18 6 0 48 30 0 48 48 0 0 0 0 0 0
`;
const PARTITIONS = `major minor  #blocks  name

   1        0       4096 ram0
   8        0      62720 sda
   8        1      49152 sda1
   8        4       9216 sda4
`;
const BOARD = {
  '/proc/diskstats': DISKSTATS,
  '/proc/partitions': PARTITIONS,
  '/proc/uptime': '86400.10 80000.00\n',
  '/proc/sys/kernel/random/boot_id': '0b7d2c55-3c52-4f3c-8a53-6a7a1be0c0de\n',
  '/sys/class/block/sda/ro': '0\n',
  '/sys/class/block/sda1/ro': '1\n',
  '/sys/class/block/sda4/ro': '0\n',
};

async function run(words: string, files: Record<string, string> = BOARD) {
  const platform: FakePlatform = createConnected({ files });
  const status = await dispatch(platform, ['flash', ...words.split(' ').filter(Boolean)]);
  return { status, written: platform.files.written, ...platform.output };
}

test('what was written since the start is one window, with its forecast', async t => {
  const { status, text, errors, written } = await run('--card slc-unlevelled');
  t.like({ status, errors }, { status: 0, errors: '' });
  t.is(
    text,
    `since the system started 1 d 0 h ago, one window:

DEVICE  SIZE     ACCESS     WRITTEN  WRITES  READ
sda     61 MiB   writable   24 KiB   6       12 MiB
  sda1  48 MiB   read-only  0 B      0       48 KiB
  sda4  9.0 MiB  writable   24 KiB   6       36 KiB

sda, card slc-unlevelled
  lasts    8.2 years to more than 100 years
  because  321 B to 134 KiB written a day, 24 KiB in the mean: one reading is one window, of 24 h, so the range is that of one burst of writes by chance
           levelling none: one block may take all writes; at worst each is an erasure, at best they fill the block before it is erased
           100,000 cycles: SLC, the earliest cards: no levelling (PC Engines, Campbell Scientific)
           hot block: one that takes all these writes, one every 4 h, lasts 46 years without levelling
`,
  );
  t.deepEqual(written, []);
});

test('a write to a read-only partition is an alarm, however long ago', async t => {
  const files = {
    ...BOARD,
    '/proc/diskstats': DISKSTATS.replace(/(sda1 .*) 0 0 0 0 0 24 24/, '$1 1 0 2 5 0 24 24'),
    '/proc/uptime': '34560000.00 1.00\n',
  };
  const { status, text } = await run('', files);
  t.is(status, 0);
  t.regex(
    text,
    /\n {2}ALARM {4}something wrote that must not\n {2}because {2}2 sectors were written to sda1,/,
  );
  t.notRegex(text, /lasts/);
});

test('a card that nothing was written to is not worn', async t => {
  const files = { ...BOARD, '/proc/diskstats': '8 0 sda 310 0 24800 620 0 0 0 30 0 650 650\n' };
  t.regex(
    (await run('', files)).text,
    /\n {2}lasts {4}not worn by writing\n {2}because {2}nothing was written in 24 h\n/,
  );
  t.is((await run('', { ...BOARD, '/proc/diskstats': '' })).text, 'no disk was seen\n');
});

test('as JSON it is one object with a version', async t => {
  const { text } = await run('--json');
  t.regex(text, /^[^\n]+\n$/);
  const answer = JSON.parse(text);
  t.like(answer, {
    version: 1,
    source: 'boot',
    boot: '0b7d2c55-3c52-4f3c-8a53-6a7a1be0c0de',
    uptime: 86_400_100,
  });
  t.like(answer.devices[1], { name: 'sda1', disk: 'sda', size: 49_152 * 1024, readOnly: true });
  t.deepEqual(answer.devices[2].sinceBoot, {
    observed: 86_400_100,
    read: 72 * 512,
    written: 48 * 512,
    writes: 6,
  });
  t.like(answer.cards[0], { disk: 'sda', card: 'unknown', forecast: { kind: 'interval' } });
});

test('a kernel without /proc/diskstats has its counters in /proc/partitions, and does not tell what is read-only', async t => {
  const { status, text } = await run('', {
    '/proc/partitions':
      'major minor  #blocks  name     rio rmerge rsect ruse wio wmerge wsect wuse running use aveq\n\n' +
      '   3     0      62720 hda 30 0 64 30 16 0 128 40 0 70 70\n',
    '/proc/uptime': '3600.00 3000.00\n',
  });
  t.is(status, 0);
  t.regex(text, /^hda +61 MiB +- +64 KiB +16 +32 KiB$/m);
});

test('a text of the kernel that cannot be read fails with its file and place', async t => {
  const files = { ...BOARD, '/proc/diskstats': '8 0 sda 1 2\n' };
  t.like(await run('', files), {
    status: 1,
    errors:
      'director: /proc/diskstats: line 1, column 11: /proc/diskstats has 7, 14, 18 or 20 columns, not 5\n',
  });
  t.regex((await run('', { ...BOARD, '/proc/uptime': 'long' })).errors, /\/proc\/uptime: this is no number/);
  t.is((await run('', {})).status, 1);
});

const TRACE = `# 0\n${PARTITIONS}\n# 0\n8 0 sda 1 8 1 8\n8 1 sda1 1 8 1 8\n\n# 14400\n8 0 sda 1 8 9 72\n8 1 sda1 1 8 9 72\n`;

test('a recorded trace is forecast without looking at this machine', async t => {
  const { status, text } = await run('--trace /t --card mlc', { '/t': TRACE });
  t.is(status, 0);
  t.regex(text, /^DEVICE +SIZE +ACCESS +WINDOW /);
  t.regex(text, /^ {2}sda1 +48 MiB +- +32 KiB /m);
  t.regex(text, /\nsda, card mlc\n {2}lasts /);
  const answer = JSON.parse((await run('--trace /t --json', { '/t': TRACE })).text);
  t.like(answer, { version: 1, source: 'trace', readings: 2, notes: [] });
  t.is(answer.devices[1].readOnly, null);
});

test('a wrong trace is wrong input, with its place', async t => {
  t.like(await run('--trace /t', { '/t': '# 0\nfoo\n' }), {
    status: 2,
    errors: 'director: /t: line 2, column 1: /proc/diskstats has 7, 14, 18 or 20 columns, not 1\n',
  });
  t.like(await run('--trace /none', {}), { status: 2, text: '' });
});

test('an unknown card gets the nearest name and all there are, status 2', async t => {
  const { status, errors } = await run('--card slc-statik');
  t.is(status, 2);
  t.regex(errors, /^director: unknown card "slc-statik": did you mean slc-static\? There are unknown, slc, /);
  for (const { name } of SHIPPED_CARDS) t.true(errors.includes(name), name);
  t.regex((await run('--card xyzzyxyz')).errors, /^director: unknown card "xyzzyxyz": There are /);
});
