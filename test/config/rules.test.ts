// Rules that hold between statements.
import test from 'ava';
import { goodConfig, instance, load, problemsOf, service } from './support.ts';

/** The messages alone. */
function messages(text: string): string[] {
  return problemsOf(text).map(each => each.slice(each.indexOf(' ') + 1));
}

test('the same virtual server twice is an error', t => {
  t.deepEqual(messages(service() + service()), [
    'error: virtual server 192.0.2.100 80 TCP is here a second time',
  ]);
  t.deepEqual(messages(service() + service().replace('TCP', 'UDP')), []);
  t.deepEqual(messages(service() + service('', '', '192.0.2.100 81')), []);
});

test('the same real server twice is an error at the second', t => {
  const text = service('real_server 10.0.0.1 80 {\n}');
  t.deepEqual(problemsOf(text), ['7:1 error: real server 10.0.0.1 80 is listed twice']);
});

test('a virtual server needs a real server and a protocol', t => {
  t.deepEqual(messages('virtual_server 192.0.2.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n}'), [
    'error: this virtual server has no real servers',
  ]);
  t.deepEqual(messages(service().replace('protocol TCP\n', '')), [
    'error: this virtual server has no protocol',
  ]);
});

test('a scheduler or method left out is a warning', t => {
  t.deepEqual(messages(service().replace('lb_algo rr\nlb_kind NAT\n', '')), [
    'warning: this virtual server has no lb_algo',
    'warning: this virtual server has no lb_kind',
  ]);
  t.deepEqual(messages(service('', 'lvs_method DR').replace('lb_kind NAT\n', '')), []);
});

test('DR and TUN cannot change the port, NAT can', t => {
  for (const kind of ['DR', 'TUN']) {
    const text = service().replace('NAT', kind).replace('10.0.0.1 80', '10.0.0.1 8080');
    t.deepEqual(problemsOf(text), [
      `6:22 error: with ${kind} the real server must have port 80 as its virtual server`,
    ]);
  }
  t.deepEqual(messages(service().replace('10.0.0.1 80', '10.0.0.1 8080')), []);
});

test('a service on all ports must be persistent', t => {
  const text = service('', '', '192.0.2.1').replace('10.0.0.1 80', '10.0.0.1');
  t.deepEqual(messages(text), ['error: a virtual server on all ports must be persistent']);
  t.deepEqual(messages(text.replace('lb_algo', 'persistence_timeout 60\nlb_algo')), []);
});

test('a check must know its port', t => {
  const text =
    'virtual_server fwmark 1 {\nlb_algo rr\nlb_kind DR\nreal_server 10.0.0.1 {\nTCP_CHECK {\n}\n}\n}';
  t.true(messages(text).includes('error: TCP_CHECK does not know which port to try'));
});

test('a real server that is the virtual address is a warning', t => {
  t.deepEqual(messages(service('', '', '10.0.0.1 80')), [
    'warning: the real server is the virtual address itself',
  ]);
});

test('only tunnels lead to the other family', t => {
  const text = service('', '', '2001:db8::1 80');
  t.deepEqual(messages(text), ['error: real server 10.0.0.1 is not IPv6 as its virtual server']);
  t.deepEqual(messages(text.replace('NAT', 'TUN')), []);
});

test('ip_family must agree with the address', t => {
  t.deepEqual(messages(service('ip_family inet')), []);
  t.deepEqual(problemsOf(service('ip_family inet6')), ['5:11 error: 192.0.2.100 is not of the family inet6']);
});

test('a firewall mark that no mark block makes is a warning, and protocol has no effect with it', t => {
  const text = service('', '', 'fwmark 1').replace('10.0.0.1 80', '10.0.0.1');
  t.deepEqual(messages(text), [
    'warning: no mark block makes packets of mark 1 for IPv4',
    'warning: protocol has no effect with fwmark',
  ]);
});

test('a packet cannot get two marks', t => {
  const mark = (number: number, ports: string, address = '192.0.2.1') =>
    `mark ${number} {\nprotocol TCP\ndestination ${address}\nport ${ports}\n}\n`;
  t.deepEqual(messages(mark(1, '80 443') + mark(2, '100-500')), [
    'error: port 443 of 192.0.2.1 also gets mark 1',
  ]);
  t.deepEqual(messages(mark(1, '80 443') + mark(2, '100-442')), []);
  t.deepEqual(messages(mark(1, '80') + mark(1, '80')), []);
  t.deepEqual(messages(mark(1, '80') + mark(2, '80', '192.0.2.2')), []);
});

