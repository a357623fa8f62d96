// Checks of the real binary over IPv6, link-local addresses among them.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { startAnswers } from './checks/servers.ts';
import { INTERFACE } from './director/configs.ts';
import { buildDirector, createPlace, Director, inside, until } from './director/director.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const TIMING = 'connect_timeout 3\nretry 0\n';

function server(port: number, kind: string, lines = ''): string {
  return `real_server fd00::2 ${port} {\n${kind} {\n${TIMING}${lines}\n}\n}\n`;
}

test('servers are checked over IPv6, and at link-local addresses through the interface that is said', async t => {
  const place = createPlace();
  const add = (namespace: string, device: string, address: string) =>
    inside(namespace, 'ip', 'address', 'add', `${address}/64`, 'dev', device, 'nodad');
  inside(place.name, 'ip', 'link', 'set', 'va', 'up');
  for (const address of ['fd00::1', 'fe80::a']) add(place.name, 'va', address);
  for (const address of ['fd00::2', 'fe80::b']) add(place.far, 'vb', address);
  await startAnswers(t, place);
  const page = 'url {\npath /\ndigest 5d41402abc4b2a76b9719d911017c592\n}\n';
  const local = 'connect_ip fe80::b\nbind_if va\n';
  const cases = [
    { text: server(7131, 'HTTP_GET', page), state: 'up', reason: 'status 200 and digest as expected for /' },
    { text: server(7121, 'SMTP_CHECK'), state: 'up', reason: 'greets and takes HELO' },
    { text: server(7001, 'PING_CHECK'), state: 'up', reason: 'answers echo requests' },
    { text: server(7002, 'UDP_CHECK'), state: 'down', reason: 'port unreachable' },
    { text: server(7003, 'PING_CHECK', local), state: 'up', reason: 'answers echo requests' },
    {
      text: server(7004, 'TCP_CHECK', `${local}bindto fe80::a\nconnect_port 7121\n`),
      state: 'up',
      reason: 'takes connections',
    },
    { text: server(7005, 'PING_CHECK', 'bind_if vc\n'), state: 'down', reason: 'the interface is not there' },
  ];
  const texts = cases.map(({ text }) => text).join('');
  const service = `virtual_server fd00::100 80 {\ndelay_loop 1\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n${texts}}\n`;
  const director = new Director(t, binary, place, INTERFACE + service);
  await director.line(/IPVS|is up/);
  const { services } = await until(
    () => director.services(),
    status => status.services[0]!.realServers.every(each => each.state !== 'starting'),
  );
  t.deepEqual(
    services[0]!.realServers.map(({ state, reason }) => ({ state, reason })),
    cases.map(({ state, reason }) => ({ state, reason })),
  );
});
