// Connection tracking on the real image: masquerading needs it, and what IPVS balances does without it unless that is wanted.
import test from 'ava';
import { answersPerServer, type Sample } from '../../scripts/lab/gap.ts';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import { client } from '../../scripts/lab/plan.ts';
import { first, untilMaster, useLab } from './lab.ts';

const lab = useLab(test, {
  count: 1,
  more: '\nmasquerade 198.51.100.0/24 {\n  interface eth0\n}\n',
});

test.before('the director is master', () => untilMaster(first(lab())));

/** Ten requests to each service; returns what the kernel then tracks of the client's connections. */
async function trackedOf(t: { is(a: unknown, b: unknown): void }): Promise<string> {
  const { shell } = first(lab());
  for (const url of Object.values(services)) {
    await untilServed(lab(), url, 2, 60_000);
    const samples: Sample[] = [];
    while (samples.length < 10) samples.push(await lab().client.get(url, 30_000));
    t.is(answersPerServer(samples).size, 2);
  }
  return (await shell.run(`grep '^ipv4 .* tcp .*=${client.outside} ' /proc/net/nf_conntrack`)).output;
}

test('what IPVS balances is tracked only when that is wanted, directly as well as by NAT', async t => {
  const { shell } = first(lab());
  t.is(await trackedOf(t), '');
  // It does track what it should: the director's own ping, for one.
  await shell.must(
    `ping -c 1 ${client.outside} >/dev/null && grep -q 'icmp .*=${client.outside} ' /proc/net/nf_conntrack`,
  );
  const config = "{ cat /run/director/director.conf; printf 'tuning {\\n  conntrack 1\\n}\\n'; } >/tmp/c";
  const said = await shell.must(`${config}; director reload /tmp/c 2>/dev/null`);
  t.regex(said, /^filter\n {2}delete untracked: /m);
  t.regex(said, /^ {2}net\.ipv4\.vs\.conntrack = 1 \(was 0\)$/m);
  t.regex(await trackedOf(t), /dport=80 /);
  t.regex(await shell.must('director reload 2>/dev/null'), /^ {2}net\.ipv4\.vs\.conntrack = 0, as before$/m);
});
