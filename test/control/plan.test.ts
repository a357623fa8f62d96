import test from 'ava';
import { planInstances } from '../../src/director/control/plan.ts';
import { INSTANCE, virtualAddress } from './sample.ts';

test('instances are added, removed and changed by name', t => {
  t.deepEqual(planInstances([INSTANCE], [INSTANCE]), []);
  t.deepEqual(planInstances([INSTANCE], []), ['remove instance web']);
  t.deepEqual(planInstances([], [INSTANCE]), ['add instance web on eth0']);
});

test('each setting that changes is named with its values', t => {
  const changed = {
    ...INSTANCE,
    priority: 150,
    virtualAddresses: [...INSTANCE.virtualAddresses, virtualAddress('10.0.0.101', 24, 'eth1')],
  };
  t.deepEqual(planInstances([INSTANCE], [changed]), [
    'instance web: priority 100 becomes 150',
    'instance web: virtual addresses 10.0.0.100/24 on eth0 becomes 10.0.0.100/24 on eth0, 10.0.0.101/24 on eth1',
  ]);
});
