import test from 'ava';
import type { RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { dutiesOf, namesIn, type Topology } from '../../src/director/realserver/duty.ts';
import { INSTANCE, realServer, virtualAddress, virtualServer } from '../control/sample.ts';

function topology(virtualServers: readonly VirtualServerConfig[], more: Partial<Topology> = {}): Topology {
  return { virtualServers, interfaces: [], vrrpInstances: [], marks: [], ...more };
}

const service = (address: string, server: RealServerConfig, port = 80) =>
  virtualServer([server], { key: { kind: 'address', protocol: 'TCP', address, port } });

const web1 = (more: Partial<RealServerConfig> = {}) => realServer('10.0.0.11', { name: 'web1', ...more });

test('a host is found by its name, its address, and its address with a port', t => {
  const sample = topology([service('10.0.0.100', web1())]);
  for (const name of ['web1', '10.0.0.11', '10.0.0.11:80']) t.is(dutiesOf(sample, name).length, 1, name);
  t.deepEqual(dutiesOf(sample, 'web2'), []);
  t.deepEqual(dutiesOf(sample, '10.0.0.11:81'), []);
  t.deepEqual(namesIn(sample), ['web1']);
});

test('by DR it answers for every address of its services, and listens there', t => {
  const [duty] = dutiesOf(
    topology([service('10.0.0.100', web1()), service('10.0.0.101', web1({ port: 443 }), 443)]),
    'web1',
  );
  t.deepEqual(duty?.direct, ['10.0.0.100', '10.0.0.101']);
  t.is(duty?.wayBack, null);
  t.deepEqual(duty?.services, ['TCP 10.0.0.100:80 by DR', 'TCP 10.0.0.101:443 by DR']);
  t.deepEqual(duty?.listening, [
    { protocol: 'TCP', address: '10.0.0.100', port: 80 },
    { protocol: 'TCP', address: '10.0.0.101', port: 443 },
  ]);
});

test('of a group it answers for every address', t => {
  const keys = ['10.0.0.100', '10.0.0.101'].map(
    address => ({ kind: 'address', protocol: 'TCP', address, port: 80 }) as const,
  );
  const group = virtualServer([web1()], { key: keys[0]!, group: { name: 'shop', keys } });
  t.deepEqual(dutiesOf(topology([group]), 'web1')[0]?.direct, ['10.0.0.100', '10.0.0.101']);
});

test('the addresses of a marked service are those that are marked', t => {
  const marked = virtualServer([web1({ port: 0 })], { key: { kind: 'fwmark', mark: 7, family: 4 } });
  const mark = (number: number, destination: string) => ({
    mark: number,
    protocol: 'TCP' as const,
    destination,
    ports: [{ from: 80, to: 80 }],
  });
  const [known] = dutiesOf(
    topology([marked], { marks: [mark(7, '10.0.0.100'), mark(8, '10.0.0.101')] }),
    'web1',
  );
  t.deepEqual(known?.direct, ['10.0.0.100']);
  t.deepEqual(known?.notes, []);
  const [unknown] = dutiesOf(topology([marked]), 'web1');
  t.deepEqual(unknown?.direct, []);
  t.is(unknown?.notes.length, 1);
});

test('by TUN the wrapping is known', t => {
  const tunnel = { type: 'gue', port: 5555, checksum: 'plain' } as const;
  const [duty] = dutiesOf(topology([service('10.0.0.100', web1({ forwarding: 'TUN', tunnel }))]), 'web1');
  t.deepEqual(duty?.tunnels, [{ address: '10.0.0.100', type: 'gue', port: 5555, hasChecksum: true }]);
  const [plain] = dutiesOf(topology([service('10.0.0.100', web1({ forwarding: 'TUN' }))]), 'web1');
  t.deepEqual(plain?.tunnels, [{ address: '10.0.0.100', type: 'ipip', port: 0, hasChecksum: false }]);
});

test('by NAT the way back is an address of the director that moves, before one that does not', t => {
  const nat = service('192.0.2.100', web1({ forwarding: 'NAT', port: 8080 }));
  const inside = { name: 'eth1', addresses: [{ address: '10.0.0.2', prefix: 24 }], routes: [] };
  const only = dutiesOf(topology([nat], { interfaces: [inside] }), 'web1')[0];
  t.deepEqual(only?.wayBack, { gateway: '10.0.0.2', ownNetworks: [] });
  t.deepEqual(only?.listening, [{ protocol: 'TCP', address: '10.0.0.11', port: 8080 }]);
  const vrrpInstances = [{ ...INSTANCE, virtualAddresses: [virtualAddress('10.0.0.1', 32)] }];
  const pair = dutiesOf(topology([nat], { interfaces: [inside], vrrpInstances }), 'web1')[0];
  t.is(pair?.wayBack?.gateway, '10.0.0.1');
  t.is(dutiesOf(topology([nat]), 'web1')[0]?.wayBack?.gateway, null);
});

test('clients in its own network must not be answered directly', t => {
  const nat = service('10.0.0.100', web1({ forwarding: 'NAT' }));
  const [duty] = dutiesOf(topology([nat], { vrrpInstances: [INSTANCE] }), 'web1');
  t.deepEqual(duty?.wayBack, {
    gateway: '10.0.0.100',
    ownNetworks: [{ address: '10.0.0.0', prefix: 24 }],
  });
});

test('the director itself is known as such, and a host with two addresses has two duties', t => {
  const own = { name: 'eth0', addresses: [{ address: '10.0.0.11', prefix: 24 }], routes: [] };
  const both = [
    service('10.0.0.100', web1()),
    service('2001:db8::100', realServer('2001:db8::11', { name: 'web1' })),
  ];
  const [four, six] = dutiesOf(topology(both, { interfaces: [own] }), 'web1');
  t.true(four?.isDirector);
  t.false(six?.isDirector);
  t.deepEqual(six?.direct, ['2001:db8::100']);
});
