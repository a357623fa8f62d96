import test from 'ava';
import type { VrrpInstanceConfig } from '../../src/director/config/config.ts';
import { settingsOf } from '../../src/director/vrrp/settings.ts';
import { INSTANCE, virtualAddress } from '../control/sample.ts';

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
