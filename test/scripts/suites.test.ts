import test from 'ava';
import { suiteOf } from '../../scripts/test/suites.ts';

test('a test file belongs to the suite its folder names, else to unit', t => {
  t.is(suiteOf('test/lab/balance.test.ts'), 'lab');
  t.is(suiteOf('test/host/vrrp.test.ts'), 'host');
  t.is(suiteOf('test/simulation/pair.test.ts'), 'simulation');
  t.is(suiteOf('test/vrrp/packet.test.ts'), 'unit');
  t.is(suiteOf('test/labels.test.ts'), 'unit');
});
