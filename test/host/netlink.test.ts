import { createInterface } from 'node:readline';
import test from 'ava';
import type { InterfaceConfig } from '../../src/director/config/config.ts';
import { buildScript, hasVlans, space } from './netlink/space.ts';

test.before(buildScript);

const blocks: InterfaceConfig[] = [
  {
    name: 'va',
    addresses: [
      { address: '10.0.0.1', prefix: 24 },
      { address: '2001:db8::1', prefix: 64 },
    ],
    routes: [
      { destination: { address: '0.0.0.0', prefix: 0 }, gateway: '10.0.0.254' },
      { destination: { address: '10.8.0.0', prefix: 16 }, gateway: null },
      { destination: { address: '2001:db8:8::', prefix: 48 }, gateway: '2001:db8::fe' },
    ],
  },
  { name: 'vb', addresses: [{ address: '10.1.0.1', prefix: 24 }], routes: [] },
];

test.serial('interfaces, addresses and routes become what is configured, and are seen to be', t => {
  const { addresses, director, ip, routes } = space();
  const [changes, left, failure] = director('network', blocks);
  t.is(changes.length, 7);
  t.deepEqual([left, failure], [[], null]);
  t.deepEqual(addresses('va'), ['10.0.0.1/24', '2001:db8::1/64']);
  t.deepEqual(addresses('vb'), ['10.1.0.1/24']);
  t.deepEqual(routes(), [
    'default 10.0.0.254 va',
    '10.8.0.0/16 direct va',
    '2001:db8:8::/48 2001:db8::fe va',
  ]);
  t.true(JSON.parse(ip('-j link show dev vb'))[0].flags.includes('UP'));
});

test.serial('what somebody else did to it is put right, and what is not ours stays', t => {
  const { addresses, director, ip, routes } = space();
  director('network', blocks);
  ip('addr del 10.0.0.1/24 dev va');
  ip('addr add 10.5.0.1/24 dev va');
  ip('route replace default via 10.1.0.254');
  ip('link set vb down');
  const [changes, left, failure] = director('network', blocks);
  t.true(changes.includes('set vb up'));
  t.true(changes.includes('add 10.0.0.1/24 on va'));
  t.deepEqual([left, failure], [[], null]);
  t.deepEqual(addresses('va').sort(), ['10.0.0.1/24', '10.5.0.1/24', '2001:db8::1/64']);
  t.true(routes().includes('default 10.0.0.254 va'));
});

test.serial('what is no longer configured goes, and another prefix is taken', t => {
  const { addresses, director, ip, routes } = space();
  director('network', blocks);
  ip('route add 10.9.0.0/16 via 10.0.0.9');
  const smaller = [
    {
      name: 'va',
      addresses: [
        { address: '10.0.0.1', prefix: 16 },
        { address: '2001:db8::1', prefix: 48 },
      ],
      routes: [],
    },
  ];
  const [, left, failure] = director('network', smaller);
  t.deepEqual([left, failure], [[], null]);
  t.deepEqual(addresses('va'), ['10.0.0.1/16', '2001:db8::1/48']);
  t.deepEqual(addresses('vb'), []);
  t.deepEqual(routes(), []);
});

test.serial('an address that is there already is adopted', t => {
  const { director, ip } = space();
  ip('addr add 10.0.0.1/24 dev va');
  ip('link set vb up');
  const [changes] = director('network', [
    { ...blocks[0]!, addresses: blocks[0]!.addresses.slice(0, 1), routes: [] },
  ]);
  t.deepEqual(changes, []);
});

test.serial('an interface that does not exist keeps nothing else from being done', t => {
  const { addresses, director } = space();
  const [, left, failure] = director('network', [{ ...blocks[1]!, name: 'eth9' }, blocks[1]!]);
  t.deepEqual(left, ['wait for interface eth9, which does not exist']);
  t.is(failure, left[0]);
  t.deepEqual(addresses('vb'), ['10.1.0.1/24']);
});

/** As the configuration has it. */
const vlan: InterfaceConfig = {
  name: 'va.5',
  vlan: { base: 'va', id: 5 },
  addresses: [{ address: '10.5.0.1', prefix: 24 }],
  routes: [{ destination: { address: '10.8.0.0', prefix: 16 }, gateway: '10.5.0.9' }],
};

