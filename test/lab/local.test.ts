// Two directors that are the real servers as well: the master balances between both, and the backup serves what it is sent.
import test from 'ava';
import { answersPerServer, type Sample } from '../../scripts/lab/gap.ts';
import { directors } from '../../scripts/lab/plan.ts';
import { ask, first, second, untilMaster, useLab } from './lab.ts';

const VIP = '192.0.2.120';
const URL = `http://${VIP}:8088/`;
const names = directors.map(({ name }) => name);

const lab = useLab(test, {
  count: 2,
  more: ({ priority }) => `
interface lo {
  address ${VIP}/32
}

vrrp_instance local {
  interface eth0
  virtual_router_id 54
  priority ${priority}
  version 3
  advert_int 0.2
  virtual_ipaddress {
    ${VIP}/24
  }
}

# The daemon that copies connections follows the instance lab, and who is its backup does not balance.
vrrp_sync_group both {
  group {
    lab
    local
  }
}

virtual_server ${VIP} 8088 {
  delay_loop 0.5
  lvs_sched rr
  lvs_method DR
  protocol TCP
${directors
  .map(
    ({ outside }) => `  real_server ${outside} 8088 {
    weight 1
    TCP_CHECK {
      connect_timeout 2
    }
  }`,
  )
  .join('\n')}
}
`,
});

test.before('a server runs on each director', async () => {
  for (const { shell, plan } of lab().directors) {
    await shell.must(`cat > /tmp/answer <<'END'
#!/bin/sh
while read -r line && [ "$line" != "$(printf '\\r')" ]; do :; done
printf 'HTTP/1.0 200 OK\\r\\n\\r\\n${plan.name}\\n'
END
chmod +x /tmp/answer; nc -ll -p 8088 -e /tmp/answer > /dev/null 2>&1 &`);
  }
  await untilMaster(first(lab()));
});

async function answers(count: number): Promise<Map<string, number>> {
  const samples: Sample[] = [];
  while (samples.length < count) samples.push(await lab().client.get(URL, 30_000));
  return answersPerServer(samples);
}

/** Waits until exactly these answer. */
async function untilAnswer(...servers: string[]): Promise<void> {
  const end = performance.now() + 90_000;
  for (;;) {
    const seen = [...(await answers(4)).keys()];
    if (seen.join() === servers.join()) return;
    if (performance.now() > end) throw new Error(`${seen.join()} instead of ${servers.join()}`);
  }
}

test("the master sends its peer what is the peer's, and no packet goes to and fro", async t => {
  await untilAnswer(...names);
  const counts = await answers(20);
  t.deepEqual(
    [...counts],
    names.map(name => [name, 10]),
  );
  for (const { shell } of lab().directors) {
    t.is(await shell.must('cat /proc/sys/net/ipv4/vs/backup_only'), '1\n');
  }
  const { repairs } = await ask<{ repairs: number }>(second(lab()), 'services');
  t.is(repairs, 0);
});

test('when the master has failed, its peer serves all', async t => {
  await first(lab()).machine.powerOff();
  await t.notThrowsAsync(untilAnswer(names[1]!));
});
