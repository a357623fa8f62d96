// Scripts, files, processes and services that are tracked, and sync groups.
import test from 'ava';
import { splitCommand } from '../../src/director/config/command.ts';
import { goodConfig, instance, load, problemsOf, service } from './support.ts';

const SCRIPT = 'vrrp_script chk {\nscript "/usr/bin/killall -0 haproxy"\n}\n';
const FILE = 'track_file load {\nfile /run/load\n}\n';
const PROCESS = 'vrrp_track_process web {\nprocess nginx\n}\n';

function messages(text: string): string[] {
  return problemsOf(text).map(each => each.slice(each.indexOf(' ') + 1));
}

test('a command is taken apart as keepalived does it', t => {
  t.deepEqual(splitCommand('/bin/a b  c'), ['/bin/a', 'b', 'c']);
  t.deepEqual(splitCommand(`/bin/a 'b c' d"e f"g`), ['/bin/a', 'b c', 'de fg']);
  t.deepEqual(splitCommand('/bin/a b\\ c \\"'), ['/bin/a', 'b c', '"']);
  t.deepEqual(splitCommand(`/bin/a ''`), ['/bin/a', '']);
  t.deepEqual(splitCommand(''), []);
  t.is(splitCommand(`/bin/a 'b`), null);
});

test('a script with all that it can be told', t => {
  const text = `vrrp_script chk {
script "/usr/bin/check 'a b' c"
interval 2
timeout 1.5
weight -20 reverse
rise 2
fall 3
user nobody nogroup
init_fail
}
${instance('track_script {\nchk\n}')}`;
  const { vrrp, vrrpInstances } = goodConfig(text);
  t.deepEqual(vrrp.trackers.scripts, [
    {
      name: 'chk',
      command: { words: ['/usr/bin/check', 'a b', 'c'], user: 'nobody', group: 'nogroup' },
      interval: 2000,
      timeout: 1500,
      rise: 2,
      fall: 3,
      initFail: true,
    },
  ]);
  t.deepEqual(vrrpInstances[0]?.tracks.scripts, [{ name: 'chk', weight: -20, reverse: true }]);
});

test('a script with the defaults', t => {
  const { vrrp, vrrpInstances } = goodConfig(SCRIPT + instance('track_script {\nchk\n}'));
  t.like(vrrp.trackers.scripts[0], { interval: 1000, timeout: 1000, rise: 1, fall: 1, initFail: false });
  t.deepEqual(vrrpInstances[0]?.tracks.scripts, [{ name: 'chk', weight: null, reverse: false }]);
});

test('what is wrong with a script', t => {
  const script = (lines: string) => `vrrp_script chk {\n${lines}\n}\n${instance('track_script {\nchk\n}')}`;
  t.true(messages(script('interval 1')).includes('error: vrrp_script chk has no script'));
  t.deepEqual(messages(script('script "a \'b"')).slice(0, 1), [`error: a quote in "a 'b" is not closed`]);
  t.deepEqual(messages(script('script " "')).slice(0, 1), ['error: the command is empty']);
  t.deepEqual(problemsOf(script('script /bin/killall -0 haproxy')), [
    '2:21 warning: "-0 haproxy" has no effect behind the command',
  ]);
  t.deepEqual(problemsOf(script('script /bin/a\nweight 254')), [
    '3:8 error: "254" is not a whole number from -253 to 253',
  ]);
  t.deepEqual(problemsOf(script('script /bin/a\nweight 2 back')), [
    '3:10 error: "back" is not one of reverse, noreverse, no_reverse',
  ]);
  t.deepEqual(problemsOf(script('script /bin/a\ninterval 0')), [
    '3:10 error: "0" is not a number of seconds from 0.001 to 4294',
  ]);
  t.deepEqual(messages(script('script /bin/a\nuser')), ['error: user needs USER']);
  t.deepEqual(messages(SCRIPT), ['warning: nothing tracks chk']);
  t.deepEqual(messages(SCRIPT + SCRIPT + instance('track_script {\nchk\n}')), [
    'error: vrrp_script chk is here a second time',
  ]);
});

test('files', t => {
  const text = `track_file load {
file "/run/load"
weight -2
init_file 7 overwrite
}
${instance('track_file {\nload\n}')}`;
  const { vrrp, vrrpInstances } = goodConfig(text);
  t.deepEqual(vrrp.trackers.files, [
    { name: 'load', path: '/run/load', initial: { value: 7, overwrite: true } },
  ]);
  t.deepEqual(vrrpInstances[0]?.tracks.files, [{ name: 'load', weight: -2, reverse: false }]);
  const initial = (line: string) =>
    goodConfig(text.replace('init_file 7 overwrite', line)).vrrp.trackers.files[0]?.initial;
  t.deepEqual(initial('init_file'), { value: 0, overwrite: false });
  t.deepEqual(initial('init_file overwrite'), { value: 0, overwrite: true });
  t.deepEqual(initial('init_file -3'), { value: -3, overwrite: false });
  t.is(initial(''), null);
  const plain = goodConfig(FILE + instance('track_file {\nload\n}'));
  t.deepEqual(plain.vrrpInstances[0]?.tracks.files, [{ name: 'load', weight: 1, reverse: false }]);
  t.deepEqual(messages('track_file load {\n}'), ['error: track_file load has no file']);
  const old = FILE.replace('track_file', 'vrrp_track_file') + instance('track_file {\nload\n}');
  t.deepEqual(messages(old), ['warning: vrrp_track_file is an old word']);
});

