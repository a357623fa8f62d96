// Every keyword of an instance, and what it makes of it.
import test from 'ava';
import type { VrrpInstanceConfig } from '../../src/director/config/vrrp-config.ts';
import { goodConfig, instance, load, problemsOf } from './support.ts';

function only(lines: string, address?: string): VrrpInstanceConfig {
  return goodConfig(instance(lines, 'VI_1', 51, address)).vrrpInstances[0]!;
}

/** An instance with warnings. */
function warned(lines: string): VrrpInstanceConfig {
  return load(instance(lines)).config!.vrrpInstances[0]!;
}

function messages(text: string): string[] {
  return problemsOf(text).map(each => each.slice(each.indexOf(' ') + 1));
}

const KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';

test('each word of the election', t => {
  t.is(only('preempt_delay 4.12').preemptDelay, 4120);
  t.is(only('down_timer_adverts 5').downTimerAdverts, 5);
  t.false(only('lower_prio_no_advert').answersLowerPriority);
  t.true(only('lower_prio_no_advert off').answersLowerPriority);
  t.true(only('higher_prio_send_advert yes').answersHigherPriority);
  t.true(only('owner_ignore_adverts').ownerIgnoresAdverts);
  t.true(only('strict_mode on').strict);
  t.false(only('dont_track_primary').tracksInterface);
  t.deepEqual(messages(instance('down_timer_adverts 101')), [
    'error: "101" is not a whole number from 1 to 100',
  ]);
  t.deepEqual(messages(instance('strict_mode maybe')), [
    'error: "maybe" is not one of on, off, yes, no, true, false',
  ]);
});

test('what global_defs says holds for instances that do not say', t => {
  const text = (globals: string, own = '') => `global_defs {\n${globals}\n}\n${instance(own)}`;
  const with_ = (globals: string, own?: string) => goodConfig(text(globals, own)).vrrpInstances[0]!;
  t.is(with_('vrrp_down_timer_adverts 4').downTimerAdverts, 4);
  t.is(with_('vrrp_down_timer_adverts 4', 'down_timer_adverts 3').downTimerAdverts, 3);
  t.false(with_('vrrp_lower_prio_no_advert').answersLowerPriority);
  t.true(with_('vrrp_lower_prio_no_advert', 'lower_prio_no_advert off').answersLowerPriority);
  t.true(with_('vrrp_higher_prio_send_advert').answersHigherPriority);
  t.true(with_('vrrp_owner_ignore_adverts').ownerIgnoresAdverts);
  t.true(with_('vrrp_strict').strict);
  t.false(with_('vrrp_strict', 'strict_mode off').strict);
  t.is(with_('vrrp_mcast_group4 224.0.0.20').multicastGroup, '224.0.0.20');
  t.is(with_('vrrp_checksum rfc9568').checksum, 'rfc9568');
  t.is(with_('vrrp_checksum rfc9568', 'v3_checksum_as_v2 off').checksum, 'keepalived');
  t.is(with_('v3_checksum_as_v2').checksum, 'rfc9568');
  t.true(with_('vrrp_check_unicast_src', 'unicast_peer {\n192.0.2.12\n}').unicast?.checkSource);
  t.is(goodConfig(text('vrrp_startup_delay 5.5')).vrrp.startupDelay, 5500);
});

test('preempt_delay does nothing where nothing waits', t => {
  for (const [other, reason] of [
    ['state MASTER', 'state MASTER'],
    ['nopreempt', 'nopreempt'],
    ['priority 255', 'priority 255'],
  ]) {
    const text = instance(`preempt_delay 5\n${other}`);
    t.deepEqual(problemsOf(text), [`7:1 warning: preempt_delay has no effect with ${reason}`]);
    t.is(warned(`preempt_delay 5\n${other}`).preemptDelay, 0);
  }
});

test('where advertisements come from and go to', t => {
  t.like(only('mcast_src_ip 192.0.2.11\ntrack_src_ip'), {
    sourceAddress: '192.0.2.11',
    tracksSourceAddress: true,
    unicast: null,
  });
  t.is(only('mcast_dst_ip 224.0.0.99').multicastGroup, '224.0.0.99');
  const peers =
    'unicast_src_ip 192.0.2.11\nunicast_peer {\n192.0.2.12\n192.0.2.13 min_ttl 250 max_ttl 255\n}';
  t.deepEqual(only(`${peers}\nunicast_ttl 64`).unicast, {
    peers: [
      { address: '192.0.2.12', minimumTtl: 0, maximumTtl: 255 },
      { address: '192.0.2.13', minimumTtl: 250, maximumTtl: 255 },
    ],
    ttl: 64,
    checkSource: true,
  });
  const plain = 'unicast_peer {\n192.0.2.12\n}\nunicast_fault_no_peer';
  t.false(only(plain).unicast?.checkSource);
  t.true(only(`${plain}\ncheck_unicast_src`).unicast?.checkSource);
});

