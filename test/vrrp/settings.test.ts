import test from 'ava';
import type { VrrpInstanceConfig } from '../../src/director/config/config.ts';
import { NO_DEVIATIONS } from '../../src/director/vrrp/deviations.ts';
import { isSameGroup, settingsOf } from '../../src/director/vrrp/settings.ts';
import { INSTANCE, virtualAddress } from '../control/sample.ts';
import { ip } from './bytes.ts';

const config: VrrpInstanceConfig = {
  ...INSTANCE,
  name: 'outside',
  version: 3,
  initialState: 'BACKUP',
  interface: 'eth0',
  virtualRouterId: 51,
  priority: 150,
  advertInterval: 100,
  virtualAddresses: [virtualAddress('192.0.2.100')],
  preempt: true,
  accept: true,
};

test('while it is yielding an instance leaves a master in place whatever its priority', t => {
  t.false(settingsOf(config, true).preempt);
  t.true(settingsOf(config, false).preempt);
});

test('an instance that is told not to preempt never does', t => {
  t.false(settingsOf({ ...config, preempt: false }, false).preempt);
});

test('an address of the other family is refused with the name of the instance', t => {
  const virtualAddresses = [virtualAddress('2001:db8::1', 64)];
  t.throws(() => settingsOf({ ...config, virtualAddresses }, false), {
    message: 'vrrp_instance outside: 2001:db8::1 is not an IPv4 address',
  });
});

test('state MASTER changes nothing: only an owner starts as master', t => {
  t.deepEqual(settingsOf({ ...config, initialState: 'MASTER' }, false), settingsOf(config, false));
});

test('advertisements go to the group, or to every unicast peer', t => {
  t.deepEqual(settingsOf(config, false).destinations, [ip('224.0.0.18')]);
  const peers = ['192.0.2.1', '192.0.2.2'].map(address => ({ address, minimumTtl: 255, maximumTtl: 255 }));
  const unicast = { peers, ttl: 255, checkSource: true };
  t.deepEqual(settingsOf({ ...config, unicast }, false).destinations, [ip('192.0.2.1'), ip('192.0.2.2')]);
  t.true(settingsOf({ ...config, unicast }, false).unicast!.checkSource);
});

test('an instance of IPv6 has addresses of IPv6', t => {
  const six = {
    ...config,
    family: 6,
    multicastGroup: 'ff02::12',
    virtualAddresses: [virtualAddress('fe80::100', 64)],
  } as const;
  t.is(settingsOf(six, false).addresses[0]!.length, 16);
  t.throws(() => settingsOf({ ...six, multicastGroup: '224.0.0.18' }, false), {
    message: 'vrrp_instance outside: 224.0.0.18 is not an IPv6 address',
  });
});

test('strict_mode turns the deviations off, a sync group makes a member', t => {
  t.is(settingsOf({ ...config, strict: true }, false).deviations, NO_DEVIATIONS);
  t.true(settingsOf(config, false, true).synced);
  t.false(settingsOf(config, false).synced);
});

test('a group is the same as long as interface, family, version and virtual router id are', t => {
  t.true(isSameGroup(config, { ...config, name: 'other', priority: 1 }));
  for (const other of [
    { interface: 'eth1' },
    { family: 6 },
    { version: 2 },
    { virtualRouterId: 1 },
  ] as const) {
    t.false(isSameGroup(config, { ...config, ...other }));
  }
});