const vlans = hasVlans();
const vlanTest = vlans ? test.serial : test.serial.skip;
const title =
  'a VLAN is made, follows the MTU, and goes when nobody asks for it, but not that of somebody else';

vlanTest(`${title}${vlans ? '' : ': this kernel has no VLANs'}`, t => {
  const { addresses, director, ip } = space();
  ip('link add link va name va.6 type vlan id 6');
  ip('link set va down');
  t.deepEqual(director('network', [vlan]).slice(1), [[], null]);
  t.deepEqual(addresses('va.5'), ['10.5.0.1/24']);
  t.like(JSON.parse(ip('-j -d link show dev va.5'))[0], {
    link: 'va',
    group: '19',
    linkinfo: { info_kind: 'vlan', info_data: { protocol: '802.1Q', id: 5 } },
  });
  ip('link set va mtu 1400');
  ip('link set va mtu 1500');
  t.deepEqual(director('network', [vlan])[0], ['set the MTU of va.5 to 1500']);
  t.deepEqual(director('network', []), [['delete va.5'], [], null]);
  t.notThrows(() => ip('link show va.6'));
});

test.serial('a VLAN that cannot be made is told, and keeps nothing else from being done', t => {
  const { addresses, director } = space();
  const impossible: InterfaceConfig = { ...vlan, name: 'vc.5', vlan: { base: 'vc', id: 5 } };
  const [, , failure] = director('network', [impossible, blocks[1]!]);
  t.regex(failure, /vc/);
  t.deepEqual(addresses('vb'), ['10.1.0.1/24']);
});

test.serial('an interface that is there under the name of a VLAN stays as it is', t => {
  const { addresses, director, ip } = space();
  ip('link add link va name va.5 group 19 type macvlan');
  const [, left, failure] = director('network', [vlan, blocks[1]!]);
  t.deepEqual(left, ['va.5 is there already and is not VLAN 5 of va: rename or remove it']);
  t.is(failure, left[0]);
  t.deepEqual([addresses('va.5'), addresses('vb')], [[], ['10.1.0.1/24']]);
  director('network', []);
  t.notThrows(() => ip('link show va.5'));
});

test.serial('a virtual address is marked, renewed, and taken off by the kernel when nobody renews it', t => {
  const { addresses, director, ip } = space();
  const [{ ifindex }] = JSON.parse(ip('-j link show dev va'));
  const lines = director('lease', ifindex);
  const set = { set: '0a000050', protocol: 18, valid: 1, label: 'va:vip' };
  t.deepEqual(
    lines.filter(line => 'set' in line),
    [set, set],
  );
  t.true(lines.some(({ again }) => /^EEXIST/.test(again)));
  t.deepEqual(lines.at(-1), { gone: '0a000050' });
  t.deepEqual(addresses('va'), []);
});

test.serial('addresses are read as iproute2 shows them', t => {
  const { director, ip } = space();
  ip('addr add 10.0.0.1/24 brd 10.0.0.255 dev va label va:x valid_lft 300 preferred_lft 200');
  ip('-6 addr add 2001:db8::1/64 dev va nodad');
  const [{ ifindex }] = JSON.parse(ip('-j link show dev va'));
  const read = director('addresses').filter(each => each.interface === ifindex && each.scope === 0);
  t.deepEqual(
    read.map(({ address, prefix, label, broadcast }) => ({ address, prefix, label, broadcast })),
    [
      { address: '0a000001', prefix: 24, label: 'va:x', broadcast: '0a0000ff' },
      { address: '20010db8000000000000000000000001', prefix: 64, label: null, broadcast: null },
    ],
  );
  t.true(read[0].validLifetime > 290 && read[0].preferredLifetime <= 200);
  t.is(read[1].flags & 0x02, 0x02);
});