test('what contradicts itself on the way of advertisements', t => {
  const peer = (line: string) => instance(`unicast_src_ip 192.0.2.11\nunicast_peer {\n${line}\n}`);
  t.deepEqual(problemsOf(peer('192.0.2.11')), ['9:1 error: 192.0.2.11 is this director itself']);
  t.deepEqual(problemsOf(peer('2001:db8::1')), ['9:1 error: 2001:db8::1 is not IPv4']);
  t.deepEqual(problemsOf(peer('192.0.2.12\n192.0.2.12')), ['10:1 warning: 192.0.2.12 is listed twice']);
  t.deepEqual(problemsOf(peer('192.0.2.12 min_ttl 9 max_ttl 8')), ['9:1 error: min_ttl is above max_ttl']);
  t.deepEqual(problemsOf(peer('192.0.2.12 min_ttl')), ['9:19 error: min_ttl needs TTL']);
  t.deepEqual(problemsOf(peer('192.0.2.12 ttl 3')), ['9:12 error: "ttl" is nothing that a peer takes']);
  t.deepEqual(messages(instance('unicast_src_ip 192.0.2.11')), [
    'warning: unicast_src_ip without a peer: multicast is used',
  ]);
  t.deepEqual(messages(instance('unicast_fault_no_peer')), ['error: no peer is listed']);
  t.deepEqual(messages(instance('mcast_dst_ip 224.0.0.99\nunicast_peer {\n192.0.2.12\n}')), [
    'warning: mcast_dst_ip has no effect with unicast_peer',
  ]);
  t.deepEqual(messages(instance('mcast_dst_ip 192.0.2.1')), [
    'error: "192.0.2.1" is not an IPv4 multicast or IPv6 link-local multicast address',
  ]);
  t.deepEqual(messages(instance('mcast_dst_ip ff02::99')), ['error: ff02::99 is not IPv4']);
  t.deepEqual(messages(instance('mcast_src_ip 2001:db8::1')), ['error: 2001:db8::1 is not IPv4']);
  t.deepEqual(
    messages(instance('mcast_src_ip 192.0.2.3\nunicast_src_ip 192.0.2.4\nunicast_peer {\n192.0.2.5\n}')),
    ['warning: mcast_src_ip and unicast_src_ip set the same source address'],
  );
  t.deepEqual(messages(instance('track_src_ip')), [
    'warning: track_src_ip has no effect without a source address',
  ]);
  t.deepEqual(messages(instance('native_ipv6')), ['error: native_ipv6 with IPv4 virtual addresses']);
  t.deepEqual(messages(instance('old_unicast_checksum')), [
    'error: the old checksum of unicast is not supported',
  ]);
  t.deepEqual(messages(instance('old_unicast_checksum never')), [
    'warning: old_unicast_checksum never has no effect here',
  ]);
});

test('a virtual MAC has a name of its own or one that is made', t => {
  t.deepEqual(only('use_vmac').virtualMac, { name: null, transmitFromBase: false });
  t.deepEqual(only('use_vmac web0\nvmac_xmit_base').virtualMac, { name: 'web0', transmitFromBase: true });
  t.is(only('use_vmac name web0').virtualMac?.name, 'web0');
  const text = `global_defs {\nvmac_prefix v\n}\n${instance('use_vmac')}`;
  t.is(goodConfig(text).vrrpInstances[0]?.virtualMac?.name, 'v.51');
  t.deepEqual(messages(instance('use_vmac 02:00:5e:00:01:33')), [
    'error: a virtual MAC of your own is not supported',
  ]);
  t.deepEqual(messages(instance('use_vmac averylonginterface')), [
    'error: "averylonginterface" is not the name of an interface (1 to 15 characters)',
  ]);
  t.deepEqual(messages(instance('vmac_xmit_base')), [
    'warning: vmac_xmit_base has no effect without use_vmac',
  ]);
  t.deepEqual(messages(instance('use_vmac\nunicast_peer {\n192.0.2.12\n}')), [
    'warning: use_vmac with peers needs vmac_xmit_base',
  ]);
  t.true(warned('use_vmac\nunicast_peer {\n192.0.2.12\n}').virtualMac?.transmitFromBase);
});

