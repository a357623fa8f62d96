import test from 'ava';
import { selected } from '../../src/director/control/selection.ts';
import { realServer, virtualServer } from './sample.ts';

const SERVICES = [virtualServer([realServer('10.0.0.11', { name: 'web1' })])];

test('a name may be that of a real server or of a service', t => {
  t.is(selected(null, SERVICES), null);
  t.deepEqual(selected({ name: 'web1' }, SERVICES), { server: 'web1' });
  t.deepEqual(selected({ name: '10.0.0.100' }, SERVICES), { service: 'TCP 10.0.0.100:80' });
  t.deepEqual(selected({ server: 'web1', service: '10.0.0.100:80' }, SERVICES), {
    server: 'web1',
    service: 'TCP 10.0.0.100:80',
  });
  t.throws(() => selected({ name: 'web2' }, SERVICES), { message: /^no virtual service is called "web2"/ });
});
