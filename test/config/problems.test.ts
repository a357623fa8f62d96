// What is refused, with its place. Each row: a text, and all that is said of it.
import test from 'ava';
import { instance, load, problemsOf, service } from './support.ts';

function table(rows: readonly (readonly [text: string, ...problems: string[]])[]) {
  return test.macro(t => {
    for (const [text, ...problems] of rows) t.deepEqual(problemsOf(text), problems, text);
  });
}

/** Lines 5 and on of `service`, lines 7 and on of `instance`. */
const inService = (line: string) => service(line);
const inServer = (line: string) => service('', line);
const inCheck = (line: string) => service('', `TCP_CHECK {\n${line}\n}`);
const inInstance = (line: string) => instance(line);
const withAddress = (line: string) => instance('', 'VI_1', 51, line);

test(
  'a misspelt keyword is an error at the word',
  table([
    [inServer('wieght 1'), '7:1 error: unknown word "wieght" in real_server'],
    [inInstance('  prioritty 100'), '7:3 error: unknown word "prioritty" in vrrp_instance'],
    [inCheck('conect_port 80'), '8:1 error: unknown word "conect_port" in TCP_CHECK'],
    ['global_def {\n}', '1:1 error: unknown word "global_def" at the top level'],
  ]),
);

test('the advice for a misspelt keyword names the nearest', t => {
  t.is(load(inServer('wieght 1')).problems[0]?.advice, 'did you mean weight?');
  t.is(load(inServer('TCP_CHEK {\n}')).problems[0]?.advice, 'did you mean TCP_CHECK?');
  t.is(load(inService('lb_algo wwr')).problems[0]?.advice, 'did you mean wrr?');
  t.is(
    load('tuning {\nsync_threshold 3 50\n}\n').problems[0]?.advice,
    'did you mean lvs_sync_threshold, which belongs in global_defs?',
  );
  t.regex(load(inServer('frobnicate')).problems[0]?.advice ?? '', /^real_server takes .*weight/);
});

test('the block of a misspelt keyword is searched for errors as well', t => {
  t.deepEqual(problemsOf(inServer('TCP_CHEK {\nconnect_port 0\n}')), [
    '7:1 error: unknown word "TCP_CHEK" in real_server',
    '8:14 error: "0" is not a whole number from 1 to 65535',
  ]);
});

test(
  'an old keyword of keepalived is taken for its new one',
  table([['global_defs {\nlvs_id A\n}', '2:1 warning: lvs_id is an old word']]),
);

test(
  'a keyword in the wrong block is told where it belongs',
  table([
    [inService('weight 1'), '5:1 error: weight belongs in real_server, in FILE_CHECK, not in virtual_server'],
    ['priority 1', '1:1 error: priority belongs in vrrp_instance, not at the top level'],
    [
      inServer('vrrp_instance VI_1 {\npriority 0\n}'),
      '7:1 error: vrrp_instance belongs at the top level, not in real_server',
      '8:10 error: "0" is not a whole number from 1 to 255',
    ],
  ]),
);

