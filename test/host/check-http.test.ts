// HTTP_GET of the real binary looks into what nginx and worse servers send.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { RealServerStatus } from '../../src/director/protocol.ts';
import { startAnswers } from './checks/servers.ts';
import { INTERFACE, service } from './director/configs.ts';
import { buildDirector, createPlace, Director, inside, until } from './director/director.ts';
import { addAddress, startNginx } from './director/servers.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

// Of "10.9.0.11\n".
const MD5 = '243152eaf40c138ff24906739e606af0';
const SHA256 = 'd4fb1df46c71c3088e8ba38a2eecd9f08c6c316173d4e6543d260358b45535e3';

const httpGet = (lines: string, outer = '') =>
  `HTTP_GET {\nconnect_timeout 5\nretry 0\n${outer}\nurl {\npath /\n${lines}\n}\n}`;

async function decided(director: Director): Promise<readonly RealServerStatus[]> {
  const { services } = await until(
    () => director.services(),
    status => status.services[0]!.realServers.every(server => server.state !== 'starting'),
  );
  return services[0]!.realServers;
}

test('the content of nginx counts', async t => {
  const place = createPlace();
  addAddress(place, '10.9.0.11');
  await startNginx(t, place, '10.9.0.11');
  // genhash(1) of keepalived is what people make digests with.
  const made = inside(place.far, 'genhash', '-s', '10.9.0.11', '-p', '80', '-u', '/');
  t.true(made.includes(MD5), made);
  const cases = [
    { check: httpGet(`digest ${MD5}`), reason: 'status 200 and digest as expected for /' },
    {
      check: httpGet(`digest ${SHA256}`, 'http_protocol 1.1'),
      reason: 'status 200 and digest as expected for /',
    },
    { check: httpGet(`digest ${'0'.repeat(32)}`), reason: `digest ${MD5} for /` },
    { check: httpGet('regex "^10(\\\\.\\\\d+){3}$"'), reason: 'status 200 and content as expected for /' },
    { check: httpGet('regex nginx', 'http_protocol 1.1K'), reason: 'the regex does not match for /' },
    {
      check: httpGet('virtualhost www.example.org\nregex_no_match\nregex 11'),
      reason: 'the regex matches for /',
    },
  ];
  const servers = cases.map(({ check }, at) => ({
    ...{ address: '10.9.0.11', port: 8000 + at },
    check: check.replace('retry 0', 'retry 0\nconnect_port 80'),
  }));
  const director = new Director(t, binary, place, INTERFACE + service(...servers));
  await director.line(/IPVS|is up/);
  t.deepEqual(
    (await decided(director)).map(({ reason }) => reason),
    cases.map(({ reason }) => reason),
  );
});

test('bodies that are long, slow, cut, lied about or never end are judged all the same', async t => {
  const place = createPlace();
  await startAnswers(t, place);
  const hello = 'digest 5d41402abc4b2a76b9719d911017c592';
  const cases = [
    { port: 7131, lines: hello, reason: 'status 200 and digest as expected for /' },
    { port: 7132, lines: hello, reason: 'the chunks of the answer make no sense' },
    { port: 7133, lines: hello, reason: 'status 200 and digest as expected for /' },
    { port: 7134, lines: hello, reason: 'status 200 and digest as expected for /' },
    { port: 7135, lines: 'regex hello', reason: 'the answer is longer than 4194304 bytes' },
    { port: 7136, lines: 'regex hello', reason: 'no answer within 5 s' },
    { port: 7137, lines: hello, reason: 'connection reset' },
    { port: 7138, lines: 'regex "^(a+)+$"', reason: 'the regex takes too long to search for in /' },
  ];
  const servers = cases.map(({ port, lines }) => ({ address: '10.9.0.2', port, check: httpGet(lines) }));
  const chat = 'TCP_CHAT {\nconnect_port 7138\nconnect_timeout 5\nretry 0\nsend x\nexpect_regex "(a+)+$"\n}';
  servers.push({ address: '10.9.0.2', port: 7139, check: chat });
  const director = new Director(t, binary, place, INTERFACE + service(...servers));
  await director.line(/IPVS|is up/);
  const found = (await decided(director)).map(({ reason }) => reason);
  // A slow machine may not get through the endless one in its time.
  t.regex(found[4]!, /longer than 4194304 bytes|no answer within 5 s/);
  t.deepEqual(
    found.filter((_, at) => at !== 4),
    [
      ...cases.filter((_, at) => at !== 4).map(({ reason }) => reason),
      'the regex takes too long to search for',
    ],
  );
});
