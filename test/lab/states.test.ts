// Real servers that are drained, rest, are replaced by the sorry server: with real connections, as the board's kernel counts them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { SCRATCH, untilServed } from '../../scripts/lab/lab.ts';
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { client, vip, webs } from '../../scripts/lab/plan.ts';
import { run, start } from '../../scripts/lab/process.ts';
import type { CheckerStatus, RealServerStatus, ServiceStatus } from '../../src/director/protocol.ts';
import { ask, first, untilMaster, useLab } from './lab.ts';

const [web1, web2] = webs;
const PORTS = { drained: 81, persistent: 82, replaced: 83, rested: 84 } as const;
const nameOf = (service: keyof typeof PORTS) =>
  `${service === 'persistent' ? 'UDP' : 'TCP'} ${vip.nat}:${PORTS[service]}`;

function virtualServer(service: keyof typeof PORTS, more: string): string {
  return `
virtual_server ${vip.nat} ${PORTS[service]} {
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol ${service === 'persistent' ? 'UDP' : 'TCP'}
${more}
}
`;
}

const bothOn = (port: number, check = '') =>
  webs.map(({ inside }) => `  real_server ${inside} ${port} {\n    weight 10\n    ${check}\n  }`).join('\n');

const lab = useLab(test, {
  count: 1,
  more: [
    'global_defs {\n  maintenance_dir /tmp/maintenance\n}',
    virtualServer('drained', bothOn(80)),
    virtualServer('persistent', `  persistence_timeout 60\n${bothOn(9)}`),
    // Nobody listens on port 81.
    virtualServer(
      'replaced',
      `${bothOn(81, 'TCP_CHECK {\n connect_timeout 1\n }')}
  sorry_server ${web2.inside} 80 {
    TCP_CHECK {
      connect_timeout 1
    }
  }`,
    ),
    virtualServer('rested', bothOn(80)),
  ].join('\n'),
});

test.before('the services are up', async () => {
  await untilMaster(first(lab()));
  await untilServed(lab(), `http://${vip.nat}:${PORTS.rested}/`, 2, 120_000);
});

async function statusOf(name: string): Promise<ServiceStatus> {
  const { services } = await ask<CheckerStatus>(first(lab()), 'services');
  const service = services.find(each => each.name === name);
  if (service === undefined) throw new Error(`${name} is not among ${services.map(each => each.name)}`);
  return service;
}

/** Waits until one of the service's real servers is so. */
async function until(name: string, isSo: (server: RealServerStatus) => boolean): Promise<RealServerStatus> {
  const end = performance.now() + 240_000;
  for (;;) {
    const { realServers } = await statusOf(name);
    const found = realServers.find(isSo);
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not so: ${JSON.stringify(realServers)}`);
    await sleep(300);
  }
}

const is = (address: string, state: RealServerStatus['state']) => (server: RealServerStatus) =>
  server.address === address && server.state === state;

async function answering(url: string, count: number): Promise<string[]> {
  const samples = await lab().client.getMany(url, count);
  return [...new Set(samples.map(({ server, error }) => server ?? error ?? 'nobody'))].sort();
}

const listed = (address: string, port: number, kind = '-t') =>
  `ipvsadm -Sn | grep -e "-a ${kind} ${vip.nat}:${port} -r ${address}:"`;

test('a drain lets a download go on, gives nobody else, and is over when the kernel has no connection left', async t => {
  const { shell } = first(lab());
  mkdirSync(join(SCRATCH, 'files'), { recursive: true });
  writeFileSync(join(SCRATCH, 'files', 'slow'), new Uint8Array(50_000_000));
  const base = `http://${vip.nat}:${PORTS.drained}/`;
  const curl = ['curl', '-sS', '--limit-rate', '20k', '-o', '/dev/null', `${base}files/slow`];
  const download = start('curl', inNamespace(client.name, curl));
  const { address } = await until(nameOf('drained'), ({ activeConnections }) => activeConnections === 1);
  const other = address === web1.inside ? web2 : web1;
  await shell.must(`director drain ${address} --service "${nameOf('drained')}" --no-wait`);
  t.like(await until(nameOf('drained'), is(address, 'draining')), {
    weight: 0,
    configuredWeight: 10,
    activeConnections: 1,
    drainLeft: null,
  });
  t.deepEqual(await answering(base, 6), [other.name]);
  t.regex(await shell.must(listed(address, PORTS.drained)), /-w 0/);
  await download.kill();
  const after = await until(nameOf('drained'), is(address, 'maintenance'));
  t.like(after, { reason: 'drain ordered: nobody is connected any more', activeConnections: null });
  t.is((await shell.run(listed(address, PORTS.drained))).status, 1);
  await shell.must(`director undrain ${address}`);
  await until(nameOf('drained'), is(address, 'up'));
  await untilServed(lab(), base, 2, 60_000);
});

