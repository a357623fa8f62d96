// director capacity: this board by its counters, another one by its name, and the question of the LVS-HOWTO.
import test from 'ava';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { createFake } from '../../src/platform/fake.ts';
import { validate } from '../schemas/validate.ts';

async function run(words: string, files: Record<string, string> = {}) {
  const platform = createFake({ files });
  const status = await dispatch(platform, ['capacity', ...words.split(' ').filter(Boolean)]);
  return { status, ...platform.output };
}

const BOARD = {
  '/proc/cmdline': 'console=ttyS0 director.board=net4801\n',
  '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: Geode(TM) Integrated Processor by NSC\n',
  '/proc/meminfo': 'MemTotal:         126104 kB\nMemAvailable:     101000 kB\n',
  '/proc/net/ip_vs':
    'IP Virtual Server version 1.2.1 (size=1024)\n  -> 0A000002:0050      Route   1      12         30\n',
  '/proc/net/ip_vs_stats':
    ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n     12C      708        0            249F0                0\n',
};

test('the question of the LVS-HOWTO: 300 requests and 150 kB a second on a net4801', async t => {
  const { status, text } = await run('300 150 --board net4801');
  t.is(status, 0);
  const page = text.split('\n\n');
  t.is(
    page[1],
    `300 REQUESTS/S WITH 150 kB/S: yes
  packets        6 a request (SYN, ACK, request, acknowledged answer, FIN, ACK): 1,800 a second
  processor      1,800 x 3,600 to 6,800 instructions x 1 to 2.5 cycles / 266 MHz: 2 to 12 %
  connections    300 a second x 120 s: 36,000 x 196 bytes, 7 MiB with conn_tab_bits 16
  answers        150 kB/s go past the director with direct routing
  LVS-HOWTO 3.5  2,000 packets/s, each a new client kept for a minute: 22.4 MiB of 128 MiB
                 25,000 packets/s, each a new client kept for a minute: 280.4 MiB of 128 MiB`,
  );
  t.regex((await run('30000 150000 --board net4801')).text, /30,000 REQUESTS\/S WITH 150,000 kB\/S: no/);
});

test('this board by what it is doing now', async t => {
  const { text } = await run('', BOARD);
  t.regex(text, /^board +Soekris net4801, 266 MHz, 123\.1 MiB, 98\.6 MiB free$/m);
  t.regex(text, /^connections +42 now, room for 484,916 altogether$/m);
  t.regex(text, /^packets +1,800 a second now, 12,517 to 59,111 altogether, 10,717 to 57,311 left$/m);
  t.regex(text, /conn_tab_bits 19 \} makes it 1, for/);
  // With the largest table that there is.
  const large = { ...BOARD, '/proc/meminfo': 'MemTotal: 524288 kB\nMemAvailable: 500000 kB\n' };
  t.regex((await run('', large)).text, /conn_tab_bits 20 \} makes it 2\.5, for 4,096 KiB/);
});

test('the same for programs', async t => {
  for (const words of ['--json', '300 150 --json']) {
    t.deepEqual(validate('capacity', JSON.parse((await run(words, BOARD)).text)), []);
  }
});

test('what cannot be calculated is told', async t => {
  t.like(await run(''), {
    status: 1,
    errors: 'director: this system does not tell its memory and clock rate: director capacity --board NAME\n',
  });
  const unknown = await run('--board geos');
  t.is(unknown.status, 2);
  t.regex(unknown.errors, /nobody knows the clock rate and memory of "geos": of .*net4801.* they are known/);
  for (const words of ['300', '0 150 --board alix', 'many 150 --board alix'])
    t.is((await run(words)).status, 2, words);
});
