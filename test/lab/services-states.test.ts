// What becomes of real servers that fail and come back, in the table of the board's kernel: inhibited, ramped up, damped; who is told of
// the quorum; and what a reload leaves alone.
import test from 'ava';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import { vip, webs } from '../../scripts/lab/plan.ts';
import type { CheckerStatus, RealServerStatus } from '../../src/director/protocol.ts';
import { holdConnections } from './held.ts';
import { ask, first, untilMaster, useLab } from './lab.ts';

const [web1, web2] = webs;

const TCP_PORT = 8000;
const RAMP_PORT = 2001;
const INHIBITED_PORT = 2002;
const QUORUM_PORT = 2003;
const DAMPED_PORT = 2004;

function service(port: number, lines: string, server: string): string {
  const servers = webs.map(
    web => `  real_server ${web.outside} ${port} {
    name ${web.name}
    ${server.replaceAll('NAME', web.name)}
  }`,
  );
  return `
virtual_server ${vip.direct} ${port} {
  delay_loop 0.5
  lvs_sched rr
  lvs_method DR
  protocol TCP
  ${lines}
${servers.join('\n')}
}
`;
}

const file = (name: string) => `MISC_CHECK {
      misc_path "test -e /tmp/${name}"
    }`;

const lab = useLab(test, {
  count: 1,
  more: `
global_defs {
  lvs_timeouts tcp 3600 tcpfin 3
}
${service(TCP_PORT, '', 'weight 1')}
${service(RAMP_PORT, 'slow_start 40', `weight 100\n    ${file('ramp-NAME')}`)}
${service(INHIBITED_PORT, '', `weight 5\n    inhibit_on_failure\n    ${file('inhibit-NAME')}`)}
${service(
  QUORUM_PORT,
  'quorum 2\n  quorum_up "/tmp/told up"\n  quorum_down "/tmp/told down"',
  `weight 1\n    ${file('quorum-NAME')}`,
)}
${service(
  DAMPED_PORT,
  'flap_damping {\n    penalty 1000\n    half_life 600\n    suppress 1500\n    reuse 500\n  }',
  `weight 1\n    ${file('damped-NAME')}`,
)}
`,
});

test.before('the services are up', async () => {
  await first(lab()).shell.must(`cat > /tmp/told <<'END'
#!/bin/sh
echo $1 >> /tmp/quorum
END
chmod +x /tmp/told; touch /tmp/quorum`);
  await untilMaster(first(lab()));
  await untilServed(lab(), services.direct, 2, 60_000);
  await untilServed(lab(), `http://${vip.direct}:${TCP_PORT}/`, 2, 60_000);
});

/** Waits for a command to succeed on the board. */
function until(command: string): Promise<string> {
  return first(lab()).shell.must(`until ${command}; do sleep 0.5; done`, 120_000);
}

const listed = (port: number, server: string, weight: number | '[0-9]*') =>
  `ipvsadm -Sn | grep -q -e "-t ${vip.direct}:${port} -r ${server}:${port} -g -w ${weight}\\$"`;
const absent = (port: number, server: string) => `! ${listed(port, server, '[0-9]*')}`;

async function serverOf(port: number, host: string): Promise<RealServerStatus> {
  const status = await ask<CheckerStatus>(first(lab()), 'services');
  const found = status.services
    .filter(({ key }) => key.kind === 'address' && key.address === vip.direct && key.port === port)
    .flatMap(({ realServers }) => realServers)
    .find(({ address }) => address === host);
  if (!found) throw new Error(`there is no ${host}:${port}`);
  return found;
}

/** Prints the weight that the kernel has for web1. */
const weight = (port: number) => `ipvsadm -Sn | sed -n "s/.*:${port} -r ${web1.outside}:${port} -g -w //p"`;

/** The weights of web1 in the order in which the kernel has them, until it is `last`. */
async function weightsUntil(port: number, last: number): Promise<number[]> {
  const watch = `until [ "$weight" = ${last} ]; do weight=$(${weight(port)}); echo $weight; sleep 0.2; done`;
  const lines = (await first(lab()).shell.must(watch, 120_000)).split('\n');
  return lines.map(Number).filter(value => value > 0);
}

