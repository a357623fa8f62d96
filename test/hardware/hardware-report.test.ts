import test from 'ava';
import { adviseOnHardware } from '../../src/director/hardware/advice.ts';
import {
  type EthtoolAnswers,
  type HardwareReport,
  reportHardware,
} from '../../src/director/hardware/hardware-report.ts';
import { readInventory } from '../../src/director/hardware/inventory.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { NET4801, NET5501, pciTree, type Tree } from './machines.ts';

const NO_ANSWERS: EthtoolAnswers = new Map();

function linkUp(name: string, more: Tree = {}): Tree {
  const folder = `/sys/class/net/${name}`;
  return {
    [`${folder}/carrier`]: '1\n',
    [`${folder}/speed`]: '100\n',
    [`${folder}/duplex`]: 'full\n',
    [`${folder}/statistics/rx_packets`]: '1000\n',
    [`${folder}/statistics/tx_packets`]: '500\n',
    ...more,
  };
}

function machine(devices: typeof NET4801, interrupts: string, more: Tree = {}): FakePlatform {
  return createFake({
    files: {
      ...pciTree(devices),
      '/proc/interrupts': `           CPU0\n${interrupts}`,
      '/proc/net/softnet_stat': '000003e8 00000000 00000002\n',
      '/proc/sys/net/core/netdev_budget': '300\n',
      '/proc/sys/net/core/netdev_budget_usecs': '8000\n',
      '/proc/sys/net/core/dev_weight': '64\n',
      ...more,
    },
  });
}

const SOEKRIS =
  ' 10:       1000          XT-PIC      eth0, eth1\n 14:         22          XT-PIC      pata_sc1200\n';

test('packets of a second, interrupts of a second, and packets for each of all that share it', async t => {
  const platform = machine(NET4801, SOEKRIS, { ...linkUp('eth0'), ...linkUp('eth1') });
  const before = readInventory(platform);
  platform.files.replace('/sys/class/net/eth0/statistics/rx_packets', '3000\n');
  platform.files.replace('/sys/class/net/eth1/statistics/tx_packets', '2500\n');
  platform.files.replace('/proc/interrupts', '           CPU0\n 10:       2000    XT-PIC      eth0, eth1\n');
  platform.files.replace('/proc/net/softnet_stat', '00000bb8 00000000 00000006\n');
  await platform.clock.advance(2000);
  const { cards, softnet, observed } = reportHardware(before, readInventory(platform), NO_ANSWERS);
  t.is(observed, 2000);
  const [eth0, eth1, eth2] = cards;
  t.like(eth0, { packetsPerSecond: 1000, interruptsPerSecond: 500, packetsPerInterrupt: 4, irq: 10 });
  t.like(eth0, { driver: 'natsemi', speed: 100, duplex: 'full', latencyTimer: 64 });
  t.deepEqual(eth0?.rings, { rx: 32, tx: 16, isFixed: true });
  t.is(eth1?.packetsPerSecond, 1000);
  t.deepEqual(
    eth0?.sharers.map(({ name, isNetworkCard }) => [name, isNetworkCard]),
    [
      ['eth1', true],
      ['eth2', true],
    ],
  );
  t.like(eth2, { hasCarrier: false, speed: null, packetsPerSecond: 0 });
  t.deepEqual(softnet, { processed: 3000, dropped: 0, squeezed: 6, squeezedPerSecond: 2 });
});

const report = (platform: FakePlatform, answers = NO_ANSWERS): HardwareReport => {
  const inventory = readInventory(platform);
  return reportHardware(inventory, inventory, answers);
};

test('three cards on one interrupt are told', t => {
  const advice = adviseOnHardware(report(machine(NET4801, SOEKRIS)), ['eth0']);
  t.deepEqual(advice, [
    'eth0, eth1, eth2 share interrupt 10: each interrupt asks all of their drivers; leave down what is not used',
  ]);
});

test('a card that is down is asked by nobody, so it shares no interrupt', t => {
  const down = { '/sys/class/net/eth1/flags': '0x1002\n', '/sys/class/net/eth2/flags': '0x1002\n' };
  const hardware = report(machine(NET4801, SOEKRIS, down));
  t.deepEqual(
    hardware.cards[0]?.sharers.map(({ name, isDriven }) => [name, isDriven]),
    [
      ['eth1', false],
      ['eth2', false],
    ],
  );
  t.deepEqual(adviseOnHardware(hardware, ['eth0']), []);
});

