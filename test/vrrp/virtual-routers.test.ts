import test from 'ava';
import { concerns } from '../../src/director/vrrp/virtual-routers.ts';
import { hex, ip } from './bytes.ts';

const WEB = { virtualRouterId: 51, interface: 'eth1', family: 4 } as const;
const MESSAGE = { payload: hex('31339601000a43070a630064'), source: ip('10.99.0.1') };

test('7.1: a message is for the group of its number on the interface that it came by', t => {
  t.true(concerns(WEB, 'eth1', MESSAGE));
  t.false(concerns(WEB, 'eth2', MESSAGE));
  t.false(concerns({ ...WEB, virtualRouterId: 52 }, 'eth1', MESSAGE));
  t.false(concerns(WEB, 'eth1', { ...MESSAGE, payload: hex('31') }));
});

test('5.2.3: groups of both families may have one number on an interface', t => {
  const other = { ...MESSAGE, source: hex('fe800000000000000000000000000001') };
  t.false(concerns(WEB, 'eth1', other));
  t.true(concerns({ ...WEB, family: 6 }, 'eth1', other));
  t.false(concerns({ ...WEB, family: 6 }, 'eth1', MESSAGE));
});
