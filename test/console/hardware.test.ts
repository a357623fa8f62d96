// director hardware: what people and programs see of a board.
import test from 'ava';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { saveRunning } from '../../src/director/control/running.ts';
import { createFake, type FakeSocket } from '../../src/platform/fake.ts';
import { sampleConfig } from '../control/sample.ts';
import { NET4801, NET5501, pciTree } from '../hardware/machines.ts';
import { serve } from '../netlink/kernel.ts';
import { validate } from '../schemas/validate.ts';

const ENOENT = 2;

async function run(words: string, files: Record<string, string | Uint8Array>) {
  // A kernel without ethtool over netlink, as that of the boards.
  const onSocket = (socket: FakeSocket) => serve(socket, () => ({ errno: ENOENT }));
  const platform = createFake({ files: { '/run/director/x': '', ...files }, onSocket });
  saveRunning(platform, '/run/director', { file: 'a.conf', config: sampleConfig() });
  const status = dispatch(platform, ['hardware', ...words.split(' ').filter(Boolean)]);
  for (let turn = 0; turn < 20; turn++) {
    platform.clock.settle();
    await new Promise(resolve => setImmediate(resolve));
  }
  await platform.clock.advance(1000);
  return { status: await status, ...platform.output };
}

const BOARD = {
  ...pciTree(NET4801),
  '/sys/class/net/eth0/carrier': '1\n',
  '/sys/class/net/eth0/speed': '100\n',
  '/sys/class/net/eth0/duplex': 'full\n',
  '/sys/class/net/eth0/statistics/rx_fifo_errors': '7\n',
  '/sys/class/net/eth2/flags': '0x1002\n',
  '/sys/class/net/lo/statistics/rx_packets': '9\n',
  '/proc/interrupts': '           CPU0\n 10:       1000          XT-PIC      eth0, eth1\n',
  '/proc/net/softnet_stat': '000003e8 00000000 00000000\n',
  '/proc/sys/net/core/netdev_budget': '300\n',
};

test('cards, the path of packets, errors, notes and advice on one page', async t => {
  const { status, text } = await run('', BOARD);
  t.is(status, 0);
  t.is(
    text,
    `CARD  DRIVER   LINK      RINGS        LATENCY  PACKETS/S  IRQ
eth0  natsemi  100 full  32/16 fixed  64       0          10
eth1  natsemi  no link   32/16 fixed  64       0          10
eth2  natsemi  no link   32/16 fixed  64       0          10

IRQ  A SECOND  PACKETS EACH  WHO IS ON IT
10   0         -             eth0, eth1, eth2 (down)

received   1000 packets, 0 dropped
squeezed   0 times, 0 a second
in one go  netdev_budget 300, netdev_budget_usecs -, dev_weight -, NAPI weight 64
observed   1.0 s

ERRORS
  eth0  rx_fifo_errors 7

NOTES
  this kernel was built without ethtool over netlink

ADVICE
  eth0, eth1 share interrupt 10: each interrupt asks all of their drivers; leave down what is not used
  eth0 has lost 7 packets that nobody took in time, its ring has 32, the most of driver natsemi: raise its latency_timer
`,
  );
});

test('who shares the interrupt of a card is told, and what of it is needless', async t => {
  const { text } = await run('', {
    ...BOARD,
    ...pciTree(NET5501),
    '/proc/interrupts': '           CPU0\n 10:  5  XT-PIC  geode-aes, eth4\n',
  });
  t.regex(text, /^10 +0 +- +eth4; encryption 0000:00:01\.2 \(geode-aes\), needless$/m);
  t.regex(text, /^12 +- +- +eth3$/m);
});

test('the same for programs', async t => {
  const { text } = await run('--json', BOARD);
  const answer: unknown = JSON.parse(text);
  t.deepEqual(validate('hardware', answer), []);
});

test('a machine without a card says so', async t => {
  t.is((await run('', {})).text, 'there is no network card\n');
  t.deepEqual(validate('hardware', JSON.parse((await run('--json', {})).text)), []);
});
