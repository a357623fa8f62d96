// A group of directors on a VLAN that their configuration makes: the kernel of the board has VLANs, that of the lab may have none.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import test from 'ava';
import type { Director } from '../../scripts/lab/lab.ts';
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { type DirectorPlan, tapName } from '../../scripts/lab/plan.ts';
import type { VrrpStatus } from '../../src/director/protocol.ts';
import { ask, first, second, useLab } from './lab.ts';

const VIP = '203.0.113.100';
/** At the virtual MAC of its group, on a macvlan interface over the VLAN. */
const MAC_VIP = '203.0.113.101';
const VIRTUAL_MAC = '00:00:5e:00:01:38';
const address = ({ outside }: DirectorPlan) => outside.replace('192.0.2', '203.0.113');

const lab = useLab(test, {
  more: director => `
interface eth0.5 {
  address ${address(director)}/24
}

vrrp_instance tagged {
  interface eth0.5
  virtual_router_id 55
  priority ${director.priority}
  version 3
  advert_int 0.1
  virtual_ipaddress {
    ${VIP}/24
  }
}

vrrp_instance mac {
  interface eth0.5
  virtual_router_id 56
  priority ${director.priority}
  version 3
  advert_int 0.1
  use_vmac
  virtual_ipaddress {
    ${MAC_VIP}/24
  }
}
`,
});

const untilMaster = ({ shell }: Director) =>
  shell.must('until director vrrp tagged | grep -q "state *MASTER"; do sleep 1; done', 60_000);

async function tagged(director: Director) {
  const { instances } = await ask<VrrpStatus>(director, 'vrrp');
  return instances.find(({ name }) => name === 'tagged');
}

/** What the port of a director carries of VRRP: `count` lines of tcpdump. */
async function onTheWire({ plan }: Director, count: number): Promise<string[]> {
  const options = ['-i', tapName(plan.name, 'outside'), '-l', '-n', '-e', '-t', '-Z', 'root'];
  const [program, ...args] = inNamespace('switch', ['tcpdump', ...options, '-c', String(count)]);
  const tcpdump = spawn(program, [...args, 'ip proto 112 or (vlan and ip proto 112)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: tcpdump.stdout })) lines.push(line);
  return lines;
}

test.before('the first is master on the VLAN, the second hears it there', async () => {
  await untilMaster(first(lab()));
  const hears = `director vrrp tagged | grep -q "master *${address(first(lab()).plan)}, priority 150"`;
  await second(lab()).shell.must(`until ${hears}; do sleep 1; done`, 60_000);
});

test.serial('the interface is what the configuration asks for, and stays so', async t => {
  for (const { shell } of lab().directors) {
    t.regex(await shell.must('cat /proc/net/vlan/eth0.5'), /VID: 5\b[\s\S]*Device: eth0\b/);
    t.is(await shell.must('cat /sys/class/net/eth0.5/netdev_group'), '19\n');
    t.is(await shell.must('cat /sys/class/net/eth0.5/mtu'), '1500\n');
    t.notRegex(await shell.must('director plan'), /network\n/);
  }
  t.like(await tagged(second(lab())), { state: 'BACKUP' });
});

test.serial('advertisements carry the tag', async t => {
  const lines = await onTheWire(first(lab()), 40);
  const ofVlan = lines.filter(line => line.includes(`${address(first(lab()).plan)} > 224.0.0.18`));
  t.true(ofVlan.length > 5, lines.join('\n'));
  for (const line of ofVlan) t.regex(line, /> 01:00:5e:00:00:12, .*802\.1Q .*vlan 5,/);
  for (const line of lines) t.is(line.includes('vlan'), line.includes('203.0.113.'));
});

test.serial('the virtual address answers on the VLAN, with full packets', async t => {
  const { shell } = second(lab());
  t.regex(await shell.must(`ping -c 3 -s 1472 ${VIP}`), / 0% packet loss/);
  t.regex(await shell.must('ip neigh show dev eth0.5'), new RegExp(VIP));
  t.notRegex(await shell.must('ip neigh show dev eth0'), new RegExp(VIP));
  await shell.must(`until ping -c 1 ${MAC_VIP}; do sleep 1; done`);
  t.regex(await shell.must('ip neigh show dev eth0.5'), new RegExp(`${MAC_VIP}.* ${VIRTUAL_MAC}`));
});

test.serial(
  'a VLAN goes with its block, comes back with it, and is made again when somebody removes it',
  async t => {
    const { shell } = second(lab());
    const config = '/run/director/director.conf';
    // Everything from the block on is of the VLAN.
    await shell.must(`sed '/^interface eth0.5/,$d' ${config} > /tmp/less.conf`);
    t.regex(await shell.must('director plan /tmp/less.conf'), /network\n {2}delete eth0\.5\n/);
    await shell.must('director reload /tmp/less.conf');
    await shell.must('while [ -e /sys/class/net/eth0.5 ]; do sleep 1; done');
    t.regex(await shell.must(`director plan ${config}`), /add eth0\.5, VLAN 5 of eth0\n {2}set eth0\.5 up\n/);
    await shell.must(`director reload ${config}`);
    await shell.must('ip link delete eth0.5');
    for (const each of [VIP, MAC_VIP]) await shell.must(`until ping -c 1 ${each}; do sleep 1; done`);
    await shell.must('ip link set eth0 mtu 1400; ip link set eth0 mtu 1500');
    await shell.must('until grep -q 1500 /sys/class/net/eth0.5/mtu; do sleep 1; done');
    const hears = `director vrrp tagged | grep -q "master *${address(first(lab()).plan)}, priority 150"`;
    await shell.must(`until ${hears}; do sleep 1; done`);
    t.like(await tagged(second(lab())), { state: 'BACKUP' });
  },
);

test.serial('the second takes over on the VLAN when the first loses power, and hands back', async t => {
  const [one, other] = [first(lab()), second(lab())];
  await one.machine.powerOff();
  await untilMaster(other);
  await other.shell.must(`until ip address show dev eth0.5 | grep -q ${VIP}; do sleep 1; done`);
  await other.shell.must(`until ip address show dev vrrp.56 | grep -q ${MAC_VIP}; do sleep 1; done`);
  await lab().restart(one);
  await untilMaster(one);
  await one.shell.must(`until ip address show dev eth0.5 | grep -q ${VIP}; do sleep 1; done`);
  t.regex(await other.shell.must(`ping -c 3 ${VIP}`), / 0% packet loss/);
});
