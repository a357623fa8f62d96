// The hardware watchdog (QEMU's i6300esb): what stands still takes the board down, and up again, and is known afterwards.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type CommittingBoard, newCard, powerOnCommitting, relogin } from '../../scripts/lab/committing.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { images, logs } from './lab.ts';

const RESET = 300_000;

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

async function board(t: ExecutionContext): Promise<CommittingBoard> {
  t.timeout(900_000);
  const board = await powerOnCommitting(newCard(join(images, 'net4801.img')), {
    log: join(logs, 'watchdog.log'),
  });
  t.teardown(() => board.machine.powerOff());
  return board;
}

test('a supervisor that stands still has the board reset, which is told afterwards', async t => {
  const one = await board(t);
  t.regex(await one.shell.must('director status'), /\nno trouble\n/);
  // What ends the session comes back as a login prompt.
  one.machine.console.type(
    'kill -STOP $(head -n 1 /proc/[0-9]*/cmdline | grep -B 1 "^director: supervisor" | tr -dc 0-9)\r',
  );
  const shell = await relogin(one, RESET);
  t.regex(
    await shell.must('director status'),
    /supervisor .* the watchdog has reset the board: the supervisor or the kernel stood still\n/,
  );
  t.is(await one.machine.sectorsWritten(), 0);
});

test('processes that stand still are started again, and status says why', async t => {
  const one = await board(t);
  const roles = ['vrrp', 'checker', 'control', 'telemetry'];
  for (const role of roles) {
    await one.shell.must(
      `kill -STOP $(head -n 1 /proc/[0-9]*/cmdline | grep -B 1 "^director: ${role}" | tr -dc 0-9)`,
    );
  }
  const started = 'director status 2>/dev/null | grep -c " 1 *killed: silent for "';
  await one.shell.must(`until [ "$(${started})" = ${roles.length} ]; do sleep 1; done`, 90_000);
  await one.shell.must('until director status | grep -q "^no trouble"; do sleep 1; done', 60_000);
  t.is(await one.machine.sectorsWritten(), 0);
});

test('processes that no restart brings back have the board reset, which is told by their names', async t => {
  const one = await board(t);
  // Somebody takes all of the processor that real-time processes leave: neither checker nor control get any, started anew or not.
  one.machine.console.type(
    "echo -1 >/proc/sys/kernel/sched_rt_runtime_us; chrt -f 30 sh -c 'while :; do :; done'\r",
  );
  const shell = await relogin(one, RESET);
  t.regex(
    await shell.must('director status'),
    // Whether telemetry had a turn in the last minute is chance.
    /supervisor .* the watchdog has reset the board: checker, control(, telemetry)? made no progress/,
  );
  t.is(await one.machine.sectorsWritten(), 0);
});

test('a reboot that was asked for, and a director that was stopped, leave nothing to tell', async t => {
  const one = await board(t);
  await one.shell.must(
    'director stop; sleep 1; until director status >/dev/null 2>&1; do sleep 1; done',
    120_000,
  );
  t.regex(await one.shell.must('director status'), /supervisor +\d+ .* -\n/);
  one.machine.console.type('reboot\r');
  const shell = await relogin(one, RESET);
  t.regex(await shell.must('director status'), /supervisor +\d+ .* -\n/);
});