test('processes', t => {
  const made = (lines: string) =>
    goodConfig(`vrrp_track_process web {\n${lines}\n}\n${instance('track_process {\nweb\n}')}`).vrrp.trackers
      .processes[0];
  t.deepEqual(made('process nginx'), {
    name: 'web',
    words: ['nginx'],
    match: 'name',
    quorum: 1,
    quorumMax: null,
    forkDelay: 0,
    terminateDelay: 0,
  });
  t.like(made('process "/tmp/a b" -x'), { words: ['/tmp/a b', '-x'], match: 'exact' });
  t.is(made('process nginx\nfull_command')?.match, 'full-command');
  t.is(made('process nginx\nparam_match')?.match, 'exact');
  t.is(made('process nginx -g\nparam_match partial')?.match, 'partial');
  t.is(made('process nginx -g\nparam_match initial')?.match, 'initial');
  t.like(made('process nginx\nquorum 2\nquorum_max 4'), { quorum: 2, quorumMax: 4 });
  t.like(made('process nginx\nquorum_max 0'), { quorum: 0, quorumMax: 0 });
  t.like(made('process nginx\ndelay 2'), { forkDelay: 2000, terminateDelay: 2000 });
  t.like(made('process nginx\nfork_delay 1\nterminate_delay 3'), { forkDelay: 1000, terminateDelay: 3000 });
  t.deepEqual(messages('vrrp_track_process web {\nprocess a\nquorum 3\nquorum_max 2\n}').slice(1), [
    'error: quorum_max 2 is below quorum 3',
  ]);
  t.deepEqual(messages('vrrp_track_process web {\n}'), ['error: vrrp_track_process web has no process']);
});

test('a line of a track block may have a weight of its own', t => {
  const lines = [
    'track_interface {\neth1\neth2 weight -7\neth3 weight 0 reverse\n}',
    'track_script {\nchk weight 5 noreverse\n}',
    'track_file {\nload weight 254\n}',
    'track_process {\nweb weight -254 reverse\n}',
  ].join('\n');
  const { tracks } = goodConfig(SCRIPT + FILE + PROCESS + instance(lines)).vrrpInstances[0]!;
  t.deepEqual(tracks, {
    interfaces: [
      { name: 'eth1', weight: null, reverse: false },
      { name: 'eth2', weight: -7, reverse: false },
      { name: 'eth3', weight: null, reverse: true },
    ],
    scripts: [{ name: 'chk', weight: 5, reverse: false }],
    files: [{ name: 'load', weight: 254, reverse: false }],
    processes: [{ name: 'web', weight: -254, reverse: true }],
    services: [],
  });
});

test('what is wrong in a track block has its place', t => {
  const block = (line: string) => SCRIPT + instance(`track_script {\n${line}\n}`);
  const place = (line: string) => problemsOf(block(line)).filter(each => each.startsWith('11:'));
  t.deepEqual(place('chk weight'), ['11:11 error: weight needs WEIGHT']);
  t.deepEqual(place('chk weight 300'), ['11:12 error: "300" is not a whole number from -253 to 253']);
  t.deepEqual(place('chk heavy'), ['11:5 error: "heavy" is nothing that a line here takes']);
  t.deepEqual(place('chk weight 1 turned'), [
    '11:14 error: "turned" is not one of reverse, noreverse, no_reverse',
  ]);
  t.deepEqual(place('chkk'), ['11:1 error: there is no vrrp_script chkk']);
  t.is(load(block('chkk')).problems.find(each => each.line === 11)?.advice, 'did you mean chk?');
  t.deepEqual(messages(block('chk\nchk')), ['warning: chk is listed twice']);
  t.deepEqual(messages(instance('track_interface {\neth0:1\n}')), [
    'error: "eth0:1" is not the name of an interface (1 to 15 characters)',
  ]);
  t.deepEqual(messages(instance('track_bfd {\nA\n}')), ['error: track_bfd is not supported']);
});

