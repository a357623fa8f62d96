import test from 'ava';
import type { ServiceKey } from '../../src/director/config/config.ts';
import { keysOf, serviceName } from '../../src/director/ipvs/table.ts';
import { dns6, http, mark } from './tables.ts';

function group(...keys: ServiceKey[]) {
  return { key: keys[0]!, group: { name: 'web', keys } };
}

test('a service is called by its key', t => {
  t.is(serviceName({ key: http }), 'TCP 10.0.0.80:80');
  t.is(serviceName({ key: dns6 }), 'UDP [2001:db8::53]:53');
  t.is(serviceName({ key: mark }), 'fwmark 7 IPv4');
  t.deepEqual(keysOf({ key: http }), [http]);
});

test('a group is called by its name, and by its protocol when that is not TCP', t => {
  t.is(serviceName(group(http, { ...http, port: 443 })), 'group web');
  t.is(serviceName(group(mark)), 'group web');
  t.is(serviceName(group(mark, dns6)), 'group web UDP');
  t.is(serviceName(group({ ...http, protocol: 'SCTP' })), 'group web SCTP');
  t.deepEqual(keysOf(group(http, mark)), [http, mark]);
});