test.serial('the purge takes exactly the virtual addresses off', t => {
  const { addresses, director, ip } = space();
  director('network', blocks);
  ip('addr add 10.5.0.1/24 dev va');
  const [{ ifindex }] = JSON.parse(ip('-j link show dev va'));
  director('hold', ifindex);
  t.is(addresses('va').length, 5);
  t.deepEqual(director('purge'), [2]);
  t.deepEqual(addresses('va').sort(), ['10.0.0.1/24', '10.5.0.1/24', '2001:db8::1/64']);
});

test.serial(
  'rules, routes of every kind and macvlan interfaces are what iproute2 shows, and go with the purge',
  t => {
    const { director, ip } = space();
    director('network', blocks);
    ip('route add 10.20.0.0/16 via 10.0.0.2');
    ip('rule add from 10.5.0.0/16 table 7 prio 999');
    ip('link add link va name mine type macvlan mode private');
    const [{ ifindex }] = JSON.parse(ip('-j link show dev va'));
    t.deepEqual(director('hold219', ifindex), []);
    const shown = (words: string) =>
      ip(words)
        .replace(/ +$/gm, '')
        .replace(/\n\t/g, ' ')
        .trim()
        .split('\n')
        .map(line => line.replace(/ +/g, ' '));
    t.deepEqual(shown('route show proto 219 table all'), [
      '10.9.0.0/16 table 1000 metric 5 nexthop via 10.0.0.2 dev va weight 3 nexthop via 10.0.0.3 dev va weight 1',
      'blackhole 10.7.0.0/16',
      '10.8.0.0/16 via 10.0.0.2 dev va mtu 1400',
      '2001:db8:7::/48 dev va metric 1024 pref medium',
      'unreachable 2001:db8:8::/48 dev lo metric 1024 pref medium',
    ]);
    t.true(shown('rule show').includes('1000:\tfrom 10.0.0.80 fwmark 0x7/0xff iif va lookup 1000 proto 219'));
    t.true(shown('-6 rule show').includes('1001:\tfrom all to 2001:db8:9::/48 oif va prohibit proto 219'));
    t.regex(
      ip('-d link show vrrp.51'),
      /vrrp\.51@va.*group 18[\s\S]*00:00:5e:00:01:33[\s\S]*macvlan mode private/,
    );
    t.deepEqual(director('purge'), [0]);
    t.is(ip('route show proto 219 table all'), '');
    t.notRegex(ip('rule show') + ip('-6 rule show'), /219/);
    t.notRegex(ip('link show'), /vrrp\.51/);
    t.regex(ip('link show'), /mine/);
    t.regex(ip('rule show'), /^999:/m);
    t.regex(ip('route show'), /10\.20\.0\.0/);
  },
);

test.serial('with the filter of our own addresses only what others set is heard, and what goes', t => {
  const { director, ip } = space();
  ip('addr add 10.0.0.1/24 dev va');
  const [{ ifindex }] = JSON.parse(ip('-j link show dev va'));
  const lines = director('filtered', ifindex).filter(line => !('set' in line && line.set.startsWith('fe80')));
  t.deepEqual(lines, [
    { set: '0a000051', protocol: 0 },
    { set: '0a000051', protocol: 0 },
    { set: '0a000052', protocol: 19 },
    { set: '0a000052', protocol: 19 },
    { read: 1 },
    { gone: '0a000050' },
    { gone: '0a000051' },
  ]);
});

test.serial('interfaces are followed as they change', async t => {
  const { ip, start } = space();
  const child = start('monitor');
  const lines: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    lines.push(event);
    // What happens next depends on what was told last, so that nothing is told about two changes at once.
    if ('ready' in event) ip('link set vb up');
    else if (event.changed === 'va' && event.running && event.mtu === 1500) ip('link set va mtu 1400');
    else if (event.changed === 'va' && event.mtu === 1400 && event.up && event.running)
      ip('link set va down');
    else if (event.changed === 'va' && !event.up) ip('link del va');
  }
  const words = lines.map(line => JSON.stringify(line));
  t.true(words.includes('{"changed":"va","up":true,"running":true,"mtu":1500}'));
  t.true(words.includes('{"changed":"va","up":true,"running":true,"mtu":1400}'));
  t.true(words.includes('{"changed":"va","up":false,"running":false,"mtu":1400}'));
  t.regex(words.at(-1)!, /removed/);
});
