import test from 'ava';
import { NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import { differingSysctls, neededSysctls, writeSysctl } from '../../src/director/system/sysctls.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, sampleConfig, virtualServer } from './sample.ts';

const paths = (config: Parameters<typeof neededSysctls>[0]) =>
  neededSysctls(config).map(({ path, value }) => `${path}=${value}`);

test('direct routing forwards nothing, and sends no redirects', t => {
  t.deepEqual(paths(sampleConfig()), [
    'net/ipv4/conf/all/send_redirects=0',
    'net/ipv4/conf/default/send_redirects=0',
    'net/ipv4/conf/eth0/send_redirects=0',
    'net/ipv4/conf/all/promote_secondaries=1',
  ]);
});

test('NAT and masquerading forward, by family', t => {
  const nat = sampleConfig({
    virtualServers: [virtualServer([realServer('10.1.0.1', { forwarding: 'NAT' })])],
  });
  t.true(paths(nat).includes('net/ipv4/ip_forward=1'));
  t.false(paths(nat).includes('net/ipv6/conf/all/forwarding=1'));
  const sorryServer = {
    address: '10.1.0.9',
    port: 80,
    forwarding: 'NAT',
    inhibits: false,
    checks: [],
  } as const;
  const sorry = sampleConfig({
    virtualServers: [{ ...virtualServer([realServer('10.1.0.1')]), sorryServer }],
  });
  t.true(paths(sorry).includes('net/ipv4/ip_forward=1'));
  const nat6 = sampleConfig({
    virtualServers: [virtualServer([realServer('2001:db8::1', { forwarding: 'NAT' })])],
  });
  t.true(paths(nat6).includes('net/ipv6/conf/all/forwarding=1'));
  t.false(paths(nat6).includes('net/ipv4/ip_forward=1'));
  const masquerade = { source: { address: '10.1.0.0', prefix: 24 }, outInterface: 'eth0.7' };
  const out = paths(sampleConfig({ masquerades: [masquerade] }));
  t.true(out.includes('net/ipv4/ip_forward=1'));
  t.true(out.includes('net/ipv4/conf/eth0.7/send_redirects=0'));
});

test('a configuration without services and instances needs nothing', t => {
  t.deepEqual(paths(sampleConfig({ virtualServers: [], vrrpInstances: [] })), []);
});

test('a director that is a real server too leaves balancing to the master, and does not answer for its addresses on lo', t => {
  const syncDaemon = { interface: 'eth1', instance: 'web' } as NonNullable<typeof NO_VRRP.syncDaemon>;
  const vrrp = { ...NO_VRRP, syncDaemon };
  const own = { name: 'eth0', addresses: [{ address: '10.0.0.11', prefix: 24 }], routes: [] };
  const settings = (config: Parameters<typeof sampleConfig>[0]) =>
    paths(sampleConfig(config)).filter(path => /vs|arp/.test(path));
  t.deepEqual(settings({ vrrp, interfaces: [own] }), [
    'net/ipv4/vs/backup_only=1',
    'net/ipv4/conf/all/arp_ignore=1',
    'net/ipv4/conf/all/arp_announce=2',
  ]);
  t.deepEqual(settings({ vrrp }), ['net/ipv4/vs/backup_only=0']);
  t.deepEqual(settings({ interfaces: [own] }).length, 2);
  const nat = [virtualServer([realServer('10.0.0.11', { forwarding: 'NAT' })])];
  t.deepEqual(settings({ vrrp, interfaces: [own], virtualServers: nat }), ['net/ipv4/vs/backup_only=0']);
});

test('only what differs is written, and what the kernel lacks is told', t => {
  const platform = createFake({ files: { '/proc/sys/a/right': '1\n', '/proc/sys/a/wrong': '0\n' } });
  const missing: string[] = [];
  const needed = ['a/right', 'a/wrong', 'a/absent'].map(path => ({ path, value: '1' }));
  const differing = differingSysctls(platform, needed, path => missing.push(path));
  t.deepEqual(differing, [{ path: 'a/wrong', value: '1' }]);
  t.deepEqual(missing, ['a/absent']);
  for (const sysctl of differing) writeSysctl(platform, sysctl);
  t.deepEqual(
    differingSysctls(platform, needed, () => {}),
    [],
  );
});