test('passwords', t => {
  const block = (lines: string) => `authentication {\n${lines}\n}`;
  t.deepEqual(only(block('auth_type PASS\nauth_pass "se cret"')).authentication, {
    kind: 'PASS',
    password: 'se cret',
  });
  t.deepEqual(problemsOf(instance(block('auth_type PASS\nauth_pass 123456789'))), [
    '9:11 warning: only the first 8 characters of the password count',
  ]);
  t.deepEqual(warned(block('auth_type PASS\nauth_pass 123456789')).authentication, {
    kind: 'PASS',
    password: '12345678',
  });
  t.deepEqual(messages(instance(block('auth_type AH\nauth_pass a'))), ['error: AH is not supported']);
  t.deepEqual(messages(instance(block('auth_type PASS'))), ['error: authentication has no auth_pass']);
  t.deepEqual(messages(instance(block('auth_pass a'))), [
    'warning: authentication has no effect without auth_type',
  ]);
  t.deepEqual(problemsOf(instance(`version 3\n${block('auth_type PASS\nauth_pass a')}`)), [
    '8:1 error: version 3 has no passwords (RFC 9568 section 9)',
  ]);
  t.deepEqual(messages(instance(block('auth_type PASS\nauth_pass é'))), [
    'error: this is not a password of printable ASCII characters',
  ]);
});

test('keys', t => {
  const block = (lines: string) => `auth_hmac {\n${lines}\n}`;
  t.deepEqual(only(block(`key 1 hex:${KEY}`)).authentication, {
    kind: 'HMAC',
    keys: [{ id: 1, key: KEY }],
    activeKey: 1,
    checksTime: true,
    timeWindow: 5000,
    enforces: true,
  });
  const two = `key 1 hex:${KEY.toUpperCase()}\nkey 2 0123456789012345678901234567890123456789\nactive_key 2`;
  t.like(only(block(`${two}\nanti_replay monotonic\nmode permissive`)).authentication, {
    keys: [
      { id: 1, key: KEY },
      { id: 2, key: '30313233343536373839'.repeat(4) },
    ],
    activeKey: 2,
    checksTime: false,
    enforces: false,
  });
  t.like(only(`advert_int 3\n${block(`key 1 hex:${KEY}`)}`).authentication, { timeWindow: 9000 });
  t.like(only(block(`key 1 hex:${KEY}\ntime_window 7`)).authentication, { timeWindow: 7000 });
  t.deepEqual(messages(instance(block('key 1 short'))), ['error: this is not a key of 32 to 64 bytes']);
  t.deepEqual(messages(instance(block(`key 1 hex:${KEY}0`))), ['error: this is not a key of 32 to 64 bytes']);
  t.deepEqual(messages(instance(block('active_key 1'))), ['error: auth_hmac has no key']);
  t.deepEqual(messages(instance(block(`key 1 hex:${KEY}\nactive_key 3`))), ['error: there is no key 3']);
  t.deepEqual(messages(instance(block(`key 1 hex:${KEY}\nkey 2 hex:${KEY}`))), [
    'error: auth_hmac has no active_key',
  ]);
  t.deepEqual(messages(instance(block(`key 1 hex:${KEY}\nkey 1 hex:${KEY}`))), [
    'error: there is a key 1 already',
  ]);
  t.deepEqual(
    messages(instance(`${block(`key 1 hex:${KEY}`)}\nauthentication {\nauth_type PASS\nauth_pass a\n}`)),
    ['warning: authentication has no effect beside auth_hmac'],
  );
});

test('a key may stand in a file', t => {
  const text = instance('auth_hmac {\nkey 1 file:/etc/vrrp51\n}');
  const { config } = load(text, { '/etc/vrrp51': `hex:${KEY}\n` });
  t.like(config?.vrrpInstances[0]?.authentication, { keys: [{ id: 1, key: KEY }] });
  t.deepEqual(problemsOf(text), ['8:7 error: cannot read /etc/vrrp51: no such file']);
});

