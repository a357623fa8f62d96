import test from 'ava';
import type { TuningConfig } from '../../src/director/config/config.ts';
import {
  bootArguments,
  type Equipment,
  undone,
  waitingForBoot,
  wantedSettings,
} from '../../src/director/hardware/tuning.ts';
import { readEquipment } from '../../src/director/hardware/tuning-access.ts';
import { createFake } from '../../src/platform/fake.ts';
import { NET4801, NET5501, pciTree } from './machines.ts';

const NOTHING: TuningConfig = { sysctls: [], unbind: [], interfaces: [] };

const equipmentOf = (devices: typeof NET4801, more: Record<string, string> = {}): Equipment =>
  readEquipment(createFake({ files: { ...pciTree(devices), ...more } }));

test('the cards of a board are found with their drivers, and what shares their interrupts needlessly', t => {
  const soekris = equipmentOf(NET5501);
  t.deepEqual(
    soekris.cards.map(({ name, place, driver }) => `${name} ${place} ${driver}`),
    [
      'eth0 0000:00:06.0 via-rhine',
      'eth1 0000:00:07.0 via-rhine',
      'eth2 0000:00:08.0 via-rhine',
      'eth3 0000:00:09.0 via-rhine',
      'eth4 0000:00:0e.0 natsemi',
    ],
  );
  t.deepEqual(soekris.needless, ['0000:00:01.2']);
  t.deepEqual(equipmentOf(NET4801).needless, []);
  t.deepEqual(readEquipment(createFake()), { cards: [], needless: [], storage: [] });
});

test('the latency timer is that of the card, else that of all', t => {
  const tuning = {
    ...NOTHING,
    latencyTimer: 64,
    interfaces: [
      { name: 'eth1', latencyTimer: 128, ethtool: {} },
      { name: 'eth9', latencyTimer: 8, ethtool: {} },
    ],
  };
  const { settings, notes } = wantedSettings(tuning, equipmentOf(NET4801));
  t.deepEqual(
    settings.map(({ target, value }) => `${target} ${value}`),
    ['0000:00:06.0 64', '0000:00:07.0 128', '0000:00:08.0 64'],
  );
  t.deepEqual(notes, ['eth9: latency_timer: this is no PCI device']);
});

test('needless devices are only taken from their drivers when that is wanted', t => {
  const equipment = equipmentOf(NET5501);
  t.deepEqual(wantedSettings(NOTHING, equipment), { settings: [], notes: [] });
  const { settings } = wantedSettings(
    { ...NOTHING, unbind: ['0000:00:15.0'], unbindsNeedless: true },
    equipment,
  );
  t.deepEqual(
    settings.map(({ kind, target, value }) => [kind, target, value]),
    [
      ['driver', '0000:00:15.0', ''],
      ['driver', '0000:00:01.2', ''],
    ],
  );
});

test('how packets are copied is a parameter of a driver, at boot for most', t => {
  const tuning = { ...NOTHING, rxCopybreak: 200 };
  t.deepEqual(wantedSettings(tuning, equipmentOf(NET4801)), { settings: [], notes: [] });
  t.deepEqual(bootArguments(tuning), ['natsemi.rx_copybreak=200', 'via_rhine.rx_copybreak=200']);
  t.deepEqual(waitingForBoot(tuning, 'root=/dev/ram0', new Set(['natsemi'])), [
    'natsemi.rx_copybreak=200: active after the next boot, once it is committed',
  ]);
  const e1000 = { place: '0000:00:03.0', class: '0x020000', irq: 11, id: '8086:100E', name: 'eth0' };
  const intel = equipmentOf([{ ...e1000, driver: 'e1000' }], {
    '/sys/module/e1000/parameters/copybreak': '256\n',
  });
  t.deepEqual(wantedSettings(tuning, intel).settings, [
    { kind: 'parameter', target: 'e1000/copybreak', value: '200' },
  ]);
  const realtek = equipmentOf([{ ...e1000, driver: '8139cp' }]);
  t.deepEqual(wantedSettings(tuning, realtek).notes, ['eth0: rx_copybreak is unsupported by driver 8139cp']);
});

test('the size of the table of connections waits for the next boot until the kernel was started with it', t => {
  const tuning = { ...NOTHING, connTabBits: 14 };
  const waiting = (line: string) => waitingForBoot(tuning, line, new Set()).length;
  t.deepEqual(bootArguments(tuning), ['ip_vs.conn_tab_bits=14']);
  t.is(waiting('root=/dev/ram0\n'), 1);
  t.is(waiting('ip_vs.conn_tab_bits=12 ip_vs.conn_tab_bits=14\n'), 0);
  t.is(waiting('ip_vs.conn_tab_bits=14 ip_vs.conn_tab_bits=12\n'), 1);
  t.deepEqual(bootArguments(undefined), []);
});

test('what is not wanted any more gets what it had before', t => {
  const originals = { 'sysctl net/core/netdev_budget': '300', 'latency timer 0000:00:06.0': '64' };
  t.deepEqual(undone(originals, [{ kind: 'sysctl', target: 'net/core/netdev_budget', value: '600' }]), [
    { kind: 'latency timer', target: '0000:00:06.0', value: '64' },
  ]);
});