test(
  'arguments that are missing, wrong or too many',
  table(
    [
      [inServer('weight'), '7:7 error: weight needs NUMBER'],
      [inServer('weight -5'), '7:8 error: "-5" is not a whole number from 0 to 65535'],
      [inServer('weight 70000'), '7:8 error: "70000" is not a whole number from 0 to 65535'],
      [inServer('weight 0x10'), '7:8 error: "0x10" is not a whole number from 0 to 65535'],
      [inServer('weight 1 2'), '7:10 warning: "2" has no effect behind weight'],
      [inServer('weight 1\nweight 2'), '8:1 warning: weight is here a second time'],
      [
        inServer('weight 1 TCP_CHECK {\n}'),
        '7:10 error: TCP_CHECK is on the line of weight',
        '7:1 error: weight takes no block',
      ],
      [inServer('TCP_CHECK'), '7:10 error: TCP_CHECK needs a block'],
      [inService('delay_loop 0'), '5:12 error: "0" is not a number of seconds from 0.000001 to 2147483'],
      [inService('delay_loop 1e3'), '5:12 error: "1e3" is not a number of seconds from 0.000001 to 2147483'],
      [inService('persistence_timeout 0'), '5:21 error: "0" is not a whole number from 1 to 2678400'],
      [inCheck('retry -1'), '8:7 error: "-1" is not a whole number from 0 to 4294967295'],
      [
        inCheck('connect_timeout 5000'),
        '8:17 error: "5000" is not a number of seconds from 0.000001 to 4294',
      ],
      [inCheck('connect_ip web1'), '8:12 error: "web1" is not the IPv4 or IPv6 address of a host'],
      [inInstance('priority 300'), '7:10 error: "300" is not a whole number from 1 to 255'],
      [inInstance('state master'), '7:7 error: "master" is not one of BACKUP, MASTER'],
      [inInstance('nopreempt yes'), '7:11 warning: "yes" has no effect behind nopreempt'],
      ['vrrp_instance {\n}', '1:14 error: vrrp_instance takes one name'],
      ['vrrp_instance a b {\n}', '1:17 error: vrrp_instance takes one name'],
    ].map(([text, ...problems]) => [text!, ...problems.sort(byPlace)] as const),
  ),
);

function byPlace(a: string, b: string): number {
  const [lineA, columnA] = a.split(/[: ]/).map(Number);
  const [lineB, columnB] = b.split(/[: ]/).map(Number);
  return lineA! - lineB! || columnA! - columnB!;
}

test(
  'addresses, ports and names',
  table([
    [
      service('', '', '192.0.2.300 80'),
      '1:16 error: "192.0.2.300" is not the IPv4 or IPv6 address of a host',
    ],
    [
      service('', '', '192.0.2.1/24 80'),
      '1:16 error: "192.0.2.1/24" is not the IPv4 or IPv6 address of a host',
    ],
    [service('', '', '224.0.0.1 80'), '1:16 error: "224.0.0.1" is not the IPv4 or IPv6 address of a host'],
    [service('', '', '192.0.2.1 65536'), '1:26 error: "65536" is not a whole number from 0 to 65535'],
    [service('', '', '192.0.2.1 http'), '1:26 error: "http" is not a whole number from 0 to 65535'],
    [service('', '', 'fwmark 0'), '1:23 error: "0" is not a whole number from 1 to 4294967295'],
    [withAddress('192.0.2.1/33'), '5:1 error: "192.0.2.1/33" is not an IPv4 or IPv6 address with a prefix'],
    [
      withAddress('192.0.2.1/255.255.255.0'),
      '5:1 error: "192.0.2.1/255.255.255.0" is not an IPv4 or IPv6 address with a prefix',
    ],
    [withAddress('192.0.2.1/24 dev'), '5:17 error: dev needs INTERFACE'],
    [withAddress('192.0.2.1/24 192.0.2.2/24'), '5:14 error: "192.0.2.2/24" is nothing that an address takes'],
    [
      inInstance('').replace('eth0', 'averylonginterface'),
      '2:11 error: "averylonginterface" is not the name of an interface (1 to 15 characters)',
    ],
  ]),
);

test(
  'invisible characters are named',
  table([
    [
      'global_defs {\nrouter_id a\u00a0b\n}',
      '2:11 error: there is a character that only looks like a space (U+00A0) in "a?b"',
    ],
    ['global_defs {\nrouter_id a\u0000b\n}', '2:11 error: there is a control character (U+0000) in "a?b"'],
    ['global_defs {\nrouter_id a\ufffdb\n}', '2:11 error: there is a byte that is not UTF-8 in "a?b"'],
    [
      'global_defs {\n\u00a0router_id ab\n}',
      '2:1 error: there is a character that only looks like a space (U+00A0) in "?router_id"',
    ],
    ['# caf\ufffd\nglobal_defs {\nrouter_id é\n}'],
  ]),
);

