import test from 'ava';
import type { VrrpInstanceConfig } from '../../src/director/config/config.ts';
import { settingsOf } from '../../src/director/vrrp/settings.ts';

const config: VrrpInstanceConfig = {
  name: 'outside',
  version: 3,
  initialState: 'BACKUP',
  interface: 'eth0',
  virtualRouterId: 51,
  priority: 150,
  advertInterval: 100,
  virtualAddresses: [{ address: '192.0.2.100', prefix: 24, interface: 'eth0' }],
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
  const virtualAddresses = [{ address: '2001:db8::1', prefix: 64, interface: 'eth0' }];
  t.throws(() => settingsOf({ ...config, virtualAddresses }, false), {
    message: 'vrrp_instance outside: 2001:db8::1 is not an IPv4 address',
  });
});
