import test from 'ava';
import { goodConfig, problemsOf } from './support.ts';

const tuningOf = (lines: string) => goodConfig(`tuning {\n${lines}\n}\n`).tuning;

test('without the block nothing is tuned', t => {
  t.is(goodConfig('system {\nhostname a\n}\n').tuning, undefined);
  t.deepEqual(tuningOf(''), { sysctls: [], unbind: [], interfaces: [] });
});

test('words that are called as a setting of the kernel set it', t => {
  const tuning = tuningOf('netdev_budget 600\nexpire_nodest_conn 1\nconn_reuse_mode 0');
  t.deepEqual(tuning?.sysctls, [
    { path: 'net/core/netdev_budget', value: '600' },
    { path: 'net/ipv4/vs/expire_nodest_conn', value: '1' },
    { path: 'net/ipv4/vs/conn_reuse_mode', value: '0' },
  ]);
});

test('a network card has its own latency timer, rings and coalescing', t => {
  const tuning = tuningOf(
    'latency_timer 64\ninterface eth1 {\nlatency_timer 248\nrx_ring 256\nrx_usecs 100\n}\ninterface eth2 {\n}',
  );
  t.is(tuning?.latencyTimer, 64);
  t.deepEqual(tuning?.interfaces, [
    { name: 'eth1', latencyTimer: 248, ethtool: { rx_ring: 256, rx_usecs: 100 } },
  ]);
});

test('devices are named by their place on the bus, or taken as needless', t => {
  const tuning = tuningOf('unbind 00:0F.4 0000:00:0f.5\nunbind needless');
  t.deepEqual(tuning?.unbind, ['0000:00:0f.4', '0000:00:0f.5']);
  t.true(tuning?.unbindsNeedless);
});

test('boot settings and hooks', t => {
  const tuning = tuningOf('conn_tab_bits 14\nrx_copybreak 200\nhooks /etc/director/hooks {\n}');
  t.is(tuning?.connTabBits, 14);
  t.is(tuning?.rxCopybreak, 200);
  t.deepEqual(tuning?.hooks, { folder: '/etc/director/hooks', timeout: 10_000 });
  t.is(tuningOf('hooks /a {\ntimeout 2.5\n}')?.hooks?.timeout, 2500);
});

test('wrong values are told with their place', t => {
  t.deepEqual(
    problemsOf(
      'tuning {\nlatency_timer 65\nconn_tab_bits 21\nunbind usb\nhooks here {\n}\ndrop_entry 4\ninterface eth0 {\nrx_ring 1\n}\ninterface eth0 {\nrx_ring 2\n}\n}\n',
    ),
    [
      '2:15 error: "65" is not a multiple of 8 from 0 to 248',
      '3:15 error: "21" is not a whole number from 8 to 20',
      '4:8 error: "usb" is not the place of a PCI device, as 00:0f.4, or needless',
      '5:7 error: "here" is not an absolute path',
      '7:12 error: "4" is not a whole number from 0 to 3',
      '11:11 error: interface eth0 is here a second time',
    ],
  );
});