test('a port that carries virtual addresses already is no better one for those of another', t => {
  const shared =
    ' 10:          5          XT-PIC      eth0, ttyS1\n 11:          9          XT-PIC      eth1\n';
  const [eth0, eth1] = NET4801;
  const platform = machine([eth0!, { ...eth1!, irq: 11 }], shared);
  t.deepEqual(adviseOnHardware(report(platform), ['eth0', 'eth1']), []);
  t.deepEqual(adviseOnHardware(report(platform), ['eth0']), [
    'eth0 carries the virtual addresses on a shared interrupt: eth1 has one of its own',
  ]);
});

const GEODE =
  ' 10:          5          XT-PIC      geode-aes, eth4\n 11:          9          XT-PIC      eth0\n 15:          0          XT-PIC      ohci_hcd:usb1\n';

test('who is needless on the interrupt of a card is told with what to write, as is a better port for the virtual addresses', t => {
  const platform = machine(NET5501, GEODE);
  const { cards } = report(platform);
  t.deepEqual(cards.find(({ name }) => name === 'eth4')?.sharers, [
    {
      name: 'encryption 0000:00:01.2 (geode-aes)',
      isNetworkCard: false,
      isNeedless: true,
      isDriven: true,
    },
  ]);
  t.deepEqual(cards.find(({ name }) => name === 'eth0')?.sharers, []);
  t.deepEqual(adviseOnHardware(report(platform), []), [
    'encryption 0000:00:01.2 (geode-aes) is on interrupt 10 of eth4: tuning { unbind needless }',
  ]);
  const beside = [...NET5501, { ...NET5501[5]!, place: '0000:00:10.0', name: 'eth5' }];
  const advice = adviseOnHardware(report(machine(beside, GEODE)), ['eth4']);
  t.true(
    advice.includes(
      'eth4 carries the virtual addresses on a shared interrupt: eth0 or eth1 or eth2 or eth3 has one of its own',
    ),
    advice.join('\n'),
  );
});

test('a user of the interrupt that is no PCI device is a sharer as well', t => {
  const serial = ' 11:          9          XT-PIC      eth0, ttyS1\n';
  const { cards } = report(machine(NET5501, serial));
  t.deepEqual(
    cards[0]?.sharers.map(({ name }) => name),
    ['ttyS1'],
  );
});

test('what is wrong with a card is told: lost packets, damage, half duplex, a short latency timer', t => {
  const [eth0, ...others] = NET4801;
  const platform = machine(
    [{ ...eth0!, latency: 8 }, ...others],
    SOEKRIS,
    linkUp('eth0', {
      '/sys/class/net/eth0/duplex': 'half\n',
      '/sys/class/net/eth0/statistics/rx_fifo_errors': '12\n',
      '/sys/class/net/eth0/statistics/rx_crc_errors': '3\n',
    }),
  );
  t.deepEqual(adviseOnHardware(report(platform), []).slice(1), [
    'eth0 has lost 12 packets that nobody took in time, its ring has 32, the most of driver natsemi: raise its latency_timer',
    'eth0 has received 3 damaged packets: cable, or duplex',
    'eth0 runs at half duplex: let the switch negotiate too',
    'latency timer of eth0 is 8: tuning { latency_timer 64 }',
  ]);
});

test('rings that a driver tells are shown, and whether there could be more', t => {
  const rings = { rx_ring: 128, tx_ring: 256, rx_ring_max: 256, tx_ring_max: 256 };
  const answers = new Map([['eth0', { rings, coalesce: { rx_usecs: 100 } }]]);
  const [eth0] = report(machine(NET4801, SOEKRIS), answers).cards;
  t.deepEqual(eth0?.rings, { rx: 128, tx: 256, isFixed: false });
  t.deepEqual(eth0?.coalescing, { rx_usecs: 100 });
});

test('a machine without any of it has nothing to show', t => {
  const { cards, softnet, budgets } = report(createFake());
  t.deepEqual(cards, []);
  t.is(softnet.processed, 0);
  t.deepEqual(budgets, { netdevBudget: null, netdevBudgetUsecs: null, devWeight: null, napiWeight: 64 });
});
