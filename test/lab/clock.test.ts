import test, { type ExecutionContext } from 'ava';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import type { Shell } from '../../scripts/lab/shell.ts';
import { first, untilMaster, useLab } from './lab.ts';

const lab = useLab(test, { count: 1 });

/** Seconds on both clocks between two readings a minute apart. */
async function minute(shell: Shell): Promise<{ host: number; guest: number }> {
  const read = async () => {
    const guest = Number((await shell.must('cat /proc/uptime')).split(' ')[0]);
    return { guest, host: performance.now() / 1000 };
  };
  const before = await read();
  await shell.must('sleep 60', 120_000);
  const after = await read();
  return { host: after.host - before.host, guest: after.guest - before.guest };
}

// The readings come over a serial line from a machine that shares its processor: half a second is theirs, not the clock's.
function agree(t: ExecutionContext, { host, guest }: { host: number; guest: number }): void {
  t.log(`guest ${guest.toFixed(2)} s, host ${host.toFixed(2)} s`);
  t.true(Math.abs(guest - host) < 0.5, `guest ${guest} s, host ${host} s`);
}

test('an idle board keeps time over a minute', async t => {
  t.timeout(200_000);
  agree(t, await minute(first(lab()).shell));
});

test('a loaded board keeps time over a minute', async t => {
  t.timeout(300_000);
  const { shell } = first(lab());
  await untilMaster(first(lab()));
  await untilServed(lab(), services.nat, 2, 60_000);
  const load = lab().client.load(services.nat, 10);
  await shell.must('(while :; do :; done) & echo $! > /tmp/spinner');
  try {
    agree(t, await minute(shell));
  } finally {
    await shell.run('kill $(cat /tmp/spinner); wait $(cat /tmp/spinner)');
    await load.stop();
  }
});

test('the clock source was not given up as unstable', async t => {
  const { shell } = first(lab());
  const source = await shell.must('cat /sys/devices/system/clocksource/clocksource0/current_clocksource');
  t.log(`clock source ${source.trim()}`);
  const complaints = await shell.run('dmesg | grep -i "clocksource.*unstable"');
  t.is(complaints.output, '');
});
