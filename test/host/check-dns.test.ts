// DNS_CHECK beside Debian's bind.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { has, listening, startDaemon } from './checks/daemons.ts';
import { judge } from './checks/judged.ts';
import { buildDirector, createPlace, type Place } from './director/director.ts';

const NAMED = '/usr/sbin/named';
const PORT = 7201;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const ZONE = `$TTL 60
@ IN SOA ns1 hostmaster 2026 3600 600 86400 60
@ IN NS ns1
@ IN MX 10 mx1
@ IN MX 20 mx2.example.net.
@ IN TXT "v=spf1 " "-all"
ns1 IN A 192.0.2.53
www IN CNAME web
web IN A 192.0.2.80
web IN A 192.0.2.81
web IN AAAA 2001:db8::80
_sip._udp IN SRV 1 2 5060 web
80 IN PTR web
$GENERATE 1-90 many IN A 192.0.2.$
`;

function configure(place: Place): string {
  const zone = join(place.folder, 'zone');
  writeFileSync(zone, ZONE);
  const file = join(place.folder, 'named.conf');
  const options = [
    `directory "${place.folder}"; pid-file "${place.folder}/named.pid"; session-keyfile none;`,
    `listen-on port ${PORT} { any; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; allow-query { any; };`,
  ];
  const zones = `zone "example.org" { type primary; file "${zone}"; };`;
  writeFileSync(file, `options { ${options.join(' ')} };\ncontrols { };\n${zones}\n`);
  return file;
}

test('bind answers with the records that are expected, or with others, or not at all', async t => {
  if (!has(t, NAMED)) return;
  const place = createPlace();
  startDaemon(t, place, NAMED, '-g', '-n', '1', '-c', configure(place));
  await listening(place, PORT);
  const dns = (name: string, type: string, more = '') => ({
    ...{ port: PORT, kind: 'DNS_CHECK', lines: ` name ${name}\n type ${type}\n ${more}` },
  });
  const good = (name: string, type: string, answer: string, more = '') => {
    const reason = `the answer is ${answer.replaceAll('"', '')}`;
    return { ...dns(name, type, `answer ${answer}\n${more}`), up: true, reason } as const;
  };
  await judge(t, binary, place, [
    good('www.example.org', 'A', '192.0.2.81'),
    good('www.example.org', 'CNAME', 'web.example.org'),
    good('web.example.org', 'AAAA', '2001:db8::80'),
    good('example.org', 'MX', '"10 mx1.example.org"'),
    good('example.org', 'MX', 'mx2.example.net'),
    good('example.org', 'TXT', '"v=spf1 -all"'),
    good('example.org', 'SOA', '2026'),
    good('example.org', 'NS', 'ns1.example.org', 'protocol TCP'),
    good('_sip._udp.example.org', 'SRV', '5060'),
    good('80.example.org', 'PTR', 'web.example.org'),
    good('many.example.org', 'A', '192.0.2.90', 'protocol TCP'),
    { ...dns('example.org', 'NS', 'protocol TCP'), up: true, reason: 'the answer is NOERROR' },
    {
      ...dns('www.example.org', 'A', 'answer 192.0.2.99'),
      reason: /^192\.0\.2\.99 is not in the answer: the answer is 192\.0\.2\.8[01]$/,
    },
    {
      ...dns('mail.example.org', 'A', 'answer 192.0.2.99'),
      reason: 'the answer is NXDOMAIN',
    },
    { ...dns('www.example.com', 'A'), reason: 'the answer is REFUSED' },
    {
      ...dns('ns1.example.org', 'AAAA', 'answer 2001:db8::1'),
      reason: '2001:db8::1 is not in the answer: the answer has none',
    },
    {
      ...dns('many.example.org', 'A', 'answer 203.0.113.7'),
      reason: 'the answer is cut off, and 203.0.113.7 not in what is there',
    },
  ]);
});