test('when neighbours are told of the addresses', t => {
  t.deepEqual(only('').announcements, {
    delay: 5000,
    repeat: 5,
    refresh: 0,
    refreshRepeat: 1,
    lowerPriorityDelay: 5000,
    lowerPriorityRepeat: 5,
    arpInterval: 0,
    naInterval: 0,
    extraRefresh: 0,
  });
  const lines = [
    'garp_master_delay 1\ngarp_master_repeat 2\ngarp_master_refresh 60\ngarp_master_refresh_repeat 3',
    'garp_lower_prio_delay 0\ngarp_lower_prio_repeat 0\ngarp_extra_if all 100',
  ].join('\n');
  t.like(only(lines).announcements, {
    delay: 1000,
    repeat: 2,
    refresh: 60_000,
    refreshRepeat: 3,
    lowerPriorityDelay: 0,
    lowerPriorityRepeat: 0,
    extraRefresh: 100_000,
  });
  const globals = (text: string, own = '') =>
    goodConfig(`global_defs {\n${text}\n}\n${instance(own)}`).vrrpInstances[0]!.announcements;
  t.like(globals('vrrp_garp_master_delay 2\nvrrp_garp_master_repeat 3'), {
    delay: 2000,
    repeat: 3,
    lowerPriorityDelay: 2000,
    lowerPriorityRepeat: 3,
  });
  t.like(globals('vrrp_garp_master_delay 2', 'garp_master_delay 9'), {
    delay: 9000,
    lowerPriorityDelay: 2000,
  });
  t.like(globals('vrrp_min_garp'), { delay: 0, repeat: 1 });
  t.like(globals('vrrp_min_garp\nvrrp_garp_master_repeat 7'), { delay: 0, repeat: 7 });
  t.like(globals('vrrp_garp_interval 0.001\nvrrp_gna_interval 0.000001'), {
    arpInterval: 1,
    naInterval: 0.001,
  });
  t.deepEqual(messages(instance('garp_extra_if 100')), ['warning: garp_extra_if has no effect without all']);
  t.deepEqual(messages(instance('vmac_garp_intvl all 100')), ['warning: vmac_garp_intvl is an old word']);
});

test('garp_group paces announcements on its interfaces', t => {
  const group = (lines: string) => `garp_group {\n${lines}\n}\n`;
  const text = group('garp_interval 0.1\ngna_interval 0.2\ninterface eth0') + instance();
  t.like(goodConfig(text).vrrpInstances[0]?.announcements, { arpInterval: 100, naInterval: 200 });
  t.deepEqual(messages(group('interface eth0')), ['error: garp_group sets no interval']);
  t.deepEqual(messages(group('garp_interval 1')), ['error: garp_group has no interface']);
  t.deepEqual(messages(group('garp_interval 1\ninterfaces {\neth0\neth1\n}')), [
    'warning: the interfaces of this garp_group are paced each by itself',
  ]);
  t.deepEqual(messages(group('garp_interval 1\ninterface eth0').repeat(2)), [
    'error: eth0 is in a garp_group already',
  ]);
});

test('addresses with all that may follow them', t => {
  const [address] = only(
    '',
    '192.0.2.100/24 dev eth1 label eth1:vip brd + scope link no_track',
  ).virtualAddresses;
  t.deepEqual(address, {
    address: '192.0.2.100',
    prefix: 24,
    interface: 'eth1',
    label: 'eth1:vip',
    broadcast: '192.0.2.255',
    scope: 253,
    tracked: false,
  });
  t.is(only('', '192.0.2.100/24 broadcast 192.0.2.127').virtualAddresses[0]?.broadcast, '192.0.2.127');
  t.is(only('', '192.0.2.100/24 brd -').virtualAddresses[0]?.broadcast, null);
  t.is(only('', '192.0.2.100/24 scope 17').virtualAddresses[0]?.scope, 17);
  const refusals = [
    ['peer 10.0.0.1', 'error: peer is not supported'],
    ['noprefixroute', 'error: noprefixroute is not supported'],
    ['use_vmac', 'error: use_vmac is not supported'],
    ['track_group A', 'error: track_group is not supported'],
    ['home', 'warning: home has no effect here'],
    ['-nodad', 'warning: -nodad has no effect here'],
    ['mngtmpaddr', 'warning: mngtmpaddr has no effect here'],
    ['autojoin', 'warning: autojoin has no effect here'],
    ['preferred_lft forever', 'warning: preferred_lft has no effect here'],
    [
      'scope wide',
      'error: "wide" is not one of global, universe, site, link, host, nowhere, or a number up to 255',
    ],
    ['label eth0:averylongname', 'error: "eth0:averylongname" is not a label of 1 to 15 characters'],
    ['brd x', 'error: "x" is not an IPv4 address, + or -'],
  ] as const;
  for (const [option, message] of refusals) {
    t.deepEqual(problemsOf(instance('', 'A', 1, `192.0.2.100/24 ${option}`)).map(shorten), [message]);
  }
});

function shorten(problem: string): string {
  return problem.slice(problem.indexOf(' ') + 1);
}

