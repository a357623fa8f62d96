import test from 'ava';
import { filterSlice } from '../../src/director/control/slices.ts';
import { INSTANCE, sampleConfig, virtualAddress, virtualServer } from './sample.ts';

test('addresses that accept packets need no rule', t => {
  t.deepEqual(filterSlice(sampleConfig()).noAccept, []);
});

test('addresses of a no_accept instance come with the services that IPVS forwards from them', t => {
  const byAddress = virtualServer([]);
  const elsewhere = virtualServer([], {
    key: { kind: 'address', protocol: 'TCP', address: '10.0.0.200', port: 80 },
  });
  const byMark = virtualServer([], { key: { kind: 'fwmark', mark: 7, family: 4 } });
  const byMark6 = virtualServer([], { key: { kind: 'fwmark', mark: 7, family: 6 } });
  const config = sampleConfig({
    vrrpInstances: [{ ...INSTANCE, accept: false }],
    virtualServers: [byAddress, elsewhere, byMark, byMark6],
  });
  t.deepEqual(filterSlice(config).noAccept, [
    { address: '10.0.0.100', services: [byAddress.key, byMark.key] },
  ]);
});

test('excluded addresses take no packets either', t => {
  const excludedAddresses = [virtualAddress('10.0.0.101'), virtualAddress('2001:db8::1', 64)];
  const config = sampleConfig({ vrrpInstances: [{ ...INSTANCE, accept: false, excludedAddresses }] });
  const addresses = filterSlice({ ...config, virtualServers: [] }).noAccept.map(({ address }) => address);
  t.deepEqual(addresses, ['10.0.0.100', '10.0.0.101', '2001:db8::1']);
});

test('services are only kept from connection tracking where masquerading has turned it on', t => {
  const service = virtualServer([]);
  const byMark = virtualServer([], { key: { kind: 'fwmark', mark: 7, family: 4 } });
  const masquerades = [{ source: { address: '10.1.0.0', prefix: 24 }, outInterface: 'eth1' }];
  const config = sampleConfig({ virtualServers: [service, byMark], masquerades });
  t.deepEqual(filterSlice(config).untracked, [service.key]);
  t.deepEqual(filterSlice({ ...config, masquerades: [] }).untracked, []);
  const sysctls = [{ path: 'net/ipv4/vs/conntrack', value: '1' }];
  const tuning = { sysctls, unbind: [], interfaces: [] };
  t.deepEqual(filterSlice({ ...config, tuning }).untracked, []);
  const many = Array.from({ length: 33 }, () => service);
  t.deepEqual(filterSlice({ ...config, virtualServers: many }).untracked, []);
});
