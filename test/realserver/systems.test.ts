import test from 'ava';
import type { Duty } from '../../src/director/realserver/duty.ts';
import { NoRecipe } from '../../src/director/realserver/recipe.ts';
import { SYSTEMS } from '../../src/director/realserver/systems.ts';

const NOTHING: Duty = {
  address: '10.0.0.11',
  name: 'web1',
  services: [],
  direct: [],
  tunnels: [],
  wayBack: null,
  listening: [],
  isDirector: false,
  notes: [],
};

function recipe(system: string, duty: Partial<Duty>) {
  return SYSTEMS.find(({ name }) => name === system)!.recipe({ ...NOTHING, ...duty });
}

const ipip = { address: '10.0.0.100', type: 'ipip', port: 0, hasChecksum: false } as const;

test('Linux by DR is silent about the address before it has it', t => {
  t.deepEqual(recipe('debian', { direct: ['10.0.0.100'] }).commands, [
    'sysctl -q -w net.ipv4.conf.all.arp_ignore=1',
    'sysctl -q -w net.ipv4.conf.all.arp_announce=2',
    'ip address replace 10.0.0.100/32 dev lo',
  ]);
  t.deepEqual(recipe('debian', { direct: ['2001:db8::100'] }).commands, [
    'ip address replace 2001:db8::100/128 dev lo',
  ]);
});

test('Linux opens the tunnel that the packets come through', t => {
  const commands = (address: string, tunnel: Partial<Duty['tunnels'][number]>) =>
    recipe('debian', { address, tunnels: [{ ...ipip, ...tunnel }] }).commands.slice(2);
  t.deepEqual(commands('10.0.0.11', {}), [
    'modprobe ipip',
    'ip link set tunl0 up',
    'sysctl -q -w net.ipv4.conf.tunl0.rp_filter=2',
    'ip address replace 10.0.0.100/32 dev tunl0',
  ]);
  t.deepEqual(commands('10.0.0.11', { type: 'gue', port: 5555 }).slice(0, 3), [
    'modprobe fou',
    'ip fou add port 5555 gue || true',
    'modprobe ipip',
  ]);
  t.is(
    commands('10.0.0.11', { type: 'gre', hasChecksum: true })[0],
    'ip link show lvs-gre4 >/dev/null 2>&1 || ip link add lvs-gre4 type gre local 10.0.0.11 icsum',
  );
  t.is(
    commands('2001:db8::11', { type: 'gre' })[0]?.split('|| ')[1],
    'ip link add lvs-gre6 type ip6gre local 2001:db8::11',
  );
  t.is(
    commands('2001:db8::11', {})[0]?.split('|| ')[1],
    'ip link add lvs-tnl6 type ip6tnl mode ipip6 local 2001:db8::11 remote ::',
  );
  const six = recipe('debian', { tunnels: [{ ...ipip, address: '2001:db8::100' }] }).commands;
  t.deepEqual(six, [
    'modprobe sit',
    'ip link set sit0 up',
    'ip address replace 2001:db8::100/128 dev sit0 nodad',
  ]);
});

test('Linux by NAT answers through the director, on one network also those who are near', t => {
  const far = { gateway: '10.0.0.1', ownNetworks: [] };
  t.deepEqual(recipe('redhat', { wayBack: far }).commands, ['ip -4 route replace default via 10.0.0.1']);
  const near = { gateway: '10.0.0.1', ownNetworks: [{ address: '10.0.0.0', prefix: 24 }] };
  const { commands, files } = recipe('debian', { wayBack: near });
  t.deepEqual(commands.slice(1), [
    'sysctl -q -w "net.ipv4.conf.all.accept_redirects=0"',
    'sysctl -q -w "net.ipv4.conf.$dev.accept_redirects=0"',
    'ip -4 route replace 10.0.0.1 dev "$dev" scope link',
    'ip -4 route replace default via 10.0.0.1 dev "$dev"',
    'ip -4 route delete 10.0.0.0/24 dev "$dev" 2>/dev/null || true',
  ]);
  const stop = files[0]!.content.split('stop)\n')[1]!;
  t.regex(
    stop,
    /^ {2}dev=.*\n {2}ip -4 route replace 10\.0\.0\.0\/24 .*\n {2}ip -4 route delete 10\.0\.0\.1 /,
  );
});

test('Linux without systemd has no files, and who has nothing to do writes none', t => {
  t.deepEqual(recipe('linux', { direct: ['10.0.0.100'] }).files, []);
  t.deepEqual(recipe('debian', {}).files, []);
  t.deepEqual(recipe('debian', {}).enabling, []);
  t.is(recipe('debian', { direct: ['10.0.0.100'] }).files.length, 2);
});

test('a way back that the configuration does not name is told', t => {
  for (const { name } of SYSTEMS) {
    const { commands, notes } = recipe(name, { wayBack: { gateway: null, ownNetworks: [] } });
    t.true(
      commands.some(line => line.includes('GATEWAY')),
      name,
    );
    t.true(
      notes.some(line => line.includes('GATEWAY')),
      name,
    );
  }
});

test('FreeBSD and Windows have addresses of their own loopback, but no tunnels', t => {
  t.deepEqual(recipe('freebsd', { direct: ['10.0.0.100', '2001:db8::100'] }).commands, [
    'ifconfig lo0 inet 10.0.0.100 netmask 255.255.255.255 alias',
    'ifconfig lo0 inet6 2001:db8::100 prefixlen 128 alias',
  ]);
  const windows = recipe('windows', { direct: ['10.0.0.100'] });
  t.is(
    windows.commands.at(-1),
    'New-NetIPAddress -InterfaceAlias LVS -IPAddress 10.0.0.100 -PrefixLength 32 -SkipAsSource $true',
  );
  for (const name of ['freebsd', 'windows']) {
    t.throws(() => recipe(name, { tunnels: [ipip] }), { instanceOf: NoRecipe });
  }
});

test('every check verifies everything that the commands do', t => {
  const duty: Partial<Duty> = {
    direct: ['10.0.0.100'],
    wayBack: { gateway: '10.0.0.1', ownNetworks: [{ address: '10.0.0.0', prefix: 24 }] },
    listening: [{ protocol: 'TCP', address: '10.0.0.100', port: 80 }],
  };
  for (const { name } of SYSTEMS) {
    const { check } = recipe(name, duty);
    for (const word of ['10.0.0.11 ', '10.0.0.100', '10.0.0.1"?[ )$]', '10.0.0.0/24', '80', 'exit \\$bad']) {
      t.regex(check, new RegExp(word), `${name}: ${word}`);
    }
  }
  const tunnels = [{ ...ipip, type: 'gue' as const, port: 5555 }];
  t.regex(recipe('debian', { tunnels }).check, /takes_gue 5555/);
});

test('an address that comes through several tunnels is on each of their devices', t => {
  const tunnels = [ipip, { ...ipip, type: 'gre' as const }, { ...ipip, type: 'gue' as const, port: 5555 }];
  const { commands, check, notes } = recipe('debian', { tunnels });
  for (const device of ['tunl0', 'lvs-gre4']) {
    t.is(commands.filter(line => line === `ip address replace 10.0.0.100/32 dev ${device}`).length, 1);
    t.true(check.includes(`has 10.0.0.100/32 ${device}\n`));
  }
  t.true(check.includes("only 10.0.0.100 'tunl0|lvs-gre4'\n"));
  t.false(notes.some(note => note.includes('checksum')));
  const mixed = [...tunnels, { ...ipip, type: 'gre' as const, hasChecksum: true }];
  t.true(recipe('debian', { tunnels: mixed }).notes.some(note => note.includes('checksum')));
});