test('a drain waits for inactive connections and for clients that would come back, unless its time is up', async t => {
  const { shell } = first(lab());
  const name = nameOf('persistent');
  await shell.must('ipvsadm --set 0 0 3');
  const send = () =>
    run(inNamespace(client.name, ['bash', '-c', `echo x > /dev/udp/${vip.nat}/${PORTS.persistent}`]));
  await send();
  const isBound = ({ persistentConnections }: RealServerStatus) => (persistentConnections ?? 0) > 0;
  const { address } = await until(name, isBound);
  await shell.must(`director drain ${address} --service "${name}" --no-wait`);
  const idle = await until(name, server => server.address === address && server.inactiveConnections === 0);
  t.like(idle, { state: 'draining', activeConnections: 0, persistentConnections: 1, weight: 0 });
  t.log(await shell.must('ipvsadm -Lnc'));
  t.is((await until(name, is(address, 'maintenance'))).reason, 'drain ordered: nobody is connected any more');
  await shell.must(`director undrain ${address}`);
  await until(name, is(address, 'up'));

  await send();
  const again = await until(name, isBound);
  const drained = await shell.must(
    `director drain ${again.address} --service "${name}" --timeout 5s`,
    120_000,
  );
  t.log(drained);
  t.is((await until(name, is(again.address, 'maintenance'))).reason, 'drain ordered: its time was up');
  t.is((await shell.run(listed(again.address, PORTS.persistent, '-u'))).status, 1);
  await shell.must(`director undrain ${again.address}`);
});

test('the sorry server answers while no real server does', async t => {
  const name = nameOf('replaced');
  await until(name, is(web1.inside, 'down'));
  await untilServed(lab(), `http://${vip.nat}:${PORTS.replaced}/`, 1, 120_000);
  t.deepEqual(await answering(`http://${vip.nat}:${PORTS.replaced}/`, 4), [web2.name]);
  const { quorum, sorryServer } = await statusOf(name);
  t.like(quorum, { up: false, weight: 0 });
  t.like(sorryServer, { address: web2.inside, state: 'sorry', weight: 1 });
});

test('a file in the maintenance directory takes a server out, and without it the server is back', async t => {
  const { shell } = first(lab());
  const name = nameOf('rested');
  const file = `/tmp/maintenance/${web1.inside}:80`;
  await shell.must(`mkdir -p /tmp/maintenance && touch ${file}`);
  await until(name, is(web1.inside, 'maintenance'));
  t.deepEqual(await answering(`http://${vip.nat}:${PORTS.rested}/`, 4), [web2.name]);
  await shell.must(`rm ${file}`);
  await until(name, is(web1.inside, 'up'));
  await untilServed(lab(), `http://${vip.nat}:${PORTS.rested}/`, 2, 60_000);
});

test('a drain goes on in a checker that was started again', async t => {
  const { shell } = first(lab());
  const name = nameOf('rested');
  await shell.must(`director drain ${web2.inside} --service "${name}" --timeout 2s --no-wait`);
  await until(name, is(web2.inside, 'maintenance'));
  const pid = await shell.must("ps | awk '/director: checke[r]/ {print $1}'");
  await shell.must(`kill -9 ${pid.trim()}`);
  await shell.must(`until director services >/dev/null; do sleep 1; done`, 60_000);
  await until(name, is(web2.inside, 'maintenance'));
  t.deepEqual(await answering(`http://${vip.nat}:${PORTS.rested}/`, 4), [web1.name]);
  await shell.must(`director undrain ${web2.inside}`);
  await until(name, is(web2.inside, 'up'));
});