test('virtual services are tracked by address or mark', t => {
  const tracked = (line: string) =>
    goodConfig(service() + instance(`track_service {\n${line}\n}`)).vrrpInstances[0]!.tracks.services;
  const key = { kind: 'address', protocol: 'TCP', address: '192.0.2.100', port: 80 } as const;
  t.deepEqual(tracked('192.0.2.100 80'), [{ key, weight: null, reverse: false }]);
  t.deepEqual(tracked('192.0.2.100 80 tcp weight -20'), [{ key, weight: -20, reverse: false }]);
  t.deepEqual(tracked('192.0.2.100 80 weight -20 reverse'), [{ key, weight: -20, reverse: true }]);
  const track = (line: string) => instance(`track_service {\n${line}\n}`);
  t.deepEqual(messages(service() + track('192.0.2.100 81')), [
    'error: there is no virtual_server 192.0.2.100 81',
  ]);
  t.deepEqual(messages(service() + service().replace('TCP', 'UDP') + track('192.0.2.100 80')), [
    'error: there are several virtual servers 192.0.2.100 80',
  ]);
  t.deepEqual(messages(track('web 80')), ['error: "web" is not the IPv4 or IPv6 address of a host']);
  t.deepEqual(messages(track('fwmark')), ['error: fwmark needs MARK']);
  const marked =
    'mark 3 {\nprotocol TCP\ndestination 192.0.2.1\nport 80\n}\nvirtual_server fwmark 3 {\nlb_algo rr\nlb_kind DR\nreal_server 10.0.0.1 {\n}\n}\n';
  t.deepEqual(goodConfig(marked + track('fwmark 3 inet weight -9')).vrrpInstances[0]?.tracks.services, [
    { key: { kind: 'fwmark', mark: 3, family: 4 }, weight: -9, reverse: false },
  ]);
});

test('a weight that never makes a difference is told', t => {
  const weight = (priority: number, line: string) =>
    messages(instance(`priority ${priority}\ntrack_interface {\n${line}\n}`));
  t.deepEqual(weight(255, 'eth1 weight -9'), ['warning: a weight of -9 never changes priority 255']);
  t.deepEqual(weight(254, 'eth1 weight 9'), ['warning: a weight of 9 never changes priority 254']);
  t.deepEqual(weight(1, 'eth1 weight -9'), ['warning: a weight of -9 never changes priority 1']);
  t.deepEqual(weight(100, 'eth1 weight -9'), []);
  t.deepEqual(weight(255, 'eth1'), []);
});

const TWO = instance() + instance('', 'VI_2', 52, '192.0.2.101/24');

test('a sync group', t => {
  const group = `vrrp_sync_group VG {
group {
VI_1 VI_2
}
track_interface {
eth1 weight -5
}
sync_group_tracking_weight
}
`;
  const { vrrp } = goodConfig(group + TWO);
  t.like(vrrp.syncGroups[0], { name: 'VG', members: ['VI_1', 'VI_2'], trackingWeight: true });
  t.deepEqual(vrrp.syncGroups[0]?.tracks.interfaces, [{ name: 'eth1', weight: -5, reverse: false }]);
  const old = group.replace('sync_group_tracking_weight', 'global_tracking');
  t.deepEqual(messages(old + TWO), ['warning: global_tracking is an old word']);
});

test('what is wrong with a sync group', t => {
  const group = (members: string, name = 'VG') => `vrrp_sync_group ${name} {\ngroup {\n${members}\n}\n}\n`;
  t.deepEqual(problemsOf(group('VI_1\nVI_2 VI_3') + TWO), ['4:6 error: there is no vrrp_instance VI_3']);
  t.deepEqual(messages(group('VI_1\nVI_2\nVI_1') + TWO), ['warning: VI_1 is listed twice']);
  t.deepEqual(messages(group('VI_1\nVI_2') + group('VI_1\nVI_2', 'VH') + TWO), [
    'error: VI_1 is in vrrp_sync_group VG already',
    'error: VI_2 is in vrrp_sync_group VG already',
  ]);
  t.deepEqual(messages(group('VI_1\nVI_2') + group('', 'VG') + TWO), [
    'error: vrrp_sync_group VG is here a second time',
    'error: no instance is listed',
  ]);
  t.deepEqual(messages(group('VI_1') + TWO), ['warning: VI_1 is alone in vrrp_sync_group VG']);
  t.deepEqual(messages(`vrrp_sync_group VG {\n}\n${TWO}`), ['error: vrrp_sync_group VG has no group']);
  t.deepEqual(messages(`vrrp_sync_group {\n}\n${TWO}`).slice(0, 1), [
    'error: vrrp_sync_group takes one name',
  ]);
  const unequal = instance('priority 150') + instance('priority 100', 'VI_2', 52, '192.0.2.101/24');
  t.deepEqual(messages(group('VI_1\nVI_2') + unequal), [
    'warning: priority 150 of VI_1 and 100 of VI_2 differ',
  ]);
});

test('in a sync group weights of members count as none, unless it says otherwise', t => {
  const tracks = 'track_interface {\neth1 weight -5\n}';
  const group = (more: string) => `vrrp_sync_group VG {\ngroup {\nVI_1\nVI_2\n}\n${more}\n}\n`;
  const both = instance(tracks) + instance('', 'VI_2', 52, '192.0.2.101/24');
  t.deepEqual(messages(group('') + both), [
    'warning: a weight has no effect in a sync group without sync_group_tracking_weight',
  ]);
  const interfaces = (text: string) => load(text).config?.vrrpInstances[0]?.tracks.interfaces;
  t.deepEqual(interfaces(group('') + both), [{ name: 'eth1', weight: null, reverse: false }]);
  t.deepEqual(interfaces(group('sync_group_tracking_weight') + both), [
    { name: 'eth1', weight: -5, reverse: false },
  ]);
});
