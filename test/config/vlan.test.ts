// `interface eth0.5 { }`: names that say which VLAN is to be made.
import test from 'ava';
import { goodConfig, instance, problemsOf } from './support.ts';

const block = (name: string, lines = '') => `interface ${name} {\n${lines}\n}\n`;

test('a name with an id is a VLAN of the interface before the dot', t => {
  const { interfaces } = goodConfig(
    block('eth0.5', 'address 10.5.0.1/24') + block('lan.4094') + block('br.lan'),
  );
  t.deepEqual(interfaces, [
    {
      name: 'eth0.5',
      vlan: { base: 'eth0', id: 5 },
      addresses: [{ address: '10.5.0.1', prefix: 24 }],
      routes: [],
    },
    { name: 'lan.4094', vlan: { base: 'lan', id: 4094 }, addresses: [], routes: [] },
    { name: 'br.lan', addresses: [], routes: [] },
  ]);
});

test('an id out of range, a second way to write one, and a base that carries none are errors', t => {
  const first = (name: string) => problemsOf(block(name))[0];
  for (const name of ['eth0.0', 'eth0.4095', 'eth0.99999']) {
    t.is(first(name), `1:11 error: "${name}" has no VLAN id from 1 to 4094`);
  }
  t.is(first('eth0.05'), '1:11 error: "eth0.05" is not how VLAN 5 is named');
  t.is(first('.5'), '1:11 error: ".5" names no interface that carries the VLAN');
  t.is(first('lo.5'), '1:11 error: lo carries no VLANs');
  t.is(first('eth0.5.6'), '1:11 error: eth0.5 is a VLAN itself and carries none');
});

test('an instance on a VLAN that no block makes is a warning, when interfaces are described', t => {
  const on = (name: string) => instance().replace('interface eth0', `interface ${name}`);
  t.deepEqual(problemsOf(on('eth0.5')), []);
  t.deepEqual(problemsOf(block('eth0.5', 'address 192.0.2.1/24') + on('eth0.5')), []);
  const eth0 = block('eth0', 'address 192.0.2.1/24');
  t.deepEqual(problemsOf(eth0 + on('eth0.5')), ['5:1 warning: no interface block makes the VLAN eth0.5']);
  const dev = instance('', 'VI_1', 51, '192.0.2.100/24 dev eth0.7');
  t.deepEqual(problemsOf(eth0 + dev), ['5:1 warning: no interface block makes the VLAN eth0.7']);
  t.deepEqual(
    problemsOf(eth0 + dev.replace('eth0.7', 'vrrp.51').replace('virtual_ip', 'use_vmac\nvirtual_ip')),
    [],
  );
});

test('a virtual address must be on the network of an interface, be it a VLAN', t => {
  const text =
    block('eth0.5', 'address 10.5.0.1/24') + instance().replace('interface eth0', 'interface eth0.5');
  t.deepEqual(problemsOf(text), ["4:1 warning: virtual address 192.0.2.100 is on no interface's network"]);
});