test('excluded addresses are of any family and stand not in both lists', t => {
  const excluded = (lines: string) => `virtual_ipaddress_excluded {\n${lines}\n}`;
  const { excludedAddresses } = only(excluded('192.0.2.101/24\n2001:db8::1/64 dev eth1'));
  t.deepEqual(
    excludedAddresses.map(({ address, interface: device }) => `${address} ${device}`),
    ['192.0.2.101 eth0', '2001:db8::1 eth1'],
  );
  t.deepEqual(messages(instance(excluded('192.0.2.100'))), ['warning: 192.0.2.100 is listed twice']);
  t.deepEqual(messages(instance('no_virtual_ipaddress')), ['error: no_virtual_ipaddress is not supported']);
});

test('an instance whose first address is IPv6 is one for IPv6, of version 3', t => {
  const six = only('', 'fe80::100/64\n2001:db8::100/64');
  t.like(six, { family: 6, version: 3, multicastGroup: 'ff02::12' });
  const swapped = only('', '2001:db8::100/64\nfe80::100/64');
  t.deepEqual(
    swapped.virtualAddresses.map(each => each.address),
    ['fe80::100', '2001:db8::100'],
  );
  t.deepEqual(messages(instance('', 'A', 1, '2001:db8::100/64')), [
    'warning: no virtual address is link-local, as RFC 9568 section 5.2.9 wants the first to be',
  ]);
  t.deepEqual(messages(instance('version 2', 'A', 1, 'fe80::1/64')), ['error: version 2 has no IPv6']);
  t.deepEqual(messages(instance('native_ipv6', 'A', 1, 'fe80::1/64')), [
    'warning: native_ipv6 is an old word',
  ]);
  t.deepEqual(problemsOf(instance('', 'A', 1, '192.0.2.1/24\n2001:db8::1/64')), [
    '6:1 error: 2001:db8::1 is not IPv4',
  ]);
  const many = ['fe80::1', ...Array.from({ length: 89 }, (_, i) => `2001:db8::${i + 1}`)].join('\n');
  t.deepEqual(messages(instance('', 'A', 1, many)), ['error: an advertisement holds 89 addresses, not 90']);
});

test('strict_mode forbids what is not in the RFCs', t => {
  const rows = [
    ['unicast_peer {\n192.0.2.12\n}', 'unicast_peer'],
    ['authentication {\nauth_type PASS\nauth_pass a\n}', 'authentication'],
    [`auth_hmac {\nkey 1 hex:${KEY}\nmode permissive\n}`, 'auth_hmac'],
    ['preempt_delay 5', 'preempt_delay'],
    ['accept', 'accept'],
    ['garp_master_refresh 5', 'garp_master_refresh'],
    ['garp_master_repeat 5', 'garp_master_repeat'],
    ['lower_prio_no_advert off', 'lower_prio_no_advert'],
    ['higher_prio_send_advert', 'higher_prio_send_advert'],
    ['use_vmac\nvmac_xmit_base', 'vmac_xmit_base'],
    ['down_timer_adverts 5', 'down_timer_adverts'],
    ['state MASTER', 'state'],
    ['state BACKUP\npriority 255', 'state'],
  ] as const;
  for (const [lines, keyword] of rows) {
    const found = messages(instance(`strict_mode\n${lines}`));
    t.is(found.length, 1, lines);
    t.true(found[0]?.startsWith(`error: ${keyword} against strict_mode: `), found[0]);
  }
  t.like(only('strict_mode'), { accept: false, answersLowerPriority: false });
  t.like(only('strict_mode\nversion 3'), { accept: false, answersLowerPriority: true });
  t.like(only('strict_mode\npriority 255\nstate MASTER'), { accept: true });
  t.like(only('strict_mode').announcements, { delay: 0, repeat: 1 });
  t.deepEqual(messages(instance('strict_mode', 'A', 1, '2001:db8::1/64')).slice(1), [
    'error: strict_mode wants a link-local virtual address (RFC 9568 section 5.2.9)',
  ]);
});

test('words that ask for nothing, or for what is not done, are answered', t => {
  for (const word of ['skip_check_adv_addr', 'timer_expired_backup 100', 'thread_timer_expired', 'debug 3']) {
    const [name] = word.split(' ');
    t.deepEqual(problemsOf(instance(word)), [`7:1 warning: ${name} has no effect here`]);
  }
  for (const word of ['use_vmac_addr', 'use_ipvlan', 'vrf blue']) {
    const [name] = word.split(' ');
    t.deepEqual(problemsOf(instance(word)), [`7:1 error: ${name} is not supported`]);
  }
  t.deepEqual(problemsOf(instance('promote_secondaries')), []);
  t.deepEqual(problemsOf(instance('linkbeat_use_polling')), [
    '7:1 warning: linkbeat_use_polling is an old word here',
  ]);
});
