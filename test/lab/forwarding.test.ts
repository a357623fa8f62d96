// Real packets in every way that IPVS sends them to a real server: into tunnels of every kind, within and between the families of
// addresses, to the director itself, by UDP and SCTP; and to a sorry server.
import test from 'ava';
import { answersPerServer, type Sample } from '../../scripts/lab/gap.ts';
import { untilServed } from '../../scripts/lab/lab.ts';
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { client, directors, vip, webs } from '../../scripts/lab/plan.ts';
import { type Running, run, start } from '../../scripts/lab/process.ts';
import type { CheckerStatus } from '../../src/director/protocol.ts';
import { buildProgram } from './build.ts';
import { askDatagrams, serveDatagrams } from './datagrams.ts';
import {
  address,
  forwardingConfig,
  four,
  GUE_PORT,
  ONE_PACKET_PORT,
  SCTP_PORT,
  SIP_PORT,
  savedTable,
  six,
  UDP_PORT,
  ways,
} from './forwarding-site.ts';
import { ask, first, untilMaster, useLab } from './lab.ts';

const [web1, web2] = webs;
const [director] = directors;

const lab = useLab(test, {
  count: 1,
  // The kernel does not copy connections between the families, and refuses such services beside the daemons that copy.
  syncs: false,
  more: forwardingConfig,
});

const helpers: Running[] = [];
const tunnels = new Map<string, Running>();
let sctp = '';

test.before('the real servers have ends for tunnels, and answer by UDP and SCTP', async () => {
  const tunnelEnd = buildProgram('tunnel-end');
  sctp = buildProgram('sctp-peer');
  for (const web of webs) {
    const own = [...four.map(each => `${each}/32`), ...six.map(each => `${each}/128`)];
    const add = own.map(each => `ip address add ${each} dev lo`).join('; ');
    await run(inNamespace(web.name, ['sh', '-ec', add]));
    const places = [
      `${vip.direct} ${UDP_PORT}`,
      `${web.inside} ${UDP_PORT}`,
      `${vip.six.direct} ${UDP_PORT}`,
      `${web.six.inside} ${UDP_PORT}`,
      `${vip.direct} ${ONE_PACKET_PORT}`,
      `${vip.direct} ${SIP_PORT}`,
    ];
    const end = start('tunnel end', inNamespace(web.name, [tunnelEnd, String(GUE_PORT)]));
    tunnels.set(web.name, end);
    helpers.push(
      end,
      serveDatagrams(web.name, places),
      start('SCTP', inNamespace(web.name, [sctp, 'serve', String(SCTP_PORT), web.name])),
    );
  }
});

test.before('a server runs on the director', async () => {
  const { shell } = first(lab());
  await shell.must(`cat > /tmp/answer <<'END'
#!/bin/sh
while read -r line && [ "$line" != "$(printf '\\r')" ]; do :; done
printf 'HTTP/1.0 200 OK\\r\\n\\r\\n${director.name}\\n'
END
chmod +x /tmp/answer; nc -ll -p 80 -e /tmp/answer > /dev/null 2>&1 &`);
});

test.before('the director is master', () => untilMaster(first(lab())));

test.after.always('the helpers end', () => Promise.all(helpers.map(helper => helper.kill())));

function urlOf(vip: string, port: number): string {
  return `http://${vip.includes(':') ? `[${vip}]` : vip}:${port}/`;
}

/** How often each server answered of so many requests, one after the other, each on a connection of its own. */
async function answers(url: string, count: number): Promise<[string, number][]> {
  const samples: Sample[] = [];
  while (samples.length < count) samples.push(await lab().client.get(url, 30_000));
  return [...answersPerServer(samples)];
}

for (const way of ways) {
  test(`requests are balanced in turn: ${way.name}`, async t => {
    const url = urlOf(way.vip, way.port);
    await untilServed(lab(), url, 2, 60_000);
    t.deepEqual(await answers(url, 20), [
      ['web1', 10],
      ['web2', 10],
    ]);
    if (way.tunnel === undefined) return;
    for (const end of tunnels.values()) {
      const lines = end.tail().split('\n');
      t.true(lines.includes(way.tunnel), lines.join(', '));
    }
  });
}

test('the director itself is one of the servers', async t => {
  const url = urlOf(address.local, 80);
  await untilServed(lab(), url, 2, 60_000);
  t.deepEqual(await answers(url, 20), [
    ['director1', 10],
    ['web1', 10],
  ]);
  t.deepEqual(await answers(urlOf(address.local, 8000), 4), [['director1', 4]]);
});

