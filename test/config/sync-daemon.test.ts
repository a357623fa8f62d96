// The sync daemon and its settings, debounce of interfaces and linkbeat, in keepalived's words and ours.
import test from 'ava';
import { goodConfig, instance, problemsOf } from './support.ts';

const global = (line: string) => `global_defs {\n${line}\n}\n`;
const daemonOf = (line: string, inInstance = '') =>
  goodConfig(global(line) + instance(inInstance)).vrrp.syncDaemon;

const PLAIN = {
  interface: 'eth1',
  instance: 'VI_1',
  syncId: 51,
  maximumLength: null,
  port: null,
  ttl: null,
  group: null,
};

test('the sync daemon follows an instance and has its number unless told', t => {
  t.deepEqual(daemonOf('lvs_sync_daemon eth1 VI_1'), PLAIN);
  t.deepEqual(daemonOf('lvs_sync_daemon eth1 inst VI_1'), PLAIN);
  t.deepEqual(daemonOf('lvs_sync_daemon eth1'), { ...PLAIN, instance: null, syncId: 0 });
  t.deepEqual(daemonOf('lvs_sync_daemon eth1 VI_1 id 7 maxlen 1400 port 8849 ttl 2 group 224.0.0.82'), {
    ...PLAIN,
    syncId: 7,
    maximumLength: 1400,
    port: 8849,
    ttl: 2,
    group: '224.0.0.82',
  });
});

test('old ways to write the sync daemon are understood, with a warning', t => {
  t.deepEqual(problemsOf(global('lvs_sync_daemon eth1 VI_1 9') + instance()), [
    '2:27 warning: the number stands without id',
  ]);
  t.deepEqual(problemsOf(instance('lvs_sync_daemon_interface eth1')), [
    '7:1 warning: lvs_sync_daemon_interface is an old word',
  ]);
  t.deepEqual(problemsOf(global('lvs_sync_daemon eth1 VI_1') + instance('lvs_sync_daemon_interface eth2')), [
    '10:1 warning: lvs_sync_daemon_interface is an old word',
    '10:1 warning: there is another sync daemon',
  ]);
});

test('what is wrong with the sync daemon', t => {
  t.deepEqual(problemsOf(global('lvs_sync_daemon eth1 VI_2') + instance()), [
    '2:22 error: there is no vrrp_instance VI_2',
  ]);
  t.deepEqual(problemsOf(global('lvs_sync_daemon eth1 VI_1 id 256') + instance()), [
    '2:30 error: "256" is not a whole number from 0 to 255',
  ]);
  t.deepEqual(problemsOf(global('lvs_sync_daemon eth1 group 192.0.2.1')), [
    '2:28 error: "192.0.2.1" is not an IPv4 multicast or IPv6 link-local multicast address',
  ]);
});

test('settings of the synchronisation are named as in the kernel', t => {
  const text = global('lvs_sync_threshold 2 10\nlvs_sync_refresh_period 30\nlvs_sync_ports 4');
  t.deepEqual(goodConfig(text).vrrp.syncSettings, [
    { name: 'sync_threshold', value: '2 10' },
    { name: 'sync_refresh_period', value: '30' },
    { name: 'sync_ports', value: '4' },
  ]);
  t.deepEqual(goodConfig(global('lvs_sync_threshold 0 0')).vrrp.syncSettings[0]?.value, '0 0');
  t.deepEqual(problemsOf(global('lvs_sync_threshold 60')), ['2:20 error: 60 is not below the period of 50']);
  t.deepEqual(problemsOf(global('lvs_sync_ports 3')), [
    '2:16 error: "3" is not one of 1, 2, 4, 8, 16, 32, 64',
  ]);
});

test('delays of interfaces', t => {
  const text = (lines: string) => `interface_up_down_delays {\n${lines}\n}\n`;
  t.deepEqual(goodConfig(text('eth0 0.5\neth1 1 2.5')).vrrp.interfaceDelays, [
    { interface: 'eth0', down: 500, up: 500 },
    { interface: 'eth1', down: 1000, up: 2500 },
  ]);
  t.deepEqual(problemsOf(text('eth0 1\neth0 2')), ['3:1 warning: eth0 is listed twice']);
  t.deepEqual(problemsOf(text('eth0')), ['2:5 error: eth0 needs SECONDS']);
  t.deepEqual(problemsOf(text('eth0 2') + instance()), [
    '2:6 warning: a delay of 2 s is too long for VI_1, which misses a master sooner',
  ]);
});

test('interfaces whose cable is asked for', t => {
  const text = 'linkbeat_interfaces {\neth0\neth1 MII\neth0\n}\n';
  t.deepEqual(goodConfig(text).vrrp.linkbeatInterfaces, ['eth0', 'eth1']);
  const everywhere = global('linkbeat_use_polling') + instance('track_interface {\neth2\n}') + text;
  t.deepEqual(goodConfig(everywhere).vrrp.linkbeatInterfaces, ['eth0', 'eth1', 'eth2']);
  t.deepEqual(problemsOf('linkbeat_interfaces {\neth0 ETHTOOL\n}\n'), [
    '2:6 warning: ETHTOOL has no effect here',
  ]);
});
