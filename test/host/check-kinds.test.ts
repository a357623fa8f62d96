// Every kind of check of the real binary, against servers that answer, hang, reset, lie, dribble and send garbage.
import { chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { RealServerStatus } from '../../src/director/protocol.ts';
import { startAnswers } from './checks/servers.ts';
import { INTERFACE, service } from './director/configs.ts';
import { buildDirector, createPlace, Director, inside, until } from './director/director.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

interface Case {
  readonly port: number;
  readonly check: string;
  readonly state: 'up' | 'down';
  readonly reason: string;
}

/** Enough for a busy machine to answer in. */
const TIMING = '\n connect_timeout 3\n retry 0\n';

const block = (kind: string, lines = '') => `${kind} {${TIMING}${lines}\n}`;

async function decided(director: Director): Promise<readonly RealServerStatus[]> {
  const { services } = await until(
    () => director.services(),
    status => status.services[0]!.realServers.every(server => server.state !== 'starting'),
  );
  return services[0]!.realServers;
}

test('servers are judged by what they say', async t => {
  const place = createPlace();
  await startAnswers(t, place);
  const dns = block('DNS_CHECK', 'name www.example.org\n type A');
  const smtp = block('SMTP_CHECK', 'helo_name lvs1');
  const cases: Case[] = [
    { port: 7101, check: dns, state: 'up', reason: 'the answer is NOERROR' },
    { port: 7102, check: dns, state: 'down', reason: 'the answer is SERVFAIL' },
    { port: 7103, check: dns, state: 'down', reason: 'no answer within 3 s' },
    { port: 7104, check: dns, state: 'down', reason: 'no answer within 3 s' },
    { port: 7105, check: dns, state: 'down', reason: 'the answer is to another question' },
    { port: 7199, check: dns, state: 'down', reason: 'port unreachable' },
    {
      port: 7111,
      check: block('UDP_CHECK', 'payload 414243\n require_reply 7265 41 4x 43\n max_reply_length 5'),
      state: 'up',
      reason: 'the answer is as expected',
    },
    { port: 7121, check: smtp, state: 'up', reason: 'greets and takes HELO' },
    { port: 7122, check: smtp, state: 'down', reason: 'the answer to HELO is 502' },
    { port: 7123, check: smtp, state: 'down', reason: 'no answer within 3 s: waiting for the greeting' },
    { port: 7124, check: smtp, state: 'down', reason: 'the greeting is not SMTP' },
    { port: 7125, check: smtp, state: 'down', reason: 'connection reset' },
    { port: 7126, check: smtp, state: 'down', reason: 'no answer within 3 s: waiting for the greeting' },
    { port: 7127, check: smtp, state: 'down', reason: 'connection refused' },
  ];
  const servers = cases.map(({ port, check }) => ({ address: '10.9.0.2', port, check }));
  const director = new Director(t, binary, place, INTERFACE + service(...servers));
  await director.line(/IPVS|is up/);
  t.deepEqual(
    (await decided(director)).map(({ port, state, reason }) => ({
      port,
      state,
      // It may come before or after the connection stands.
      reason: reason.replace(/^(connection reset): .*/, '$1'),
    })),
    cases.map(({ port, state, reason }) => ({ port, state, reason })),
  );
});

test('UDP ports and hosts are judged by what ICMP says of them', async t => {
  const place = createPlace();
  await startAnswers(t, place);
  const cases = [
    { address: '10.9.0.2', port: 7103, check: block('UDP_CHECK') },
    { address: '10.9.0.2', port: 7198, check: block('UDP_CHECK', 'payload 00') },
    { address: '10.9.0.2', port: 7197, check: block('PING_CHECK') },
    { address: '10.9.0.98', port: 7197, check: block('PING_CHECK') },
    // From an address that is here, marked and through the interface.
    {
      address: '10.9.0.2',
      port: 7196,
      check: block('PING_CHECK', 'bindto 10.9.0.1\n bind_if va\n fwmark 9'),
    },
    { address: '10.9.0.2', port: 7195, check: block('PING_CHECK', 'bindto 10.9.0.77') },
  ];
  const director = new Director(t, binary, place, INTERFACE + service(...cases));
  await director.line(/IPVS|is up/);
  const servers = await decided(director);
  t.deepEqual(
    servers.map(({ state }) => state),
    ['up', 'down', 'up', 'down', 'up', 'down'],
  );
  t.is(servers[0]!.reason, 'nobody says that the port is closed');
  t.is(servers[1]!.reason, 'port unreachable');
  t.is(servers[2]!.reason, 'answers echo requests');
  t.regex(servers[3]!.reason, /no answer within 3 s|no route to host/);
  t.is(servers[5]!.reason, 'the address to come from is not here');
});

test('a check comes from the port it is told to, again and again', async t => {
  const place = createPlace();
  await startAnswers(t, place);
  const lines = 'bindto 10.9.0.1\n bind_port 1023\n delay_loop 0.2\n log_all_failures';
  const check = block('TCP_CHECK', lines);
  const server = { address: '10.9.0.2', port: 7121, check };
  inside(place.far, '/usr/sbin/nft', 'add table ip seen');
  inside(place.far, '/usr/sbin/nft', 'add chain ip seen in { type filter hook input priority 0; }');
  inside(
    place.far,
    '/usr/sbin/nft',
    'add rule ip seen in tcp sport 1023 tcp dport 7121 tcp flags syn counter',
  );
  const director = new Director(t, binary, place, INTERFACE + service(server));
  await director.line(/is up, was starting: takes connections/);
  const text = await until(
    () => inside(place.far, '/usr/sbin/nft', 'list chain ip seen in'),
    rules => Number(/counter packets (\d+)/.exec(rules)?.[1]) >= 5,
  );
  t.regex(text, /sport 1023/);
  t.is((await director.realServer('10.9.0.2')).state, 'up');
  t.is(director.length, await linesWithout(director, /failed/));
});

/** How many lines of the log there are, when none of them matches. */
async function linesWithout(director: Director, pattern: RegExp): Promise<number> {
  const found = await Promise.race([director.line(pattern), Promise.resolve(null)]);
  return found === null ? director.length : -1;
}

test('a program says whether a server is up, and with what weight', async t => {
  const place = createPlace();
  const status = join(place.folder, 'status');
  const script = join(place.folder, 'check');
  const check = `MISC_CHECK {
 misc_path "${script} ${status}"
 misc_dynamic
 misc_timeout 3
 delay_loop 0.2
 user root
}`;
  const text = INTERFACE + service({ address: '10.9.0.2', port: 80, check });
  const director = new Director(t, binary, place, text);
  director.write('status', '0');
  director.write('check', '#!/bin/sh\nread status <"$1"\n[ "$status" = hang ] && sleep 60\nexit "$status"\n');
  chmodSync(script, 0o755);
  // In one step: a program that read half of it would say something else.
  const set = (exit: string) => renameSync(director.write('next', exit), status);
  await director.line(/is up, was \w+: exit status 0/);
  t.is((await director.realServer('10.9.0.2')).weight, 1);
  set('22');
  await director.line(/has weight 20, had 1: exit status 22: weight 20/);
  t.is((await director.realServer('10.9.0.2')).weight, 20);
  set('2');
  await director.line(/has weight 0, had 20/);
  set('1');
  await director.line(/is down, was up: exit status 1/);
  set('0');
  const back = director.length;
  await director.line(/is up, was down: exit status 0/, back);
  set('hang');
  await director.line(/is down, was up: no end within 3 s/, back);
});

test('a file says whether a server is up, and with what weight', async t => {
  const place = createPlace();
  const files = ['state', 'load'].map(name => join(place.folder, name));
  const tracks = `
track_file state {
  file ${files[0]}
  weight 0
  init_file 0
}
track_file load {
  file ${files[1]}
  weight -2
}
`;
  const check = 'FILE_CHECK {\n track_file state\n}\nFILE_CHECK {\n track_file load\n}';
  const server = `weight 50\n${check}`;
  const text = INTERFACE + tracks + service({ address: '10.9.0.2', port: 80, check: server });
  const director = new Director(t, binary, place, text.replace('weight 1\n', ''));
  await director.line(/is up, was starting/);
  director.write('load', '5\n');
  await director.line(/has weight 40, had 50/);
  t.is((await director.realServer('10.9.0.2')).weight, 40);
  director.write('state', '1\n');
  await director.line(/is down, was up: \S+ says 1/);
});