test(
  'checks by HTTP',
  table([
    [inServer('HTTP_GET {\n}'), '7:1 error: HTTP_GET has no url'],
    [inServer('HTTP_GET {\nurl {\n}\n}'), '8:1 error: url has no path'],
    [inServer('HTTP_GET {\nurl {\npath x\n}\n}'), '9:6 warning: the path does not start with /'],
    [
      inServer('HTTP_GET {\nurl {\npath /\nstatus_code 200 99\n}\n}'),
      '10:17 error: "99" is not a number or a range of numbers from 100 to 599',
    ],
    [
      inServer('HTTP_GET {\nurl {\npath /\nstatus_code 300-200\n}\n}'),
      '10:13 error: "300-200" is not a number or a range of numbers from 100 to 599',
    ],
    [
      inServer('HTTP_GET {\nurl {\npath /\n}\nnb_get_retry 3\n}'),
      '11:1 warning: nb_get_retry is an old word',
    ],
  ]),
);

test(
  'our own blocks',
  table([
    [
      'system {\nhostname -a\n}',
      '2:10 error: "-a" is not a host name: letters, digits, hyphens, dots between, 64 characters at most',
    ],
    ['system {\npassword_hash secret\n}', '2:15 error: this is not a password hash that the board can check'],
    [
      'system {\nntp_server pool.example.org\n}',
      '2:12 error: "pool.example.org" is not the IPv4 or IPv6 address of a host',
    ],
    [
      'interface eth0 {\naddress 10.0.0.1/24\nroute default\n}',
      '3:14 error: the default route needs a gateway',
    ],
    [
      'interface eth0 {\naddress 10.0.0.1/24\nroute default via 10.0.1.1\n}',
      '3:19 error: gateway 10.0.1.1 is on no network of this interface',
    ],
    ['interface eth0 {\nroute 10.0.0.1/24\n}', '2:7 error: "10.0.0.1/24" is not a network'],
    [
      'interface eth0 {\naddress 10.0.0.1/24\nroute 2001:db8::/32 via 10.0.0.2\n}',
      '3:25 error: the gateway is of another family than the destination',
    ],
    ['interface eth0 {\nroute 10.0.0.0/24 dev eth1\n}', '2:19 error: "dev" is not via'],
    ['mark 1 {\nprotocol TCP\n}', '1:1 error: mark 1 has no destination', '1:1 error: mark 1 has no port'],
    [
      'mark 1 {\nprotocol ICMP\ndestination 10.0.0.1\nport 0\n}',
      '2:10 error: "ICMP" is not one of TCP, UDP, SCTP',
      '4:6 error: "0" is not a number or a range of numbers from 1 to 65535',
    ],
    ['masquerade 10.0.0.1/24 {\ninterface eth0\n}', '1:12 error: "10.0.0.1/24" is not a network'],
    ['masquerade 10.0.0.0/24 {\n}', '1:1 error: masquerade has no interface'],
  ]),
);

test('a password is never repeated', t => {
  const { problems } = load('system {\npassword_hash $y$j9T$abc$def\n}');
  t.is(problems[0]?.message, 'this is not a password hash that the board can check');
  t.is(problems[0]?.advice, 'yescrypt is not known on the board: make it with: mkpasswd -m sha-512');
});

test('all problems come at once, in the order of the text', t => {
  const found = problemsOf(`${inServer('wieght 1\nweight x')}${inInstance('priority 0\nstat MASTER')}`);
  t.deepEqual(
    found.map(each => each.split(' ')[0]),
    ['7:1', '8:8', '17:10', '18:1'],
  );
});

test('problems are bounded in number', t => {
  const { problems } = load('foo\n'.repeat(5000));
  t.is(problems.length, 1000);
  t.is(problems.at(-1)?.message, 'there are more problems than 1000; the rest is not shown');
});
