// What IPVS and nf_tables of the board's kernel do with real packets, as configured.
import test from 'ava';
import { answersPerServer } from '../../scripts/lab/gap.ts';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { client, vip, webs } from '../../scripts/lab/plan.ts';
import { run, start } from '../../scripts/lab/process.ts';
import type { CheckerStatus, ServiceStatus } from '../../src/director/protocol.ts';
import { ask, first, untilMaster, useLab } from './lab.ts';

const schedulers = 'rr wrr lc wlc fo ovf lblc lblcr dh sh mh sed nq twos'.split(' ');
const [web1, web2] = webs;
const marked = `http://${vip.strict}`;

const lab = useLab(test, {
  count: 1,
  more: `
virtual_server ${vip.tunnel} 80 {
  lb_algo rr
  lb_kind TUN
  protocol TCP
  real_server ${web1.outside} 80 {
    weight 1
  }
}

# Services that differ in their scheduler only
${schedulers
  .map(
    (scheduler, index) => `
virtual_server ${vip.direct} ${1001 + index} {
  lb_algo ${scheduler}
  lb_kind DR
  protocol TCP
  real_server ${web1.outside} ${1001 + index} {
    weight 2
  }
  real_server ${web2.outside} ${1001 + index} {
    weight 1
  }
}`,
  )
  .join('\n')}

vrrp_instance strict {
  interface eth0
  virtual_router_id 52
  priority 150
  version 3
  advert_int 0.2
  no_accept
  virtual_ipaddress {
    ${vip.strict}/24
  }
}

mark 7 {
  protocol TCP
  destination ${vip.strict}
  port 80 8000-8100
}

virtual_server fwmark 7 {
  lb_algo rr
  lb_kind NAT
  real_server ${web1.inside} 80 {
    weight 1
  }
  real_server ${web2.inside} 80 {
    weight 1
  }
}

masquerade 198.51.100.0/24 {
  interface eth0
}
`,
});

test.before('the services are up', async () => {
  await untilMaster(first(lab()));
  for (const url of [...Object.values(services), `${marked}/`]) await untilServed(lab(), url, 2, 60_000);
});

for (const [name, url] of Object.entries(services)) {
  test(`requests are balanced in turn: ${name}`, async t => {
    const counts = answersPerServer(await lab().client.getMany(url, 40));
    t.deepEqual([...counts.keys()], ['web1', 'web2']);
    t.deepEqual([...counts.values()], [20, 20]);
  });
}

test('a tunnelled service sends IP in IP to its real server', async t => {
  const capture = ['timeout', '30', 'tcpdump', '-l', '-n', '-c', '1', '-i', 'outside', 'ip', 'proto', '4'];
  const packet = run(inNamespace(web1.name, capture));
  const load = lab().client.load(`http://${vip.tunnel}/`, 200);
  try {
    // The director keeps the client's address on the inner packet.
    t.regex(await packet, new RegExp(`> ${web1.outside}: IP ${client.outside}\\.\\d+ > ${vip.tunnel}\\.80`));
  } finally {
    await load.stop();
  }
});

test('the kernel takes all 14 schedulers', async t => {
  const table = await first(lab()).shell.must('ipvsadm -Sn');
  const taken = schedulers.filter((scheduler, index) =>
    table.includes(`-A -t ${vip.direct}:${1001 + index} -s ${scheduler}\n`),
  );
  t.deepEqual(taken, schedulers);
});

/** A service as `ipvsadm -Sn` saves it. */
function savedLines({ key, scheduler, realServers }: ServiceStatus): string[] {
  const service = key.kind === 'fwmark' ? `-f ${key.mark}` : `-t ${key.address}:${key.port}`;
  const methods: Record<string, string> = { DR: '-g', NAT: '-m', TUN: '-i' };
  return [
    `-A ${service} -s ${scheduler}`,
    ...realServers.map(
      ({ address, port, forwarding, weight }) =>
        `-a ${service} -r ${address}:${port} ${methods[forwarding]} -w ${weight}`,
    ),
  ];
}

test('director services shows what ipvsadm shows', async t => {
  const saved = (await first(lab()).shell.must('ipvsadm -Sn')).trim().split('\n');
  const status = await ask<CheckerStatus>(first(lab()), 'services');
  // A tunnelled server's line ends with the kind of its tunnel.
  const lines = saved.map(line => line.replace(/ --tun-type \w+/, '').trimEnd());
  t.deepEqual(lines.sort(), status.services.flatMap(savedLines).sort());
});