test('an instance needs an interface, a number and an address', t => {
  t.deepEqual(messages('vrrp_instance A {\n}'), [
    'error: vrrp_instance A has no interface',
    'error: vrrp_instance A has no virtual_router_id',
    'error: vrrp_instance A has no virtual_ipaddress',
  ]);
  t.deepEqual(messages(instance('', 'A', 1, '')), ['error: no virtual address is listed']);
  t.deepEqual(messages(instance().replace('eth0', 'lo')), ['error: lo reaches no other director']);
});

test('names of instances and their numbers on an interface are unique', t => {
  const second = instance('', 'VI_2', 51, '192.0.2.101/24');
  t.deepEqual(messages(instance() + second), ['error: VI_2 and VI_1 both use virtual_router_id 51 on eth0']);
  t.deepEqual(messages(instance() + second.replace('eth0', 'eth1')), []);
  t.deepEqual(messages(instance() + instance('', 'VI_1', 52, '192.0.2.101/24')), [
    'error: vrrp_instance VI_1 is here a second time',
  ]);
});

test('intervals fit the version', t => {
  const [two, three] = ['', 'version 3\n'];
  t.deepEqual(messages(instance(`${two}advert_int 0.1`)), [
    'error: version 2 has whole seconds between advertisements',
  ]);
  t.deepEqual(messages(instance(`${two}advert_int 1.0`)), []);
  t.deepEqual(messages(instance(`${three}advert_int 0.1`)), []);
  t.deepEqual(messages(instance(`${three}advert_int 40.95`)), []);
  t.deepEqual(messages(instance(`${three}advert_int 41`)), [
    'error: version 3 has at most 40.95 seconds between advertisements',
  ]);
  const { problems } = load(instance(`${three}advert_int 0.015`));
  t.is(problems[0]?.message, 'version 3 counts the time between advertisements in hundredths of a second');
  t.is(problems[0]?.advice, 'use 0.02');
});

test('nopreempt does nothing for a master or an owner', t => {
  const preempts = (lines: string) => load(instance(lines)).config?.vrrpInstances[0]?.preempt;
  t.false(preempts('nopreempt'));
  t.deepEqual(messages(instance('nopreempt\nstate MASTER')), [
    'warning: nopreempt has no effect with state MASTER',
  ]);
  t.true(preempts('nopreempt\nstate MASTER'));
  t.deepEqual(messages(instance('nopreempt\npriority 255')), [
    'warning: nopreempt has no effect with priority 255',
  ]);
  t.true(preempts('nopreempt\npriority 255'));
  t.deepEqual(messages(instance('nopreempt\npreempt')), [
    'warning: preempt and nopreempt contradict each other',
  ]);
  t.true(preempts('nopreempt\npreempt'));
  t.false(preempts('preempt\nnopreempt'));
});

test('of accept and no_accept the last counts', t => {
  const accepts = (lines: string) => load(instance(lines)).config?.vrrpInstances[0]?.accept;
  t.false(accepts('no_accept'));
  t.true(accepts('accept'));
  t.true(accepts('no_accept\naccept'));
  t.false(accepts('accept\nno_accept'));
});

test('virtual addresses are not listed twice, at most 255', t => {
  t.deepEqual(problemsOf(instance('', 'A', 1, '10.0.0.1/24\n10.0.0.1/32')), [
    '6:1 warning: 10.0.0.1 is listed twice',
  ]);
  const many = Array.from({ length: 256 }, (_, i) => `10.0.${i >> 7}.${(i & 127) + 1}/16`).join('\n');
  t.deepEqual(messages(instance('', 'A', 1, many)), ['error: an advertisement holds 255 addresses, not 256']);
});

test('a virtual address of two instances is a warning', t => {
  t.deepEqual(messages(instance() + instance('', 'VI_2', 52)), [
    'warning: 192.0.2.100 is also a virtual address of VI_1',
  ]);
});

test('a virtual address on no network of an interface is a warning, when interfaces are described', t => {
  const eth0 = (address: string) => `interface eth0 {\naddress ${address}\n}\n`;
  t.deepEqual(messages(instance()), []);
  t.deepEqual(messages(eth0('192.0.2.1/24') + instance()), []);
  t.deepEqual(messages(eth0('192.0.3.1/24') + instance()), [
    "warning: virtual address 192.0.2.100 is on no interface's network",
  ]);
});

test('an interface is described once, an address stands on one', t => {
  const block = (name: string) => `interface ${name} {\naddress 10.0.0.1/24\n}\n`;
  t.deepEqual(messages(block('eth0') + block('eth1')), ['error: 10.0.0.1 is also an address of eth0']);
  t.true(messages(block('eth0') + block('eth0')).includes('error: interface eth0 is here a second time'));
});

