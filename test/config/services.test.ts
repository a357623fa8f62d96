// Virtual servers: how connections are spread, how packets travel, when a service counts as served, who is told.
import test from 'ava';
import type { RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { goodConfig, load, problemsOf, service } from './support.ts';

function only(text: string): VirtualServerConfig {
  const { virtualServers } = goodConfig(text);
  if (virtualServers.length !== 1) throw new Error(`${virtualServers.length} virtual servers`);
  return virtualServers[0]!;
}

function realServer(inner: string, lines = ''): RealServerConfig {
  return only(service(lines, inner)).realServers[0]!;
}

/** With warnings. */
function accepted(text: string): VirtualServerConfig {
  return load(text).config!.virtualServers[0]!;
}

test('flags of schedulers have numbers, and names with sh and mh', t => {
  const flags = (lines: string, scheduler: string) =>
    accepted(service(lines).replace('lb_algo rr', `lb_algo ${scheduler}`)).schedulerFlags;
  t.is(flags('', 'sh'), undefined);
  t.is(flags('flag-1\nflag-3', 'wlc'), 5);
  t.is(flags('sh-fallback\nsh-port', 'sh'), 3);
  t.is(flags('mh-port', 'mh'), 2);
  t.is(flags('mh-port', 'sh'), undefined);
  t.deepEqual(problemsOf(service('sh-port')), ['5:1 warning: sh-port has no effect with lvs_sched rr']);
});

test('packets of UDP may be scheduled one by one', t => {
  t.true(only(service('ops').replace('TCP', 'UDP')).onePacket);
  t.is(only(service('ops off')).onePacket, undefined);
  t.deepEqual(problemsOf(service('ops')), ['5:1 warning: ops has no effect with TCP']);
});

test('clients stay together by mask or prefix', t => {
  const granularity = (word: string) =>
    only(service(`persistence_timeout 60\npersistence_granularity ${word}`)).persistenceGranularity;
  t.is(granularity('255.255.255.0'), 24);
  t.is(granularity('20'), 20);
  t.is(granularity('0.0.0.0'), 0);
  t.is(granularity('255.255.255.255'), undefined);
  const six = service('persistence_timeout\npersistence_granularity 64', '', '2001:db8::1 80');
  t.is(only(six.replace('10.0.0.1', '2001:db8:1::1')).persistenceGranularity, 64);
  const problems = (lines: string) => problemsOf(service(lines));
  t.deepEqual(problems('persistence_timeout\npersistence_granularity 255.0.255.0'), [
    '6:25 error: "255.0.255.0" is not a mask such as 255.255.255.0, or the length of a prefix from 0 to 128',
  ]);
  t.deepEqual(problems('persistence_timeout\npersistence_granularity 64'), [
    '6:25 error: a prefix of 64 is too long for IPv4',
  ]);
  t.deepEqual(problems('persistence_granularity 24'), [
    '5:1 warning: persistence_granularity has no effect without persistence_timeout',
  ]);
});

test('calls of SIP stay together over UDP alone', t => {
  const text = service('persistence_timeout\npersistence_engine sip');
  t.is(only(text.replace('TCP', 'UDP')).persistenceEngine, 'sip');
  t.is(accepted(text).persistenceEngine, undefined);
  t.deepEqual(problemsOf(text), ['6:1 warning: persistence_engine sip has no effect with TCP']);
  t.regex(problemsOf(text.replace('sip', 'rtp'))[0]!, /"rtp" is not one of sip/);
});

test('persistence takes the place of a scheduler that goes by addresses', t => {
  const text = service('persistence_timeout').replace('lb_algo rr', 'lb_algo sh');
  t.regex(problemsOf(text).join(), /^5:1 warning: persistence_timeout takes the place of lvs_sched sh/);
});

test('tunnels are of three types', t => {
  const tunnel = (words: string) => realServer(`lvs_method TUN ${words}`);
  t.is(realServer('lvs_method TUN').tunnel, undefined);
  t.is(tunnel('type ipip').tunnel, undefined);
  t.is(tunnel('type ipip').forwarding, 'TUN');
  t.deepEqual(tunnel('type gre csum').tunnel, { type: 'gre', port: 0, checksum: 'plain' });
  t.deepEqual(tunnel('type gue port 6080').tunnel, { type: 'gue', port: 6080, checksum: 'none' });
  t.deepEqual(tunnel('type gue port 6080 remcsum').tunnel, { type: 'gue', port: 6080, checksum: 'remote' });
  const inherited = service().replace('lb_kind NAT', 'lb_kind TUN type gre nocsum');
  t.deepEqual(only(inherited).realServers[0]?.tunnel, { type: 'gre', port: 0, checksum: 'none' });
});

test('what a type of tunnel does not take is an error', t => {
  const problems = (words: string) => problemsOf(service('', `lvs_method TUN ${words}`));
  t.deepEqual(problems('type gue'), ['7:16 error: a gue tunnel needs a port']);
  t.deepEqual(problems('type gre port 1'), ['7:16 error: a tunnel of type gre has no port']);
  t.deepEqual(problems('csum'), ['7:16 error: an ipip tunnel has no checksum']);
  t.deepEqual(problems('type gre remcsum'), ['7:25 error: a gre tunnel has no remote checksum']);
  t.deepEqual(problems('type'), ['7:20 error: type needs ipip|gue|gre']);
  t.deepEqual(problems('type l2tp'), ['7:21 error: "l2tp" is not one of ipip, gue, gre']);
  t.deepEqual(problems('mtu 1400'), ['7:16 error: "mtu" is nothing that TUN takes']);
});

test('a quorum has a weight, a hysteresis and programs', t => {
  const text = service('quorum 3\nhysteresis 1\nquorum_up "/up now" me\nquorum_down /down', 'weight 9');
  t.deepEqual(only(`global_defs {\nscript_user nobody\n}\n${text}`).quorum, {
    weight: 3,
    hysteresis: 1,
    onUp: { words: ['/up', 'now'], user: 'me', group: null },
    onDown: { words: ['/down'], user: 'nobody', group: null },
  });
  t.is(only(service()).quorum, undefined);
  t.is(only(service('quorum_up /up')).quorum?.weight, 1);
});

test('a quorum that the servers cannot reach is what they can reach, with a warning', t => {
  const text = service('quorum 30', 'weight 7');
  t.is(accepted(text).quorum?.weight, 7);
  t.deepEqual(problemsOf(text), [
    '5:1 warning: the real servers weigh 7 together, less than the quorum of 30',
  ]);
  const dynamic = service('quorum 30', 'MISC_CHECK {\nmisc_path /check\nmisc_dynamic\n}');
  t.is(only(dynamic).quorum?.weight, 30);
  t.is(accepted(service('quorum 3\nhysteresis 5', 'weight 9')).quorum?.hysteresis, 2);
  t.regex(
    problemsOf(service('quorum 5\nhysteresis 3', 'weight 6')).join(),
    /once lost, the quorum is never gained/,
  );
});

test('a sorry server has the method and port of the virtual server unless it says others', t => {
  t.deepEqual(only(service('sorry_server 10.0.0.99')).sorryServer, {
    address: '10.0.0.99',
    port: 80,
    forwarding: 'NAT',
    inhibits: false,
    checks: [],
  });
  const lines = 'sorry_server_inhibit\nsorry_server_lvs_method TUN type gre\nsorry_server 10.0.0.99 80';
  t.like(only(service(lines)).sorryServer, {
    forwarding: 'TUN',
    tunnel: { type: 'gre', port: 0, checksum: 'none' },
    inhibits: true,
  });
});

test('a sorry server may be checked', t => {
  const lines = 'connect_timeout 2\nsorry_server 10.0.0.99 8080 {\nretry 4\nTCP_CHECK {\n}\n}';
  t.like(only(service(lines)).sorryServer?.checks[0], {
    kind: 'TCP_CHECK',
    connectAddress: '10.0.0.99',
    connectPort: 8080,
    connectTimeout: 2000,
    retries: 4,
  });
  t.deepEqual(
    problemsOf(service('sorry_server 10.0.0.99 {\nweight 1\n}'))[0]?.slice(0, 16),
    '6:1 error: weigh',
  );
});

test('a sorry server that packets cannot reach is an error', t => {
  t.deepEqual(problemsOf(service('sorry_server 2001:db8::1 80')), [
    '5:14 error: sorry server 2001:db8::1 is not IPv4 as its virtual server',
  ]);
  t.deepEqual(problemsOf(service('sorry_server 10.0.0.9 81').replace('NAT', 'DR')), [
    '5:23 error: with DR the sorry server must have port 80 as its virtual server',
  ]);
  t.deepEqual(problemsOf(service('sorry_server_inhibit')), [
    '5:1 warning: sorry_server_inhibit has no effect without sorry_server',
  ]);
});

test('thresholds that the kernel would refuse are told', t => {
  t.like(realServer('uthreshold 100\nlthreshold 50'), { upperThreshold: 100, lowerThreshold: 50 });
  t.is(realServer('uthreshold 0').upperThreshold, undefined);
  t.deepEqual(problemsOf(service('', 'uthreshold 10\nlthreshold 20')), [
    '8:12 error: lthreshold 20 is above uthreshold 10',
  ]);
  t.is(accepted(service('', 'lthreshold 20')).realServers[0]?.lowerThreshold, undefined);
});

test('inhibit_on_failure of a real server counts before that of the virtual server', t => {
  t.true(realServer('', 'inhibit_on_failure').inhibitsOnFailure);
  t.true(realServer('inhibit_on_failure').inhibitsOnFailure);
  t.is(realServer('inhibit_on_failure off', 'inhibit_on_failure').inhibitsOnFailure, undefined);
});

test('real servers have names, and programs that are run', t => {
  t.is(realServer('name web1\nsnmp_name other').name, 'web1');
  t.is(realServer('snmp_name web1').name, 'web1');
  const server = realServer('notify_up "/up a" me us\nnotify_down /down');
  t.deepEqual(server.onUp, { words: ['/up', 'a'], user: 'me', group: 'us' });
  t.deepEqual(server.onDown, { words: ['/down'], user: null, group: null });
});

/** With a scheduler and a weight that can grow. */
function weighted(lines: string): string {
  return service(lines, 'weight 100').replace('lb_algo rr', 'lb_algo wlc');
}

test('slow start, damping, drains and weights of others', t => {
  const text = weighted(
    'slow_start 30\nflap_damping {\nhalf_life 60\n}\ndrain_timeout 600\nadopt_manual_weights',
  );
  t.like(only(text), {
    slowStart: 30_000,
    flapDamping: { penalty: 1000, halfLife: 60_000, suppress: 2000, reuse: 750 },
    drainTimeout: 600_000,
    adoptsManualWeights: true,
  });
  t.is(only(service('drain_timeout never')).drainTimeout, null);
  t.is(only(service()).drainTimeout, undefined);
  t.true(only(`global_defs {\nadopt_manual_weights\n}\n${service()}`).adoptsManualWeights);
  t.deepEqual(problemsOf(service('flap_damping {\nreuse 3000\n}')), [
    '6:1 error: reuse 3000 is not below suppress 2000',
  ]);
});

test('rise and fall count attempts in a row', t => {
  const check = (inner: string, lines = '') => realServer(inner, lines).checks[0];
  t.like(check('TCP_CHECK {\nrise 3\nfall 4\n}'), { rise: 3, retries: 3 });
  t.is(check('TCP_CHECK {\nrise 1\n}')?.rise, undefined);
  t.like(check('TCP_CHECK {\n}', 'rise 2\nfall 1'), { rise: 2, retries: 0 });
  t.like(check('retry 5\nTCP_CHECK {\nfall 2\n}'), { retries: 1 });
});

const MAIL = 'global_defs {\nsmtp_server 192.0.2.25\nnotification_email { a@example.org }\n';

test('mail tells of real servers unless told otherwise, of the quorum if asked to', t => {
  const mail = (globals: string, lines = '', inner = '') => {
    const server = only(`${MAIL}${globals}\n}\n${service(lines, inner)}`);
    return [server.mail, server.realServers[0]?.mail];
  };
  t.deepEqual(mail(''), [undefined, true]);
  t.deepEqual(mail('smtp_alert'), [true, undefined]);
  t.deepEqual(mail('smtp_alert\nsmtp_alert_checker off'), [undefined, undefined]);
  t.deepEqual(mail('', 'smtp_alert', 'smtp_alert off'), [true, false]);
  t.is(only(service('smtp_alert')).mail, undefined);
});

test('programs are told of a start where keepalived tells of one', t => {
  t.is(only(service()).tellsStart, undefined);
  t.true(only(service('alpha')).tellsStart);
  t.true(only(service('', 'TCP_CHECK {\nalpha\n}')).tellsStart);
  t.is(only(service('alpha off')).tellsStart, undefined);
  t.true(only(`global_defs {\nrs_init_notifies\n}\n${service()}`).tellsStart);
  t.true(only(service('omega')).tellsStop);
});

test('settings of the whole director', t => {
  const { globals, vrrp } = goodConfig(
    'global_defs {\nlvs_timeouts tcp 900 udp 30 tcpfin 0\nmaintenance_dir /run/maintenance\nlvs_notify_fifo /run/lvs\n}',
  );
  t.deepEqual(globals.ipvsTimeouts, { tcp: 900, udp: 30 });
  t.is(globals.maintenanceDirectory, '/run/maintenance');
  t.like(vrrp.fifos[0], { path: '/run/lvs', about: 'lvs' });
  t.regex(problemsOf('global_defs {\nlvs_timeouts\n}')[0]!, /lvs_timeouts names no timeout/);
  t.regex(problemsOf('global_defs {\nmaintenance_dir run\n}')[0]!, /"run" is not an absolute path/);
});

test('every check of a real server has its user, and each program', t => {
  const text = service('', 'MISC_CHECK {\nmisc_path /check\n}');
  const checks = only(`${text}global_defs {\nscript_user nobody\n}`).realServers[0]?.checks;
  t.like(checks?.[0], { command: { words: ['/check'], user: 'nobody', group: null } });
});

test('a weight that changes is told where the scheduler makes nothing of it, or too much', t => {
  t.deepEqual(problemsOf(service('slow_start 9')), [
    '5:1 warning: slow_start has no effect: a weight of 1 has no steps',
  ]);
  t.deepEqual(problemsOf(service('slow_start 9', 'weight 9')), [
    '5:1 warning: slow_start has no effect: lvs_sched rr does not look at weights',
  ]);
  t.regex(problemsOf(weighted('slow_start 9').replace('wlc', 'fo')).join(), /slow_start under lvs_sched fo/);
  const hashed = service('inhibit_on_failure').replace('lb_algo rr', 'lb_algo sh');
  t.regex(problemsOf(hashed).join(), /^5:1 warning: with lvs_sched sh the clients of a server that is down/);
  t.deepEqual(problemsOf(hashed.replace('lb_algo sh', 'lb_algo sh\nsh-fallback')), []);
  t.deepEqual(problemsOf(service('', 'weight 0')), [
    '1:1 warning: no real server has a weight: none gets a connection',
  ]);
});