for (const [name, vipOf] of [
  ['IPv4, direct', vip.direct],
  ['IPv4, NAT', vip.nat],
  ['IPv6, direct', vip.six.direct],
  ['IPv6, NAT', vip.six.nat],
] as const) {
  test(`datagrams of one client stay with one server, others go to the other: ${name}`, async t => {
    const texts = Array.from({ length: 5 }, (_, index) => `question ${index}`);
    const seen = new Set<string>();
    while (seen.size < 2) {
      const answered = new Set(await askDatagrams(vipOf, UDP_PORT, texts));
      t.is(answered.size, 1);
      for (const server of answered) seen.add(server);
    }
    t.deepEqual([...seen].sort(), ['web1', 'web2']);
  });
}

for (const [name, vipOf] of [
  ['direct', vip.direct],
  ['NAT', vip.nat],
] as const) {
  test(`associations of SCTP are balanced: ${name}`, async t => {
    const seen: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const ask = [sctp, 'ask', vipOf, String(SCTP_PORT)];
      seen.push((await run(inNamespace(client.name, ask))).trim());
    }
    t.is(new Set(seen).size, 2, seen.join(' '));
  });
}

test('with ops every datagram is scheduled by itself', async t => {
  const texts = Array.from({ length: 8 }, (_, index) => `question ${index}`);
  const seen = await askDatagrams(vip.direct, ONE_PACKET_PORT, texts);
  t.deepEqual([...new Set(seen)].sort(), ['web1', 'web2'], seen.join(' '));
});

test('calls of SIP stay with their server by their Call-ID', async t => {
  const call = (id: string) =>
    `OPTIONS sip:service@lab.example SIP/2.0\r\nVia: SIP/2.0/UDP ${client.outside}\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\n\r\n`;
  const ids = Array.from({ length: 6 }, (_, index) => `call-${index}@lab.example`);
  // Each from a port of its own: one that had another call before would go with that one, as its connection is still known.
  let port = 20_000;
  const servers = async () => {
    const seen: string[] = [];
    for (const id of ids) seen.push(...(await askDatagrams(vip.direct, SIP_PORT, [call(id)], port++)));
    return seen;
  };
  const before = await servers();
  t.deepEqual([...new Set(before)].sort(), ['web1', 'web2']);
  t.deepEqual(await servers(), before);
});

test('a firewall mark makes one service of several ports of IPv6', async t => {
  for (const port of [80, 8000]) {
    const url = urlOf(address.marked6, port);
    await untilServed(lab(), url, 2, 60_000);
  }
  t.is((await lab().client.get(urlOf(address.marked6, 8080))).server, null);
});

test('a group answers on each of its addresses and ports', async t => {
  for (const [vipOf, port] of [
    [address.group[0], 80],
    [address.group[1], 80],
    [address.group[0], 8000],
  ] as const) {
    await untilServed(lab(), urlOf(vipOf, port), 2, 60_000);
  }
  t.is((await lab().client.get(urlOf(address.group[1], 8000))).server, null);
});

test('a sorry server answers while no real server does', async t => {
  const { shell } = first(lab());
  const url = urlOf(address.sorry, 80);
  const listed = (server: string) => `ipvsadm -Sn | grep -q -e "-t ${address.sorry}:80 -r ${server}:80 "`;
  const only = (server: string, rest: string) =>
    shell.must(`until ${listed(server)} && ! ${listed(rest)}; do sleep 1; done`, 60_000);
  await only(web2.inside, web1.inside);
  t.deepEqual(await answers(url, 4), [['web2', 4]]);
  await shell.must('touch /tmp/well');
  await only(web1.inside, web2.inside);
  t.deepEqual(await answers(url, 4), [['web1', 4]]);
  await shell.must('rm /tmp/well');
  await only(web2.inside, web1.inside);
  t.deepEqual(await answers(url, 4), [['web2', 4]]);
});

async function saveTable(): Promise<string[]> {
  const saved = await first(lab()).shell.must('ipvsadm -Sn');
  return saved
    .trim()
    .split('\n')
    .map(line => line.trimEnd());
}

test('ipvsadm shows every setting as it was configured', async t => {
  const others = [vip.direct, vip.nat].map(each => ` -t ${each}:80 `);
  const lines = (await saveTable()).filter(line => !others.some(other => line.includes(other)));
  t.deepEqual(lines.sort(), [...savedTable].sort());
  const thresholds = await first(lab()).shell.must('ipvsadm -Ln --thresholds');
  t.regex(thresholds, new RegExp(`${web1.outside}:9001 +100 +50 `));
});

