// Groups: one virtual server that answers on many addresses, ports and marks.
import test from 'ava';
import { goodConfig, instance, load, problemsOf } from './support.ts';

function group(
  entries: string,
  lines = '',
  server = '10.0.0.1 80',
  head = 'lb_kind NAT\nprotocol TCP',
): string {
  return `virtual_server group G {
lb_algo rr
${head}
${lines}
real_server ${server} {
}
}
virtual_server_group G {
${entries}
}
`;
}

function keys(entries: string, ...rest: string[]): string[] {
  const { config, problems } = load(group(entries, ...rest));
  if (config === null) throw new Error(problems.map(each => each.message).join('\n'));
  return config.virtualServers[0]!.group!.keys.map(key =>
    key.kind === 'fwmark' ? `fwmark ${key.mark} ${key.family}` : `${key.protocol} ${key.address} ${key.port}`,
  );
}

test('a group stands for addresses, ranges and networks, wherever it is written', t => {
  t.deepEqual(keys('192.0.2.1 80'), ['TCP 192.0.2.1 80']);
  t.deepEqual(keys('192.0.2.1-3 80\n192.0.2.9 443'), [
    ...['TCP 192.0.2.1 80', 'TCP 192.0.2.2 80', 'TCP 192.0.2.3 80', 'TCP 192.0.2.9 443'],
  ]);
  t.deepEqual(keys('192.0.2.254-192.0.3.1 80').length, 4);
  t.deepEqual(
    keys('192.0.2.8/30 80'),
    [8, 9, 10, 11].map(i => `TCP 192.0.2.${i} 80`),
  );
  t.deepEqual(keys('2001:db8::fe-101 80', '', '2001:db8:1::1 80'), [
    ...['TCP 2001:db8::fe 80', 'TCP 2001:db8::ff 80', 'TCP 2001:db8::100 80', 'TCP 2001:db8::101 80'],
  ]);
});

test('the first entry is the key of the service', t => {
  const [service] = goodConfig(group('192.0.2.7 80\n192.0.2.1 80')).virtualServers;
  t.like(service, { key: { kind: 'address', address: '192.0.2.7' }, group: { name: 'G' } });
  const tracked = `${group('192.0.2.7 80\n192.0.2.1 80')}${instance('track_service {\n192.0.2.1 80 weight -5\n}')}`;
  t.like(goodConfig(tracked).vrrpInstances[0]?.tracks.services[0]?.key, { address: '192.0.2.7' });
});

test('a real server without a port has the one of the group, or that of each packet', t => {
  const port = (entries: string) =>
    goodConfig(group(entries, '', '10.0.0.1')).virtualServers[0]?.realServers[0]?.port;
  t.is(port('192.0.2.1 80\n192.0.2.2 80'), 80);
  t.is(port('192.0.2.1 80\n192.0.2.2 443'), 0);
});

test('marks of a group have the family of what they lead to', t => {
  const marked = (entries: string, server: string, head: string) => keys(entries, '', server, head);
  t.deepEqual(marked('fwmark 7\nfwmark 8', '10.0.0.1', 'lb_kind DR'), ['fwmark 7 4', 'fwmark 8 4']);
  t.deepEqual(marked('fwmark 7', '2001:db8::1', 'lb_kind DR'), ['fwmark 7 6']);
  t.deepEqual(marked('fwmark 7 inet\nfwmark 7 inet6', '10.0.0.1', 'lb_kind TUN'), [
    'fwmark 7 4',
    'fwmark 7 6',
  ]);
});

test('wrong entries are told where they stand', t => {
  const problems = (entries: string, ...rest: string[]) => problemsOf(group(entries, ...rest));
  t.deepEqual(problems('192.0.2.9-1 80'), [
    '10:1 error: "192.0.2.9-1" is not an address, a range of addresses or a network',
  ]);
  t.regex(problems('192.0.2.5/29 80').join(), /^10:1 error: "192.0.2.5\/29" is not /);
  t.deepEqual(problems('10.0.0.0/8 80'), ['10:1 error: this makes more than 4096 services']);
  t.deepEqual(problems('fwmark 0'), ['10:8 error: "0" is not a whole number from 1 to 4294967295']);
  t.deepEqual(problems(''), ['9:1 error: this group has no addresses']);
  t.deepEqual(problems('192.0.2.1'), ['1:1 error: a virtual server on all ports must be persistent']);
  t.deepEqual(problems('192.0.2.1 80\n2001:db8::1 80'), [
    '6:13 error: real server 10.0.0.1 is not IPv6 as its virtual server',
  ]);
  t.deepEqual(problems('192.0.2.1 80\n192.0.2.1 443', '', '10.0.0.1 80', 'lb_kind DR\nprotocol TCP'), [
    '6:22 error: with DR the real server must have port 443 as its virtual server',
  ]);
});

test('groups are there once, and for somebody', t => {
  const text = group('192.0.2.1 80');
  t.deepEqual(problemsOf(text.replace('group G {', 'group H {')), [
    '1:22 error: there is no virtual_server_group H',
    '9:22 warning: no virtual server uses the group G',
  ]);
  t.deepEqual(problemsOf(`${text}virtual_server_group G {\n192.0.2.2 80\n}`), [
    '12:22 error: virtual_server_group G is here a second time',
  ]);
});

test('a service is there once, with groups and without', t => {
  const own =
    'virtual_server 192.0.2.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n}\n}\n';
  t.regex(
    problemsOf(own + group('192.0.2.1-9 80')).join(),
    /192.0.2.1 80 TCP is in group G, and has a block of its own/,
  );
  t.regex(
    problemsOf(group('192.0.2.1 80\n192.0.2.1 80')).join(),
    /192.0.2.1 80 TCP is in group G a second time/,
  );
});

test('one mark for a whole group matters to clients with persistence alone', t => {
  const text = `global_defs {\nnftables_ipvs\n}\n${group('192.0.2.1-2 80')}`;
  t.deepEqual(problemsOf(text), ['2:1 warning: nftables_ipvs has no effect here']);
  const persistent = text.replace('lb_algo rr', 'lb_algo rr\npersistence_timeout 60');
  t.regex(problemsOf(persistent)[1]!, /^6:1 error: persistence is for each address of a group/);
});