test('a firewall mark makes one service of several ports', async t => {
  // Behind a mark the real server gets the port that the client asked for (ipvsadm(8), --fwmark-service).
  for (const port of [80, 8000, 8080]) {
    const counts = answersPerServer(await lab().client.getMany(`${marked}:${port}/`, 4));
    t.deepEqual([...counts.keys()], ['web1', 'web2'], `port ${port}`);
  }
  t.is((await lab().client.get(`${marked}:8101/`)).server, null);
});

test('no_accept: the address takes its services and nothing else', async t => {
  const ping = (address: string) => run(inNamespace(client.name, ['ping', '-c', '2', '-W', '1', address]));
  await t.throwsAsync(ping(vip.strict));
  await t.notThrowsAsync(ping(vip.direct));
  t.truthy((await lab().client.get(`${marked}/`)).server);
});

test('masquerade: a real server reaches out with the address of the director', async t => {
  const code = `require('node:http').createServer((request, response) => response.end(request.socket.remoteAddress))
    .listen(9000, '${client.outside}')`;
  const listener = start('listener', inNamespace(client.name, [process.execPath, '-e', code]));
  const retry = ['--retry', '20', '--retry-delay', '1', '--retry-connrefused', '--max-time', '20'];
  const curl = ['curl', '-s', ...retry, '--interface', web1.inside, `http://${client.outside}:9000/`];
  try {
    t.is(await run(inNamespace(web1.name, curl)), first(lab()).plan.outside);
  } finally {
    await listener.kill();
  }
});

test('a real server that fails its check leaves the table, and returns', async t => {
  const { shell } = first(lab());
  const [server] = lab().webs;
  const listed = `ipvsadm -Sn | grep -q -e "-r ${web1.outside}:80 -g -w 1"`;
  // nginx stopped by a signal takes connections, as the kernel does that, and answers nothing.
  process.kill(server?.pid ?? 0, 'SIGSTOP');
  try {
    await shell.must(`while ${listed}; do sleep 1; done`, 60_000);
    t.deepEqual([...answersPerServer(await lab().client.getMany(services.direct, 10))], [['web2', 10]]);
  } finally {
    process.kill(server?.pid ?? 0, 'SIGCONT');
  }
  await shell.must(`until ${listed}; do sleep 1; done`, 60_000);
  for (const url of Object.values(services)) await untilServed(lab(), url, 2, 60_000);
});

test('what somebody changes in the table by hand is put right', async t => {
  const { shell } = first(lab());
  const before = await shell.must('ipvsadm -Sn');
  await shell.must(`ipvsadm -d -t ${vip.nat}:80 -r ${web1.inside}:80 && ipvsadm -A -t 203.0.113.1:99 -s rr`);
  const same = 'ipvsadm -Sn > /tmp/now; cmp -s /tmp/before /tmp/now';
  await shell.must(`cat > /tmp/before <<'END'\n${before}END`);
  await shell.must(`until ${same}; do sleep 1; done`, 60_000);
  t.is(await shell.must('ipvsadm -Sn'), before);
});

for (const [name, line] of Object.entries({
  'a misspelt keyword': 'virtual_sever 192.0.2.100 99 { }',
  'a bad address': 'interface eth2 { address 192.0.2.300/24 }',
  'a duplicate virtual server': `virtual_server ${vip.direct} 80 { lb_kind DR }`,
})) {
  test(`a configuration with ${name} is refused with its position, and nothing changes`, async t => {
    const { shell } = first(lab());
    const state = 'ipvsadm -Sn; pidof director; ip -4 address show dev eth0 | grep inet';
    const before = await shell.must(state);
    const file = '/run/director/director.conf';
    await shell.must(`cp ${file} /tmp/good.conf; wc -l < ${file}`);
    try {
      await shell.must(`echo '${line}' >> ${file}`);
      const last = Number(await shell.must(`wc -l < ${file}`));
      const { status, output } = await shell.run('director reload');
      t.is(status, 2, output);
      t.regex(output, new RegExp(`director\\.conf:${last}:\\d+`));
      t.is(await shell.must(state), before);
    } finally {
      await shell.must(`cp /tmp/good.conf ${file}`);
    }
  });
}

test('nothing of this was written to the card', async t => {
  t.is(await first(lab()).machine.sectorsWritten(), 0);
});