/** Without its warning: as one of two directors the one that serves itself would need a sync daemon. */
const plan = 'director plan /run/director/director.conf 2> /dev/null';

test('nothing in the table differs from what was configured, whatever the kernel made of it', async t => {
  t.is(await first(lab()).shell.must(plan), 'nothing to change\n');
});

const repairs = async () => (await ask<CheckerStatus>(first(lab()), 'services')).repairs;
const untilLogged = (text: string) =>
  first(lab()).shell.must(`until grep -q "${text}" /var/log/messages; do sleep 1; done`, 60_000);

test('a table that ipvsadm has saved and restored is the same table', async t => {
  const { shell } = first(lab());
  const before = await saveTable();
  const count = await repairs();
  // While the process that looks after the table stands still, for less time than its supervisor would wait.
  const checker = `$(grep -l '^director: checker' /proc/[0-9]*/cmdline | cut -d/ -f3)`;
  await shell.must(`checker=${checker}; ipvsadm -Sn > /tmp/saved; kill -STOP $checker
ipvsadm -C; ipvsadm -R < /tmp/saved; status=$?; kill -CONT $checker; test $status = 0`);
  t.deepEqual(await saveTable(), before);
  // Which has no word for thresholds when it saves.
  t.true((await repairs()) - count <= 1);
  await shell.must(
    `until ipvsadm -Ln --thresholds | grep -q "${web1.outside}:9001 *100 *50 "; do sleep 1; done`,
    60_000,
  );
  t.is((await repairs()) - count, 1);
  t.is(await shell.must(plan), 'nothing to change\n');
});

test('a weight set by hand stays where that is wanted, is put right elsewhere, and both are told', async t => {
  const { shell } = first(lab());
  const edit = (port: number) => `ipvsadm -e -t ${address.tunnel}:${port} -r ${web1.outside}:${port} -g -w 7`;
  const weight = (port: number, value: number) =>
    `ipvsadm -Sn | grep -q -e "-t ${address.tunnel}:${port} -r ${web1.outside}:${port} -g -w ${value}"`;
  await shell.must(`${edit(9002)}; ${edit(9003)}`);
  await untilLogged(`stay: change ${web1.outside}:9002 of TCP ${address.tunnel}:9002: weight 3 becomes 7`);
  await untilLogged(
    `put right: change ${web1.outside}:9003 of TCP ${address.tunnel}:9003: weight 7 becomes 3`,
  );
  await shell.must(`${weight(9002, 7)} && ${weight(9003, 3)}`);
  t.is(await shell.must(plan), 'nothing to change\n');
});

test('a configuration comes into force in part', async t => {
  const { shell } = first(lab());
  const own = `${address.tunnel}:9003`;
  const line = (host: string, weight: number) => `-a -t ${own} -r ${host}:9003 -g -w ${weight}`;
  /** Waits until these are the servers of the service. */
  const until = async (...lines: string[]) => {
    const wanted = lines.map(each => `${each}\n`).join('');
    await shell.must(`cat > /tmp/wanted <<'END'\n${wanted}END`);
    const now = `ipvsadm -Sn | grep -e "-a -t ${own} " | sed 's/ *$//' > /tmp/now`;
    await shell.must(`until ${now}; cmp -s /tmp/wanted /tmp/now; do sleep 0.5; done`, 60_000);
  };
  const real = (host: string) => `/real_server ${host} 9003 {/,/}/`;
  const sed = `sed -e '${real(web1.outside)}s/weight 3/weight 8/' -e '${real(web2.outside)}d'`;
  await shell.must(`${sed} /run/director/director.conf > /tmp/new.conf`);
  const change = `IPVS table\n  change ${web1.outside}:9003 of TCP ${own}: weight 3 becomes 8\n`;
  t.is(await shell.must('director plan --only weight /tmp/new.conf 2> /dev/null'), change);
  await until(line(web1.outside, 3), line(web2.outside, 3));
  t.is(await shell.must('director apply --only weight,add /tmp/new.conf 2> /dev/null'), change);
  await until(line(web1.outside, 8), line(web2.outside, 3));
  t.is(
    await shell.must('director apply /tmp/new.conf 2> /dev/null'),
    `IPVS table\n  delete ${web2.outside}:9003 of TCP ${own}\n`,
  );
  await until(line(web1.outside, 8));
  await shell.must('director reload');
  await until(line(web1.outside, 3), line(web2.outside, 3));
});
