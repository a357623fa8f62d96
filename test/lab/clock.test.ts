import test, { type ExecutionContext } from 'ava';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import type { Shell } from '../../scripts/lab/shell.ts';
import { first, untilMaster, useLab } from './lab.ts';

const lab = useLab(test, { count: 1 });

/** A reading of the board's clock, and between which moments of this machine's it was taken. Seconds. */
interface Reading {
  readonly guest: number;
  readonly from: number;
  readonly to: number;
}

/** Seconds that one reading may take: how long it took is not known of the clock. */
const QUICK = 0.3;

/** The reading comes over a serial line from a machine that shares its processor: one that took too long is taken again. */
async function read(shell: Shell): Promise<Reading> {
  for (;;) {
    const from = performance.now() / 1000;
    const guest = Number((await shell.must('cat /proc/uptime')).split(' ')[0]);
    const to = performance.now() / 1000;
    if (to - from < QUICK) return { guest, from, to };
  }
}

/** Two readings a minute apart. */
async function minute(shell: Shell): Promise<readonly [Reading, Reading]> {
  const before = await read(shell);
  await shell.must('sleep 60', 120_000);
  return [before, await read(shell)];
}

/** A minute of the board is as long as here, as far as the readings can tell. */
function agree(t: ExecutionContext, [before, after]: readonly [Reading, Reading]): void {
  const guest = after.guest - before.guest;
  const [least, most] = [after.from - before.to, after.to - before.from];
  const words = `guest ${guest.toFixed(2)} s, host ${least.toFixed(2)} to ${most.toFixed(2)} s`;
  t.log(words);
  t.true(guest > least - 0.1 && guest < most + 0.1, words);
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