test('global_defs may be split over several blocks', t => {
  const config = goodConfig('global_defs {\nrouter_id a\n}\nglobal_defs {\nvrrp_version 3\n}');
  t.is(config.globals.routerId, 'a');
});

test('the owner of the addresses takes packets for them', t => {
  const { config, problems } = load(instance('no_accept\npriority 255'));
  t.true(config?.vrrpInstances[0]?.accept);
  t.deepEqual(
    problems.map(({ message }) => message),
    ['no_accept has no effect with priority 255'],
  );
});

const described = (name: string, address: string) => `interface ${name} {\naddress ${address}\n}\n`;

test('an instance needs an address on its interface, when interfaces are described', t => {
  t.deepEqual(messages(described('eth1', '192.0.2.1/24') + instance()), [
    'warning: eth0 has no IPv4 address that VI_1 could advertise from',
  ]);
  const six = instance('', 'VI_1', 51, 'fe80::1/64');
  t.deepEqual(
    messages(described('eth1', '192.0.2.1/24') + six).filter(each => each.includes('advertise from')),
    [],
  );
});

test('an address of an interface is no virtual one and no peer', t => {
  t.deepEqual(messages(described('eth0', '192.0.2.100/24') + instance()), [
    'warning: 192.0.2.100 is also an address of interface eth0',
  ]);
  const peers = 'unicast_peer {\n192.0.2.1\n192.0.2.2\n}';
  t.deepEqual(messages(described('eth0', '192.0.2.1/24') + instance(peers)), [
    'error: 192.0.2.1 is this director itself',
  ]);
});

test('an excluded address may not be held by two instances either', t => {
  const excluded = 'virtual_ipaddress_excluded {\n192.0.2.9/24\n}';
  t.deepEqual(messages(instance(excluded) + instance(excluded, 'VI_2', 52, '192.0.2.101/24')), [
    'warning: 192.0.2.9 is also a virtual address of VI_1',
  ]);
});

test('one virtual router id serves both families on an interface', t => {
  const six = instance('', 'VI_6', 51, 'fe80::1/64');
  t.deepEqual(messages(instance() + six), []);
});

const NEAR = 'interface eth0 {\naddress 192.0.2.11/24\n}\n';

test('what no interface can reach is a warning, where interfaces are described', t => {
  t.deepEqual(messages(NEAR + service('', '', '198.51.100.1 80')), [
    "warning: virtual server 198.51.100.1 is on no interface's network",
  ]);
  t.deepEqual(messages(NEAR + service()), []);
  const direct = service().replace('NAT', 'DR');
  t.deepEqual(messages(NEAR + direct), [
    "warning: real server 10.0.0.1 is on no interface's network: DR reaches neighbours only",
  ]);
  t.deepEqual(messages(direct), []);
  t.deepEqual(messages(NEAR + direct.replace('10.0.0.1', '192.0.2.21')), []);
});

test('a real server that is a virtual address, or the sorry server, is a warning', t => {
  const text = instance() + service().replace('10.0.0.1', '192.0.2.100');
  t.true(messages(text).some(each => /real server 192.0.2.100 is a virtual address/.test(each)));
  t.deepEqual(messages(service('sorry_server 10.0.0.1 80')), [
    'warning: the sorry server 10.0.0.1 is one of the real servers',
  ]);
});

test('a name is one machine', t => {
  const other = service('', 'name web1', '192.0.2.101 80');
  t.deepEqual(messages(service('', 'name web1') + other), []);
  t.deepEqual(messages(service('', 'name web1') + other.replace('10.0.0.1', '10.0.0.2')), [
    'warning: 10.0.0.2 is called web1, and so is 10.0.0.1',
  ]);
});

test('the kernel balances to no link-local address', t => {
  const six = service('sorry_server fe80::2 80', '', '2001:db8::1 80').replace('10.0.0.1', 'fe80::1');
  t.deepEqual(messages(six), [
    'error: sorry server fe80::2 is link-local',
    'error: real server fe80::1 is link-local',
  ]);
});

test('a director that is a real server too must know when it is the backup', t => {
  const text = `${NEAR}${instance()}${service().replace('NAT', 'DR').replace('10.0.0.1', '192.0.2.11')}`;
  t.deepEqual(messages(text), [
    'warning: real server 192.0.2.11 is this director: as a backup it would balance again what the master sends it',
  ]);
  t.deepEqual(messages(`global_defs {\nlvs_sync_daemon eth0 VI_1\n}\n${text}`), []);
});