test('a server that comes back gets its weight by and by, and a reload disturbs nothing', async t => {
  const { shell } = first(lab());
  await shell.must('touch /tmp/ramp-web1');
  await until(listed(RAMP_PORT, web1.outside, 100));
  await shell.must('rm /tmp/ramp-web1');
  await until(absent(RAMP_PORT, web1.outside));
  const held = await holdConnections(vip.direct, TCP_PORT, 2);
  await shell.must(`director drain web2 --service "TCP ${vip.direct}:${TCP_PORT}" --no-wait`);
  await shell.must('touch /tmp/ramp-web1');
  await until(`[ "$(${weight(RAMP_PORT)})" -ge 20 ] 2> /dev/null`);
  const before = Number(await shell.must(weight(RAMP_PORT)));
  const changed = `sed '/virtual_server ${vip.direct} ${TCP_PORT} {/,/^}/s/lvs_sched rr/lvs_sched wrr/'`;
  await shell.must(`${changed} /run/director/director.conf > /tmp/new.conf; director reload /tmp/new.conf`);
  const weights = await weightsUntil(RAMP_PORT, 100);
  t.true(weights[0]! >= before, `${before}, then ${weights.join(' ')}`);
  t.deepEqual(
    weights,
    [...weights].sort((a, b) => a - b),
  );
  t.true(new Set([before, ...weights]).size >= 3, `${before}, then ${weights.join(' ')}`);
  t.like(await serverOf(TCP_PORT, web2.outside), { state: 'draining', activeConnections: 1, weight: 0 });
  t.is(held.closed, 0);
  t.regex(await shell.must('ipvsadm -Sn'), new RegExp(`-A -t ${vip.direct}:${TCP_PORT} -s wrr`));
  await shell.must('director reload; director undrain web2');
  await until(listed(TCP_PORT, web2.outside, 1));
  t.is((await serverOf(TCP_PORT, web2.outside)).activeConnections, 1);
  t.is(held.closed, 0);
  await held.close();
});

test('an inhibited server keeps its connections and gets no new ones', async t => {
  const { shell } = first(lab());
  await shell.must('touch /tmp/inhibit-web1');
  await until(listed(INHIBITED_PORT, web1.outside, 5));
  await shell.must('rm /tmp/inhibit-web1');
  await until(listed(INHIBITED_PORT, web1.outside, 0));
  t.is((await serverOf(INHIBITED_PORT, web1.outside)).state, 'down');
  await shell.must('touch /tmp/inhibit-web1');
  await until(listed(INHIBITED_PORT, web1.outside, 5));
});

test('programs are told of the quorum', async t => {
  const { shell } = first(lab());
  const told = (text: string) => until(`[ "$(tail -n 1 /tmp/quorum)" = ${text} ]`);
  await shell.must('touch /tmp/quorum-web1 /tmp/quorum-web2');
  await told('up');
  await shell.must('rm /tmp/quorum-web2');
  await told('down');
  await shell.must('touch /tmp/quorum-web2');
  await told('up');
  t.regex(await shell.must('cat /tmp/quorum'), /^(down\n)?up\ndown\nup\n$/);
});

test('a server that comes and goes stays out until it is forgiven', async t => {
  const { shell } = first(lab());
  // Without another server it would be needed, however often it was lost.
  await shell.must('touch /tmp/damped-web2');
  await until(listed(DAMPED_PORT, web2.outside, 1));
  for (let loss = 0; loss < 2; loss += 1) {
    await shell.must('touch /tmp/damped-web1');
    await until(listed(DAMPED_PORT, web1.outside, 1));
    await shell.must('rm /tmp/damped-web1');
    await until(absent(DAMPED_PORT, web1.outside));
  }
  await shell.must('touch /tmp/damped-web1');
  await until('director services | grep -q "web1 .*damped"');
  const { penalty } = await serverOf(DAMPED_PORT, web1.outside);
  t.true((penalty ?? 0) > 1500, String(penalty));
  t.is((await shell.run(listed(DAMPED_PORT, web1.outside, 1))).status, 1);
  await shell.must('director forgive web1');
  await until(listed(DAMPED_PORT, web1.outside, 1));
});

test('how long the kernel remembers connections is as configured, also when somebody changes it', async t => {
  const { shell } = first(lab());
  const timeouts = 'ipvsadm -Ln --timeout';
  t.regex(await shell.must(timeouts), /: 3600 3 300\b/);
  await shell.must('ipvsadm --set 900 120 0');
  await until(`${timeouts} | grep -q ": 3600 3 "`);
});
