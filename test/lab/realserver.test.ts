// Hosts that are made ready by what `director realserver` prints on the board, and that the board's kernel then balances to.
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { vip, webs } from '../../scripts/lab/plan.ts';
import { ask, first, untilMaster, useLab } from './lab.ts';

const [web1, web2] = webs;
const TIMEOUTS = 'ipvsadm -L --timeout';

const lab = useLab(test, { count: 1, more: 'global_defs {\n  lvs_timeouts tcp 3600 udp 60\n}' });

interface Prescribed {
  readonly hosts: readonly { readonly commands: readonly string[]; readonly check: string }[];
}

async function prescribed(address: string) {
  const { hosts } = await ask<Prescribed>(first(lab()), `realserver ${address}`);
  return hosts[0]!;
}

/** Runs a script on a host. */
function run(host: string, script: string): { readonly status: number | null; readonly output: string } {
  const [program = '', ...args] = inNamespace(host, ['sh', '-s']);
  const { status, stdout, stderr } = spawnSync(program, args, { input: script, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

test.before('the director is master', async () => {
  await untilMaster(first(lab()));
  for (const { name, inside } of webs) {
    // Nothing is left of what the lab does for its hosts.
    const undone = `ip address delete ${vip.direct}/32 dev lo
      echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore
      echo 0 >/proc/sys/net/ipv4/conf/all/arp_announce
      ip rule delete from ${inside} lookup 100`;
    const { status, output } = run(name, undone);
    if (status !== 0) throw new Error(output);
  }
});

test.serial('by DR', async t => {
  for (const { name, outside } of webs) {
    const { commands, check } = await prescribed(outside);
    t.is(run(name, check).status, 1);
    t.deepEqual(run(name, commands.join('\n')), { status: 0, output: '' });
    const { status, output } = run(name, check);
    t.is(status, 0, output);
  }
  await untilServed(lab(), services.direct, 2, 120_000);
  t.pass();
});

test.serial('by NAT, on a host that has no other way out', async t => {
  // The other one answers clients nearby past the director.
  t.is(run(web1.name, 'ip link set inside down').status, 0);
  t.is(run(web2.name, 'ip link set outside down').status, 0);
  const { commands, check } = await prescribed(web2.inside);
  t.regex(run(web2.name, check).output, /^MISSING {2}answers go through 198\.51\.100\.1$/m);
  t.deepEqual(run(web2.name, commands.join('\n')), { status: 0, output: '' });
  const { status, output } = run(web2.name, check);
  t.is(status, 0, output);
  await untilServed(lab(), services.nat, 1, 120_000);
});

test('timeouts of connections are set, and put right when somebody changes them', async t => {
  const { shell } = first(lab());
  t.regex(await shell.must(TIMEOUTS), /: 3600 120 60/);
  await shell.must('ipvsadm --set 100 0 0');
  await shell.must(`until ${TIMEOUTS} | grep -q ': 3600 120 60'; do sleep 1; done`, 120_000);
  t.pass();
});
